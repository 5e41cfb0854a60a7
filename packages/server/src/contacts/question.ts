import type { PhoneQuery } from '@linefinder/core'
import { parsePhone, variants, type ParsedPhone, type PhoneOptions, type PhoneSearch } from '@linefinder/core/phone'
import { withCountry } from '../crm/phone-options.js'
import { keysToFind } from '../directory/number-key.js'

/** What was asked, read once. */
export interface Question {
  readonly parsed: ParsedPhone
  /** The text as it was sent. */
  readonly raw: string
  /** E.164; `null` when the text is no full number. An internal number such as 205 is none. */
  readonly e164: string | null
  readonly extension: string | null
  /** Why it cannot be asked. */
  readonly wrong: { readonly field: '/phone' | '/country'; readonly message: string } | null
  /** Why nobody need be asked. */
  readonly reason: 'withheld' | 'own_number' | null
}

export interface Asked {
  readonly text: string
  readonly country?: string | undefined
  /** Where it came apart from the number. It counts before one in the text. */
  readonly extension?: string | undefined
}

/** Reads what was asked by its own country, else by the installation's settings. */
export function readQuestion({ text, country, extension }: Asked, installation: PhoneOptions): Question {
  const parsed = withExtension(parsePhone(text, withCountry(installation, country)), extension)
  return {
    parsed, raw: text, wrong: parsed.ok ? null : complaintAbout(parsed.reason),
    e164: parsed.ok && (parsed.isPossible || parsed.isValid) ? parsed.e164 : null,
    extension: parsed.ok ? parsed.extension : parsed.extension ?? null,
    reason: parsed.ok ? (parsed.isOwn && parsed.extension === null ? 'own_number' : null) : parsed.reason === 'withheld' ? 'withheld' : null,
  }
}

/** What the adapter gets. */
export const toPhoneQuery = ({ parsed, raw, e164, extension }: Question, search: PhoneSearch, phone: PhoneOptions): PhoneQuery => ({
  e164, raw, extension,
  variants: variants(parsed.ok ? (extension === null ? parsed.e164 : `${parsed.e164};ext=${extension}`) : raw, search, phone),
})

export const directoryKeysOf = ({ parsed, raw }: Question): string[] => keysToFind(parsed, raw)

function withExtension(parsed: ParsedPhone, extension: string | undefined): ParsedPhone {
  return extension === undefined || !parsed.ok ? parsed : { ...parsed, extension }
}

function complaintAbout(reason: Extract<ParsedPhone, { ok: false }>['reason']): Question['wrong'] {
  switch (reason) {
    case 'unknown_country': return { field: '/country', message: 'is no country' }
    case 'no_digits': return { field: '/phone', message: 'has no digits' }
    case 'too_long': return { field: '/phone', message: 'has more digits than any number' }
    case 'too_short': return { field: '/phone', message: 'has fewer digits than any number' }
    case 'several_numbers': return { field: '/phone', message: 'holds several numbers' }
    case 'not_a_number': return { field: '/phone', message: 'is no phone number' }
    // Asked all the same: the CRM may know the digits as they are.
    case 'no_country': case 'internal': case 'withheld': return null
  }
}

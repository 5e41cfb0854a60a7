import type { CrmAdapter, PhoneQuery } from '@linefinder/core'
import { parsePhone, variants, type PhoneOptions } from '@linefinder/core/phone'

/** What an adapter is asked with for a number, as a server makes it. */
export function queryOf(raw: string, { phoneSearch = 'e164' }: CrmAdapter, options: PhoneOptions): PhoneQuery {
  const parsed = parsePhone(raw, options)
  const extension = parsed.extension ?? null
  const full = parsed.ok && extension !== null ? `${parsed.e164};ext=${extension}` : parsed.ok ? parsed.e164 : raw
  return {
    e164: parsed.ok && (parsed.isPossible || parsed.isValid) ? parsed.e164 : null,
    raw, extension, variants: variants(full, phoneSearch, options),
  }
}

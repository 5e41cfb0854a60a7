import type { ContactPhone } from '@linefinder/core'
import { digitsOf, parsePhones, type ParsedPhone, type PhoneOptions } from '@linefinder/core/phone'

/** A number of a contact as the directory keeps it. */
export interface DirectoryNumber {
  readonly key: string
  /** As the CRM has it. */
  readonly number: string
  readonly extension: string | null
}

/** Local numbers have at least so many digits, so that their end tells something. */
const lastDigitsCount = 6

/**
 * What a contact's numbers are found by, each once. A valid number by its E.164. One that is not, such as a local number without
 * area code, by its last digits, which the engine compares in full when it is found. An internal one by itself. What is
 * unreadable is kept under its reason, so that somebody can clean it.
 */
export function numbersOf(phones: readonly ContactPhone[], options: PhoneOptions): DirectoryNumber[] {
  const numbers = phones.flatMap(({ number }) => parsePhones(number, options).map(parsed => ({
    key: keyOf(parsed, number), number, extension: parsed.ok ? parsed.extension : null,
  })))
  return numbers.length < 2 ? numbers : [...new Map(numbers.map(each => [`${each.key} ${each.number}`, each])).values()]
}

/** What to look for, given what was asked. More than one: a stored number may not be valid where the one asked for is. */
export function keysToFind(parsed: ParsedPhone, raw: string): string[] {
  if (parsed.ok) return [parsed.e164, lastDigitsKey(parsed.nationalNumber)].filter(key => key !== null)
  if (parsed.reason === 'internal') return [internalKey(parsed.extension ?? digitsOf(raw)), lastDigitsKey(digitsOf(raw))].filter(key => key !== null)
  return [lastDigitsKey(digitsOf(raw))].filter(key => key !== null)
}

function keyOf(parsed: ParsedPhone, number: string): string {
  if (parsed.ok) {
    // With the extension of an own main line, a contact is found from inside by the extension.
    if (parsed.isOwn) return parsed.extension === null ? '!own_number' : internalKey(parsed.extension)
    return parsed.isValid ? parsed.e164 : lastDigitsKey(parsed.nationalNumber) ?? '!too_short'
  }
  // The longest of them may as well be local numbers.
  if (parsed.reason === 'internal') return lastDigitsKey(digitsOf(number)) ?? internalKey(parsed.extension ?? digitsOf(number))
  // Without a country it is still found by whoever dials it in the same form.
  return parsed.reason === 'no_country' ? lastDigitsKey(digitsOf(number)) ?? '!no_country' : `!${parsed.reason}`
}

const internalKey = (extension: string): string => `x${extension}`

const lastDigitsKey = (digits: string): string | null => digits.length < lastDigitsCount ? null : `~${digits.slice(-lastDigitsCount)}`

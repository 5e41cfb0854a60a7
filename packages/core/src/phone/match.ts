import { splitExtension } from './extension.js'
import { libraryNumber } from './format.js'
import { diallingRulesOf, isCountry } from './numbering-plan.js'
import { openedText, readField, type FieldNumber } from './parse.js'
import type { ParsedPhone, PhoneOptions, ReadPhone } from './parsed-phone.js'
import { isOwnNumber } from './read-one.js'
import { agreeInExtension, internalOf } from './same.js'
import { digitsOf } from './written-text.js'

/** The number that is looked for: as it was read by the country of whoever asks, and as it was written. */
export interface PhoneQuestion {
  readonly parsed: ParsedPhone
  readonly raw: string
}

/**
 * Why a stored number matches, the surest first. `e164`: the same number. `national`: stored or asked without a country, and
 * the same national number. `last_digits`: stored without an area code, in the country of the number. `extension`: the same
 * internal number.
 */
export type MatchKind = 'e164' | 'national' | 'last_digits' | 'extension'
export const matchKinds: readonly MatchKind[] = ['e164', 'national', 'last_digits', 'extension']

export interface Match {
  readonly kind: MatchKind
  /** The number asked for has an extension, and the stored one has the same. */
  readonly hasSameExtension: boolean
}

/**
 * How a stored field matches, or `null`. `options` read the stored text. A stored number that is valid and another one is
 * never matched: two different numbers are no one person. Our own main lines match nobody.
 */
export const matchPhone = (query: PhoneQuestion, stored: string, options: PhoneOptions = {}): MatchKind | null =>
  matcher(query, options)(stored)?.kind ?? null

/** For many stored numbers: what depends on the question alone is found once. */
export function matcher(query: PhoneQuestion, options: PhoneOptions): (stored: string) => Match | null {
  if (isMainLine(query.parsed, options)) return () => null
  const asked = writtenDigits(openedText(query.raw))
  let national: ReadonlySet<string> | undefined
  const nationalSpellings = (number: ReadPhone) => national ??= nationalSpellingsOf(number)
  return stored => {
    const found = readField(stored, options).flatMap(each => compare(query, asked, each, options, nationalSpellings) ?? [])
    return found.sort(bySurest)[0] ?? null
  }
}

/** Surest kind first, then the same extension. */
export const bySurest = (a: Match, b: Match): number =>
  matchKinds.indexOf(a.kind) - matchKinds.indexOf(b.kind) || Number(b.hasSameExtension) - Number(a.hasSameExtension)

interface Written {
  readonly digits: string
  readonly extension: string | null
}

function compare(
  query: PhoneQuestion, askedDigits: Written, stored: FieldNumber, options: PhoneOptions,
  nationalSpellings: (number: ReadPhone) => ReadonlySet<string>,
): Match | null {
  const { parsed: asked } = query
  const { parsed: found } = stored
  if (isMainLine(found, options)) return null
  if (asked.ok && found.ok && asked.e164 === found.e164) return agree('e164', asked.extension, found.extension)
  const internal = internalOf(asked)
  if (internal !== null && internal === internalOf(found)) return { kind: 'extension', hasSameExtension: true }
  if (!isComparable(asked) || !isComparable(found)) return null

  const written = writtenDigits(stored.text)
  if (found.ok && found.isValid) {
    return lacksCountry(query) && nationalSpellingsOf(found).has(withoutZeros(askedDigits.digits))
      ? agree('national', askedDigits.extension, found.extension) : null
  }
  if (namesCountry(stored) || written.digits.length < shortestLocal) return null
  if (isSameNationally(query, askedDigits.digits, written.digits, nationalSpellings)) return agree('national', askedDigits.extension, written.extension)
  return isLocalPartOf(asked, written.digits, found, options) ? agree('last_digits', askedDigits.extension, written.extension) : null
}

const agree = (kind: MatchKind, asked: string | null, found: string | null): Match | null =>
  agreeInExtension(asked, found) ? { kind, hasSameExtension: asked !== null && asked === found } : null

/** Shorter ones are internal numbers. */
const shortestLocal = 6

/** One of our own lines, which says nothing about who is there: neither which colleague nor which customer. */
const isMainLine = (parsed: ParsedPhone, options: PhoneOptions): boolean =>
  parsed.ok && parsed.extension === null && (parsed.isOwn || isOwnNumber(parsed.e164, options))

/** There is something written in it that could be a number. */
const isComparable = (parsed: ParsedPhone): boolean =>
  parsed.ok || ['no_country', 'internal', 'too_short', 'too_long', 'not_a_number'].includes(parsed.reason)

/** Asked without a country code, and read by no country or by one that has no such number. */
const lacksCountry = ({ parsed, raw }: PhoneQuestion): boolean =>
  parsed.ok ? !parsed.isValid && parsed.assumed.includes('country') : parsed.reason === 'no_country' && !raw.includes('+')

const namesCountry = ({ parsed, text }: FieldNumber): boolean => parsed.ok ? !parsed.assumed.includes('country') : text.includes('+')

function writtenDigits(text: string): Written {
  const { head, extension } = splitExtension(text)
  return { digits: digitsOf(head), extension }
}

/** A number that was read is compared with the stored digits as one of its country; else both are only digits. */
function isSameNationally(
  { parsed }: PhoneQuestion, asked: string, stored: string, nationalSpellings: (number: ReadPhone) => ReadonlySet<string>,
): boolean {
  if (!parsed.ok) return asked === stored
  const spellings = nationalSpellings(parsed)
  return spellings.has(stored) || spellings.has(withoutZeros(stored))
}

/** As one dials it in its country, with and without trunk prefix. */
function nationalSpellingsOf(number: ReadPhone): ReadonlySet<string> {
  const { country, nationalNumber } = number
  const trunk = country !== undefined && isCountry(country) ? diallingRulesOf(country).trunkPrefix : ''
  const formatted = digitsOf(libraryNumber({ ...number, extension: null }).formatNational())
  return new Set([nationalNumber, withoutZeros(nationalNumber), `${trunk}${nationalNumber}`, formatted, withoutZeros(formatted)])
}

const withoutZeros = (digits: string): string => digits.replace(/^0+/, '')

function isLocalPartOf(asked: ParsedPhone, digits: string, found: ParsedPhone, { country, extensionLengths }: PhoneOptions): boolean {
  // Lengths that somebody has set up make such digits an internal number for certain.
  if (!found.ok && found.reason === 'internal' && extensionLengths !== undefined) return false
  return asked.ok && asked.isPossible && country !== undefined && asked.country === country && !digits.startsWith('0')
    && asked.nationalNumber.length > digits.length && asked.nationalNumber.endsWith(digits)
}

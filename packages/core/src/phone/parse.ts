import { isSupportedCountry, parsePhoneNumberWithError, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max'

export interface PhoneOptions {
  /** ISO 3166-1 alpha-2, upper case. Reads numbers written without a country code. */
  readonly country?: string | undefined
}

export type ParsedPhone =
  | {
      readonly ok: true
      /** `+` and digits (ITU-T E.164). */
      readonly e164: string
      /** ISO 3166-1 alpha-2; absent for numbers of no country, such as +800. */
      readonly country: string | undefined
      /** National significant number: no trunk prefix, digits only. */
      readonly nationalNumber: string
      readonly extension: string | null
      /** Its length fits the country. */
      readonly isPossible: boolean
      /** It lies in a range that is in use. Never treat a merely possible number as certain. */
      readonly isValid: boolean
    }
  /** `unknown_country`: the option is no country. `no_country`: neither text nor option names one, or the code is of none. */
  | { readonly ok: false; readonly reason: 'no_digits' | 'too_short' | 'too_long' | 'unknown_country' | 'no_country' | 'not_a_number' }

export function parsePhone(text: string, options: PhoneOptions = {}): ParsedPhone {
  const number = readPhoneNumber(text, options)
  if (typeof number === 'string') return { ok: false, reason: number }
  return {
    ok: true,
    e164: number.number,
    country: number.country,
    nationalNumber: number.nationalNumber,
    extension: number.ext ?? null,
    isPossible: number.isPossible(),
    isValid: number.isValid(),
  }
}

export const isCountry = (text: string): text is CountryCode => isSupportedCountry(text)

type Failure = Exclude<ParsedPhone, { ok: true }>['reason']

/** Reads what people write. Of the ways to read it, the first that gives a valid number counts. */
export function readPhoneNumber(text: string, { country }: PhoneOptions): PhoneNumber | Failure {
  if (country !== undefined && !isCountry(country)) return 'unknown_country'
  if (!/\p{Nd}/u.test(text)) return 'no_digits'
  const written = text.normalize('NFKC').trim()
  const first = read(written, country)
  if (isValid(first)) return first
  const others = otherSpellings(written).map(spelling => read(spelling, country))
  return others.find(isValid) ?? [...others, first].find(isReadable) ?? first
}

/**
 * `00` stands for `+` also where one dials abroad by another prefix. A `(0)` after the country code is a habit of print, not
 * a digit to dial; but in Italy it is one, so it comes second.
 */
function otherSpellings(written: string): string[] {
  const international = written.replace(/^00(?=\s*[1-9])/, '+')
  const withoutZero = international.replace(/^(\+\s*\d{1,3}\s*)\(0\)/, '$1')
  return [...new Set([withoutZero, international])].filter(spelling => spelling !== written)
}

const isReadable = (result: PhoneNumber | Failure): result is PhoneNumber => typeof result !== 'string'
const isValid = (result: PhoneNumber | Failure): result is PhoneNumber => isReadable(result) && result.isValid()

function read(written: string, country: CountryCode | undefined): PhoneNumber | Failure {
  try {
    return parsePhoneNumberWithError(written, country === undefined ? {} : { defaultCountry: country })
  } catch (error) {
    return failures[error instanceof Error ? error.message : ''] ?? 'not_a_number'
  }
}

/** Messages of libphonenumber-js' ParseError. */
const failures: Readonly<Record<string, Failure>> = {
  NOT_A_NUMBER: 'not_a_number',
  INVALID_COUNTRY: 'no_country',
  TOO_SHORT: 'too_short',
  TOO_LONG: 'too_long',
}

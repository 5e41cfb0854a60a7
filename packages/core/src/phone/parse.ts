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
  | { readonly ok: false; readonly reason: 'no_digits' | 'too_short' | 'too_long' | 'unknown_country' | 'not_a_number' }

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

/** Reads what people write: a `(0)` between country code and number is a habit of print, not a digit to dial. */
export function readPhoneNumber(text: string, { country }: PhoneOptions): PhoneNumber | Failure {
  if (country !== undefined && !isCountry(country)) return 'unknown_country'
  if (!/\p{Nd}/u.test(text)) return 'no_digits'
  const written = text.normalize('NFKC').trim().replace(/^(\+|00)(\s*\d{1,3}\s*)\(0\)/, '$1$2')
  try {
    return parsePhoneNumberWithError(written, country === undefined ? {} : { defaultCountry: country })
  } catch (error) {
    return failures[error instanceof Error ? error.message : ''] ?? 'not_a_number'
  }
}

/** Messages of libphonenumber-js' ParseError. */
const failures: Readonly<Record<string, Failure>> = {
  NOT_A_NUMBER: 'not_a_number',
  INVALID_COUNTRY: 'unknown_country',
  TOO_SHORT: 'too_short',
  TOO_LONG: 'too_long',
}

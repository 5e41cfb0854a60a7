export interface PhoneOptions {
  /** ISO 3166-1 alpha-2, upper case. Reads numbers written without a country code. */
  readonly country?: string | undefined
  /** Digits without the trunk prefix, such as `413`. With `country` it completes local numbers such as `741741`. */
  readonly areaCode?: string | undefined
  /** Dialled before a country code, beside `+`, `00` and the country's own: the `000` of a phone system with an outside line. */
  readonly internationalPrefix?: string | undefined
  /** Our own main lines in any spelling. The array is read once: pass a new one when the lines change. */
  readonly ownNumbers?: readonly string[] | undefined
  /**
   * Lengths of internal numbers. Digits of such a length are internal even where the country has such a number. Default: 2
   * to 6 digits, and only those that are no valid number of the country.
   */
  readonly extensionLengths?: readonly number[] | undefined
}

export type PhoneType =
  | 'fixed_line' | 'mobile' | 'fixed_line_or_mobile' | 'toll_free' | 'premium_rate' | 'shared_cost' | 'voip' | 'personal' | 'pager' | 'uan'
  | 'voicemail'

/**
 * What the number rests on beyond its text. `country`: the text names no country, the options do. `area_code`: completed by
 * the options. `plus`: begins with a country code, but not with a mark that says so. `letters`: spelled in letters, as
 * 1-800-FLOWERS. `outdated_prefix`: written with the 1 that Mexican mobiles had after +52 until 2020.
 */
export type Assumption = 'country' | 'area_code' | 'plus' | 'letters' | 'outdated_prefix'

/**
 * `no_digits`: empty, or only words. `unknown_country`: the option is no country. `no_country`: neither text nor option names
 * one, or the code is of none. `withheld`: the caller hides the number. `internal`: of our own phone system.
 */
export type PhoneFailure =
  | 'no_digits' | 'too_short' | 'too_long' | 'unknown_country' | 'no_country' | 'not_a_number' | 'withheld' | 'internal' | 'several_numbers'

export interface ReadPhone {
  readonly ok: true
  /** `+` and digits (ITU-T E.164). */
  readonly e164: string
  /** ISO 3166-1 alpha-2; absent for numbers of no country, such as +800. */
  readonly country: string | undefined
  /** National significant number: no trunk prefix, digits only. */
  readonly nationalNumber: string
  readonly extension: string | null
  /** Absent exactly when the number is not valid. */
  readonly type: PhoneType | undefined
  /** Its length fits the country. */
  readonly isPossible: boolean
  /** It lies in a range that is in use. Never treat a merely possible number as certain. */
  readonly isValid: boolean
  /** One of `ownNumbers`, whatever the extension. */
  readonly isOwn: boolean
  readonly assumed: readonly Assumption[]
}

export interface UnreadPhone {
  readonly ok: false
  readonly reason: PhoneFailure
  /** The internal number. Only with the reason `internal`. */
  readonly extension?: string
}

export type ParsedPhone = ReadPhone | UnreadPhone

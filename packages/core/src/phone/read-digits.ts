import type { CountryCode, PhoneNumberType } from 'libphonenumber-js/max'
import { typeOf } from './number-type.js'
import type { PhoneFailure } from './parsed-phone.js'
import { countriesOf, planOf, type Plan } from './plan-patterns.js'

/** A number of a calling code, valid or not. */
export interface DigitsRead {
  readonly callingCode: string
  readonly country: CountryCode | undefined
  readonly nationalNumber: string
  /** Absent exactly when the number is not valid. */
  readonly type: PhoneNumberType | undefined
}

/** In E.164. */
export const e164Of = ({ callingCode, nationalNumber }: DigitsRead): string => `+${callingCode}${nationalNumber}`

export const isPossible = ({ country, callingCode, nationalNumber }: DigitsRead): boolean =>
  planOf(country ?? callingCode).lengths.includes(nationalNumber.length)

const longestCallingCode = 3
const shortestNumber = 2
/** The library's own limit: Germany has numbers that are longer than E.164 allows. */
const longestNumber = 17

/**
 * Reads digits, with `+` before them or without, and gives what `parsePhoneNumberWithError` of libphonenumber-js gives, from the
 * same metadata; a test compares the two. It costs a fraction, since nothing is compiled or copied for a number.
 */
export function readDigits(spelling: string, defaultCountry: CountryCode | undefined): DigitsRead | PhoneFailure {
  const hasPlus = spelling.startsWith('+')
  if (spelling.length < shortestNumber + Number(hasPlus) * 2) return spelling === '' || spelling === '+' ? 'not_a_number' : 'too_short'
  const abroad = hasPlus ? spelling.slice(1) : defaultCountry && dialledAbroad(spelling, planOf(defaultCountry))
  if (abroad !== undefined) return readAbroad(abroad)
  if (defaultCountry === undefined) return 'no_country'
  const plan = planOf(defaultCountry)
  return withoutPlus(spelling, plan) ?? complete(spelling, plan, defaultCountry)
}

/** What follows the prefix for calls abroad, if there is one. No calling code begins with 0. */
function dialledAbroad(digits: string, { abroad }: Plan): string | undefined {
  const rest = digits.slice(abroad?.exec(digits)?.[0].length ?? 0)
  return rest === '' || rest === digits || rest.startsWith('0') ? undefined : rest
}

function readAbroad(digits: string): DigitsRead | PhoneFailure {
  for (let length = 1; length <= Math.min(longestCallingCode, digits.length); length += 1) {
    const callingCode = digits.slice(0, length)
    // No code begins with another one.
    if (countriesOf(callingCode) !== null) return complete(digits.slice(length), planOf(callingCode), undefined)
  }
  return 'no_country'
}

/** The digits read as if they began with the country's own calling code, where they are no number of the country as they stand. */
function withoutPlus(digits: string, plan: Plan): DigitsRead | PhoneFailure | null {
  const { callingCode, pattern, lengths } = plan
  if (!digits.startsWith(callingCode)) return null
  const shorter = digits.slice(callingCode.length)
  const asTheyStand = withoutTrunk(digits, plan)
  const isShorterBetter = !pattern.test(asTheyStand) && pattern.test(withoutTrunk(shorter, plan))
  return isShorterBetter || asTheyStand.length > longestOf(lengths) ? complete(shorter, planOf(callingCode), undefined) : null
}

function complete(digits: string, plan: Plan, country: CountryCode | undefined): DigitsRead | PhoneFailure {
  const { callingCode } = plan
  const nationalNumber = withoutTrunk(digits, plan)
  if (nationalNumber.length < shortestNumber) return 'too_short'
  if (nationalNumber.length > longestNumber) return 'too_long'
  const home = countryOf(callingCode, nationalNumber) ?? country
  return { callingCode, country: home, nationalNumber, type: typeOf(home ?? callingCode, nationalNumber) }
}

/** The trunk prefix stays where the number needs it: where it is none without, or not long enough. */
function withoutTrunk(digits: string, { callingCode, pattern, lengths, trunk, trunkReplacement }: Plan): string {
  const found = trunk?.exec(digits)
  if (!trunk || !found) return digits
  const isReplaced = trunkReplacement !== undefined && found.length > 1 && Boolean(found.at(-1))
  const shorter = isReplaced ? digits.replace(trunk, trunkReplacement) : digits.slice(found[0].length)
  if (shorter === digits || (pattern.test(digits) && !pattern.test(shorter))) return digits
  const country = countryOf(callingCode, shorter)
  const possible = country === undefined ? lengths : planOf(country).lengths
  return possible.includes(shorter.length) || shorter.length > longestOf(possible) ? shorter : digits
}

/** The country that a national number is of, among those that share the calling code. */
function countryOf(callingCode: string, nationalNumber: string): CountryCode | undefined {
  const countries = countriesOf(callingCode) ?? []
  return countries.length === 1 ? countries[0] : countries.find(country => {
    const { leadingDigits } = planOf(country)
    return leadingDigits ? leadingDigits.test(nationalNumber) : typeOf(country, nationalNumber) !== undefined
  })
}

const longestOf = (lengths: readonly number[]): number => lengths.at(-1) ?? 0

import { getCountries, getCountryCallingCode, Metadata, type CountryCode, type NumberingPlan } from 'libphonenumber-js/max'

const countries: ReadonlySet<string> = new Set(getCountries())

export const isCountry = (text: string): text is CountryCode => countries.has(text)

/** How numbers are dialled in a country. */
export interface DiallingRules {
  readonly callingCode: string
  /** Dialled before a national number: `0`, `8`, `06`, in North America `1`. Empty where there is none, as in Denmark and Italy. */
  readonly trunkPrefix: string
  /** National numbers are written with and without the trunk prefix, or there is none. So nothing follows from its absence. */
  readonly isTrunkOptional: boolean
  /** The usual prefix for calls abroad: `00`, `011`. */
  readonly internationalPrefix: string
  /** A prefix for calls abroad and the first digit of a country code. */
  readonly startsAbroad: RegExp
}

const known = new Map<CountryCode, DiallingRules>()

/** Kept once read: a country's rules do not change while the program runs. */
export function diallingRulesOf(country: CountryCode): DiallingRules {
  const kept = known.get(country)
  if (kept !== undefined) return kept
  const rules = readRules(country)
  known.set(country, rules)
  return rules
}

function readRules(country: CountryCode): DiallingRules {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  // True: the library's class has this method, only its types leave it out.
  const plan = metadata.numberingPlan as NumberingPlan & { nationalPrefix(): string | 0 | null | undefined }
  const callingCode = getCountryCallingCode(country)
  // The packed metadata has 0 for what is absent.
  const trunkPrefix = plan.nationalPrefix() || ''
  const anyPrefix = plan.IDDPrefix()
  // Written `8~10` where one waits for a tone.
  const usual = (plan.defaultIDDPrefix() || anyPrefix).replace('~', '')
  return {
    callingCode,
    trunkPrefix,
    isTrunkOptional: trunkPrefix === '' || trunkPrefix === callingCode,
    internationalPrefix: /^\d+$/.test(usual) ? usual : '00',
    startsAbroad: new RegExp(`^(?:00|${anyPrefix})[1-9]`),
  }
}

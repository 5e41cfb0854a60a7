import { Metadata, type CountryCode, type PhoneNumberType } from 'libphonenumber-js/max'

/** One kind of number in a numbering plan. */
export interface Kind {
  readonly type: PhoneNumberType
  readonly pattern: RegExp
  /** `undefined`: all that the plan has. */
  readonly lengths: readonly number[] | undefined
}

/** What the library's metadata says of a country, or of a calling code of no country. */
export interface Plan {
  readonly callingCode: string
  /** Of a whole national number. */
  readonly pattern: RegExp
  /** Of national numbers, ascending. */
  readonly lengths: readonly number[]
  readonly fixedLine: Kind | undefined
  /** The others, in the order in which the first that fits counts. */
  readonly others: readonly Kind[]
  /** The metadata leaves a pattern out that is the same as the one for fixed lines. */
  readonly mobileIsFixedLine: boolean
  /** At the start of a number: the prefix for calls abroad. */
  readonly abroad: RegExp | undefined
  /** At the start of a number: what is dialled before a national one, with a carrier's code where there are such. */
  readonly trunk: RegExp | undefined
  /** What is put in the place of `trunk` when its last group has matched. Else nothing is. */
  readonly trunkReplacement: string | undefined
  /** At the start of a national number: it is of this country among those that share its calling code. */
  readonly leadingDigits: RegExp | undefined
}

/** The parts of the library's own classes that its types leave out. The packed metadata has 0 for a text that is absent. */
interface KindMetadata {
  pattern(): string | undefined
  possibleLengths(): readonly number[] | undefined
}
interface PlanMetadata {
  callingCode(): string
  nationalNumberPattern(): string
  possibleLengths(): readonly number[]
  type(name: PhoneNumberType): KindMetadata | undefined
  IDDPrefix(): string | 0
  nationalPrefixForParsing(): string | 0 | undefined
  nationalPrefixTransformRule(): string | 0 | undefined
  leadingDigits(): string | 0 | undefined
}
interface AllMetadata {
  hasCallingCode(code: string): boolean | undefined
  getCountryCodesForCallingCode(code: string): readonly CountryCode[] | undefined
}

const othersInOrder = ['MOBILE', 'PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST', 'VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'] as const

const plans = new Map<string, Plan>()
const countries = new Map<string, readonly CountryCode[] | null>()

/**
 * `place`: a country, or a calling code, which stands for the first country that has it. The library compiles a pattern anew for
 * every number that it tries it on; here a plan is compiled once.
 */
export function planOf(place: string): Plan {
  const known = plans.get(place)
  if (known) return known
  const metadata = new Metadata()
  // The types want a country, but the method takes calling codes as well.
  metadata.selectNumberingPlan(place as CountryCode)
  const plan = compile(metadata.numberingPlan as unknown as PlanMetadata)
  plans.set(place, plan)
  return plan
}

/** The countries that share a calling code, the main one first: [] when it is of none, `null` when there is no such code. */
export function countriesOf(callingCode: string): readonly CountryCode[] | null {
  const known = countries.get(callingCode)
  if (known !== undefined) return known
  // True: the library's class has these methods, only its types leave them out.
  const metadata = new Metadata() as unknown as AllMetadata
  const found = metadata.hasCallingCode(callingCode) ? metadata.getCountryCodesForCallingCode(callingCode) ?? [] : null
  countries.set(callingCode, found)
  return found
}

function compile(metadata: PlanMetadata): Plan {
  const mobile = metadata.type('MOBILE')
  return {
    callingCode: metadata.callingCode(),
    pattern: whole(metadata.nationalNumberPattern()),
    lengths: metadata.possibleLengths(),
    fixedLine: kindOf(metadata, 'FIXED_LINE')[0],
    others: othersInOrder.flatMap(type => kindOf(metadata, type)),
    mobileIsFixedLine: mobile === undefined || mobile.pattern() === '',
    abroad: startOrNone(metadata.IDDPrefix()),
    trunk: startOrNone(metadata.nationalPrefixForParsing()),
    trunkReplacement: metadata.nationalPrefixTransformRule() || undefined,
    leadingDigits: startOrNone(metadata.leadingDigits()),
  }
}

function kindOf(metadata: PlanMetadata, type: PhoneNumberType): Kind[] {
  const kind = metadata.type(type)
  const pattern = kind?.pattern()
  return kind && pattern ? [{ type, pattern: whole(pattern), lengths: kind.possibleLengths() ?? undefined }] : []
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const startOrNone = (pattern: string | 0 | undefined): RegExp | undefined => pattern ? new RegExp(`^(?:${pattern})`) : undefined

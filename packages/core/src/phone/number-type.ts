import { Metadata, type PhoneNumber, type PhoneNumberType } from 'libphonenumber-js/max'

/** One kind of number in a numbering plan. */
interface Kind {
  readonly type: PhoneNumberType
  readonly pattern: RegExp
  /** `undefined`: all that the plan has. */
  readonly lengths: readonly number[] | undefined
}

interface Plan {
  readonly pattern: RegExp
  readonly fixedLine: Kind | undefined
  /** The others, in the order in which the first that fits counts. */
  readonly others: readonly Kind[]
  /** The metadata leaves a pattern out that is the same as the one for fixed lines. */
  readonly mobileIsFixedLine: boolean
}

/** The parts of the library's own classes that its types leave out. */
interface KindMetadata {
  pattern(): string | undefined
  possibleLengths(): readonly number[] | undefined
}
interface PlanMetadata {
  nationalNumberPattern(): string
  type(name: PhoneNumberType): KindMetadata | undefined
}

const othersInOrder = ['MOBILE', 'PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST', 'VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'] as const

const plans = new Map<string, Plan>()

/**
 * The kind of number, and `undefined` for one that is not valid: what `PhoneNumber.getType` says. The library compiles every
 * pattern that it tries for every number anew; here a plan is compiled once, which is half of the work when a directory is filled.
 */
export function typeOf({ country, countryCallingCode, nationalNumber }: PhoneNumber): PhoneNumberType | undefined {
  const plan = planOf(country ?? countryCallingCode)
  if (!plan.pattern.test(nationalNumber)) return undefined
  if (plan.fixedLine && fits(plan.fixedLine, nationalNumber)) {
    const isMobileToo = plan.mobileIsFixedLine || plan.others.some(kind => kind.type === 'MOBILE' && fits(kind, nationalNumber))
    return isMobileToo ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE'
  }
  return plan.others.find(kind => fits(kind, nationalNumber))?.type
}

const fits = ({ lengths, pattern }: Kind, digits: string): boolean => lengths?.includes(digits.length) !== false && pattern.test(digits)

/** `place`: a country, or a calling code of no country. */
function planOf(place: string): Plan {
  const known = plans.get(place)
  if (known) return known
  const metadata = new Metadata()
  // The types want a country, but the method takes calling codes as well.
  metadata.selectNumberingPlan(place as Parameters<typeof metadata.selectNumberingPlan>[0])
  const plan = read(metadata.numberingPlan as unknown as PlanMetadata)
  plans.set(place, plan)
  return plan
}

function read(metadata: PlanMetadata): Plan {
  const mobile = metadata.type('MOBILE')
  return {
    pattern: whole(metadata.nationalNumberPattern()),
    fixedLine: kindOf(metadata, 'FIXED_LINE')[0],
    others: othersInOrder.flatMap(type => kindOf(metadata, type)),
    mobileIsFixedLine: mobile === undefined || mobile.pattern() === '',
  }
}

function kindOf(metadata: PlanMetadata, type: PhoneNumberType): Kind[] {
  const kind = metadata.type(type)
  const pattern = kind?.pattern()
  return kind && pattern ? [{ type, pattern: whole(pattern), lengths: kind.possibleLengths() ?? undefined }] : []
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)

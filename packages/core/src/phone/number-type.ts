import type { PhoneNumberType } from 'libphonenumber-js/max'
import { planOf, type Kind } from './plan-patterns.js'

/**
 * The kind of number, and `undefined` for one that is not valid: what the library's `PhoneNumber.getType` says.
 * `place`: a country, or a calling code of no country.
 */
export function typeOf(place: string, nationalNumber: string): PhoneNumberType | undefined {
  const plan = planOf(place)
  if (!plan.pattern.test(nationalNumber)) return undefined
  if (plan.fixedLine && fits(plan.fixedLine, nationalNumber)) {
    const isMobileToo = plan.mobileIsFixedLine || plan.others.some(kind => kind.type === 'MOBILE' && fits(kind, nationalNumber))
    return isMobileToo ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE'
  }
  return plan.others.find(kind => fits(kind, nationalNumber))?.type
}

const fits = ({ lengths, pattern }: Kind, digits: string): boolean => lengths?.includes(digits.length) !== false && pattern.test(digits)

import { isCountry, diallingRulesOf } from './numbering-plan.js'
import type { PhoneOptions } from './parsed-phone.js'
import { readOne } from './read-one.js'

/** Cheap, and true of every text that `separators` could part. */
const maySeparate = /[/;,|&\n]|\s(?:or|oder|ou|of|und|et|and|y|e|o)\s/i
const separators = /(\s*[;|&\n]\s*|\s*[/,]\s*|\s(?:or|oder|ou|of|und|et|and|y|e|o)\s)/i

/**
 * The numbers of a field, each as it stands there: `030 123456 / 0171 4567890` has two, `030/123456` one, and a comma before
 * an extension parts nothing. Splits only between parts that can each stand alone. Never empty.
 */
export function splitNumbers(text: string, options: PhoneOptions): string[] {
  if (!maySeparate.test(text)) return [text]
  const [first = '', ...rest] = text.split(separators)
  const numbers = [first]
  for (let index = 0; index + 1 < rest.length; index += 2) {
    const [separator = '', part = ''] = rest.slice(index, index + 2)
    const last = numbers.at(-1) ?? ''
    const standsApart = hasDigit.test(part) && (!/[/,]/.test(separator) || beginsNumber(part, options, true))
      && standsAlone(last, options) && standsAlone(part, options)
    if (standsApart) numbers.push(part)
    else numbers[numbers.length - 1] = last === '' ? part : `${last}${separator}${part}`
  }
  return numbers
}

const hasDigit = /\d/

function standsAlone(part: string, options: PhoneOptions): boolean {
  const number = readOne(part, options)
  if (!number.ok) return false
  return number.isValid || (number.isPossible && number.nationalNumber.length >= 6 && beginsNumber(part, options, false))
}

/**
 * Begins as a number of its own: with `+`, a prefix for calls abroad, the trunk prefix or a bracket. Where one need not dial a
 * trunk prefix its absence tells nothing, so that `isEnough` then takes a number that stands alone for one of its own.
 */
function beginsNumber(part: string, { country }: PhoneOptions, isEnough: boolean): boolean {
  const start = /[+([\d].*/s.exec(part)?.[0] ?? ''
  if (/^(?:[([]?\s?(?:\+|00)|[([]\s?\d)/.test(start)) return true
  if (country === undefined || !isCountry(country)) return false
  const { trunkPrefix, isTrunkOptional, startsAbroad } = diallingRulesOf(country)
  if (isTrunkOptional && isEnough) return true
  return startsAbroad.test(start.replace(/\D/g, '')) || (trunkPrefix !== '' && start.replace(/\D/g, '').startsWith(trunkPrefix))
}

import type { CountryCode } from 'libphonenumber-js/max'
import type { Assumption, PhoneFailure, PhoneOptions } from './parsed-phone.js'
import { diallingRulesOf, type DiallingRules } from './numbering-plan.js'
import { isPossible, readDigits, type DigitsRead } from './read-digits.js'
import { digitsOf } from './written-text.js'

/** One way to read digits. */
export interface Reading {
  readonly number: DigitsRead
  readonly assumed: readonly Assumption[]
}

export const isRead = (result: Reading | PhoneFailure): result is Reading => typeof result !== 'string'

const nothing: readonly Assumption[] = []
const country: readonly Assumption[] = ['country']
const plus: readonly Assumption[] = ['plus']

/**
 * Reads what is left of a number after its extension and the words around it: digits, marks between them, `+` before them.
 * `digits`: its digits. Of the ways to read it, the first that gives a valid number counts. With none, the first that keeps to
 * what is written.
 */
export function dial(
  written: string, digits: string, options: PhoneOptions, defaultCountry: CountryCode | undefined,
): Reading | PhoneFailure {
  const rules = defaultCountry === undefined ? undefined : diallingRulesOf(defaultCountry)
  const hasPlus = written.startsWith('+')
  const configured = hasPlus ? null : dialAsConfigured(digits, options, rules)
  if (configured !== null) return configured

  if (bracketAfterPrefix.test(written)) {
    const abroad = read(`+${digits.slice(2)}`, undefined, undefined)
    if (isValid(abroad)) return abroad
  }
  const asWritten = read(hasPlus ? `+${digits}` : digits, defaultCountry, hasPlus ? undefined : rules)
  if (isValid(asWritten)) return asWritten
  const faithful = faithfulSpellings(written, digits, hasPlus).map(spelling => read(spelling, defaultCountry, rules))
  const guessed = () => guess(asWritten, digits, hasPlus, options, rules)
  return faithful.find(isValid) ?? guessed() ?? [...faithful, asWritten].find(isRead) ?? asWritten
}

/** The bracket tells where the country code ends. So `00` is no part of a longer prefix, such as Korea's `008`. */
const bracketAfterPrefix = /^00[\s\d-]*[([]\s?0\s?[)\]]/

/** What an admin has set up goes before what the country's numbering plan would make of the same digits. */
function dialAsConfigured(digits: string, options: PhoneOptions, rules: DiallingRules | undefined): Reading | null {
  const { internationalPrefix: prefix = '' } = options
  if (prefix !== '' && digits.startsWith(prefix)) {
    const abroad = read(`+${digits.slice(prefix.length)}`, undefined, undefined)
    if (isValid(abroad)) return abroad
  }
  return digits.length <= longestLocal ? completed(digits, options, rules) : null
}

/** Shorter ones are internal numbers, longer ones hold the area code already. */
const shortestLocal = 5
const longestLocal = 8

function completed(digits: string, { areaCode }: PhoneOptions, rules: DiallingRules | undefined): Reading | null {
  if (areaCode === undefined || areaCode === '' || rules === undefined || digits.length < shortestLocal) return null
  if (digits.startsWith('0') || (rules.trunkPrefix !== '' && digits.startsWith(rules.trunkPrefix))) return null
  const result = read(`+${rules.callingCode}${areaCode}${digits}`, undefined, undefined)
  return isValid(result) ? { ...result, assumed: ['country', 'area_code'] } : null
}

/**
 * `00` stands for `+` also where one dials abroad by another prefix. A `(0)` after the country code is a habit of print, not
 * a digit to dial; but in Italy it is one, so this comes after the number as written.
 */
function faithfulSpellings(written: string, digits: string, hasPlus: boolean): string[] {
  const abroad = hasPlus ? `+${digits}` : /^00[1-9]/.test(digits) ? `+${digits.slice(2)}` : digits
  const bracket = /[([]\s?0\s?[)\]]/.exec(written)
  const before = bracket === null ? Infinity : digitsOf(written.slice(0, bracket.index)).length
  const skipped = before + abroad.length - digits.length
  const withoutZero = before > longestCode ? [] : [abroad.slice(0, skipped) + abroad.slice(skipped + 1)]
  return abroad.startsWith('+') && !hasPlus ? [...withoutZero, abroad] : withoutZero
}

/** Digits of a prefix for calls abroad and a country code together. */
const longestCode = 6

/** Valid readings that need more than the text says, for text that has no valid reading else. */
function guess(
  asWritten: Reading | PhoneFailure, digits: string, hasPlus: boolean, options: PhoneOptions, rules: DiallingRules | undefined,
): Reading | null {
  if (isRead(asWritten) && asWritten.number.callingCode === '52' && /^1\d{10}$/.test(asWritten.number.nationalNumber)) {
    const mexican = read(`+52${asWritten.number.nationalNumber.slice(1)}`, undefined, undefined)
    return isValid(mexican) ? { ...mexican, assumed: [...asWritten.assumed, 'outdated_prefix'] } : null
  }
  if (hasPlus || rules === undefined) return null
  const local = completed(digits, options, rules)
  if (local !== null) return local
  // Phone systems often leave out the plus. Only where the digits can hardly be a number of the country.
  const isForeign = rules.isTrunkOptional ? !isRead(asWritten) || !isPossible(asWritten.number) : digits.length >= longestNational
  if (digits.startsWith('0') || digits.length < shortestAbroad || !isForeign) return null
  const abroad = read(`+${digits}`, undefined, undefined)
  return isValid(abroad) ? { ...abroad, assumed: plus } : null
}

/** With its country code. Shorter numbers exist, but nobody writes them without the plus. */
const shortestAbroad = 8

/** Where national numbers begin with a trunk prefix, so many digits without one and of no valid number come from elsewhere. */
const longestNational = 10

const isValid = (result: Reading | PhoneFailure): result is Reading => isRead(result) && result.number.type !== undefined

/** `rules`: of the default country, for digits without plus. */
function read(spelling: string, defaultCountry: CountryCode | undefined, rules: DiallingRules | undefined): Reading | PhoneFailure {
  const number = readDigits(spelling, defaultCountry)
  return typeof number === 'string' ? number : { number, assumed: rules === undefined ? nothing : assumedIn(spelling, number, rules) }
}

function assumedIn(spelling: string, { nationalNumber, callingCode }: DigitsRead, rules: DiallingRules): readonly Assumption[] {
  if (spelling.startsWith('+') || rules.startsAbroad.test(spelling)) return nothing
  const prefix = spelling.endsWith(nationalNumber) ? spelling.slice(0, spelling.length - nationalNumber.length) : ''
  return prefix !== rules.trunkPrefix && prefix.startsWith(callingCode) ? plus : country
}

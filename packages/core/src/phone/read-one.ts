import { numberInAddress } from './address.js'
import { isRead, dial, type Reading } from './dial.js'
import { splitExtension } from './extension.js'
import { isSpelled, keyed } from './letters.js'
import { diallingRulesOf, isCountry } from './numbering-plan.js'
import type { ParsedPhone, PhoneFailure, PhoneOptions, PhoneType } from './parsed-phone.js'
import { e164Of, isPossible, type DigitsRead } from './read-digits.js'
import { saysWithheld, spellsWithheld } from './withheld.js'
import { digitsOf, tidy } from './written-text.js'

/** Most numbers look so. They need nothing of what makes reading slow. */
const plain = /^ *\+?[\d ().-]+$/

/**
 * Reads one number and what stands around it. `text`: tidied, or plain ASCII. Never throws.
 * An address, such as `tel:`, must have been opened by `numberInAddress`.
 */
export function readOne(text: string, options: PhoneOptions): ParsedPhone {
  const { country } = options
  if (country !== undefined && !isCountry(country)) return failure('unknown_country')
  return plain.test(text) && /\d/.test(text) ? readWritten(text.trim(), null, options, country) : readAmongWords(text, options, country)
}

type Country = Parameters<typeof dial>[3]

function readAmongWords(text: string, options: PhoneOptions, country: Country): ParsedPhone {
  if (!/\d/.test(text)) return failure(saysWithheld(text) ? 'withheld' : 'no_digits')
  const { head, extension } = splitExtension(withoutNotes(text))
  if (extension !== null && !/\d/.test(head)) return internal(extension)

  const isBare = !/\p{L}/u.test(head)
  const number = readWritten(numberAmong(head, isBare), extension, options, country, isBare)
  if (isBare || (number.ok && number.isValid)) return number
  const spelled = readLetters(head, extension, options, country)
  if (spelled !== null) return spelled
  // Words with a few digits among them, such as `Room 12`.
  return number.ok && !number.isPossible ? failure('not_a_number') : number
}

const marks = /^[([\s]*\+?[\d\s()[\]./~_-]+$/
const longRun = /[([]*\+?\d(?:[\s()./~_-]*\d){6,}/g

/** From the first digit to the last, with the marks before them; where words part them, the only run that is long enough. Else `''`. */
function numberAmong(text: string, isBare: boolean): string {
  const whole = /(?:[([+*#]\s*)*\d(?:.*\d)?/s.exec(text)?.[0] ?? ''
  const runs = marks.test(whole) ? [whole] : isBare ? [] : text.match(longRun) ?? []
  return runs.length === 1 ? (runs[0] ?? '').replace(/^[([\s]+(?=\+)/, '') : ''
}

/** Without a label that ends with a colon, such as `Phone 2:`, and without notes in brackets. */
function withoutNotes(text: string): string {
  const label = /^[^:]{0,30}\p{L}[^:]{0,30}:/u.exec(text)?.[0] ?? ''
  const unlabelled = digitsOf(label).length < 5 ? text.slice(label.length) : text
  return unlabelled.replace(/[([][^()[\]]*\p{L}[^()[\]]*[)\]]/gu, note => splitExtension(note.slice(1)).extension === null ? ' ' : note).trim()
}

function readLetters(head: string, extension: string | null, options: PhoneOptions, country: Country): ParsedPhone | null {
  const pressed = keyed(/\+?\d.*/s.exec(head)?.[0] ?? '')
  if (pressed === null) return null
  const result = dial(pressed, digitsOf(pressed), options, country)
  if (!isRead(result) || !isSpelled(result.number.callingCode, result.number.type)) return null
  return parsed({ ...result, assumed: [...result.assumed, 'letters'] }, extension, options)
}

/** `written`: digits, marks between them, `+` before them. `isBare`: no word stands beside them. */
function readWritten(written: string, extension: string | null, options: PhoneOptions, country: Country, isBare = true): ParsedPhone {
  if (written === '') return failure('not_a_number')
  const mayBeInternal = isBare && extension === null && !written.startsWith('+')
  const { extensionLengths } = options
  const digits = digitsOf(written)
  if (mayBeInternal && extensionLengths?.includes(digits.length) === true) return internal(digits)
  const result = dial(written, digits, options, country)
  const isValid = isRead(result) && result.number.type !== undefined
  if (spellsWithheld(digits) && !(isValid && isWrittenInFull(result, country))) return failure('withheld')
  if (isValid) return parsed(result, extension, options)
  if (mayBeInternal && extensionLengths === undefined && digits.length >= 2 && digits.length <= 6) return internal(digits)
  return isRead(result) ? parsed(result, extension, options) : failure(result)
}

/**
 * Words that hide a number happen to be digits of numbers that exist. They are taken for the number where that is how people
 * write it: in Iceland, but neither without a trunk zero in the Netherlands nor for the one line in Austin that RESTRICTED names.
 */
const isWrittenInFull = ({ number }: Reading, country: Country): boolean =>
  number.callingCode !== '1' && country !== undefined && diallingRulesOf(country).isTrunkOptional

function parsed({ number, assumed }: Reading, extension: string | null, options: PhoneOptions): ParsedPhone {
  const { country, nationalNumber, type } = number
  const e164 = e164Of(number)
  return {
    ok: true,
    e164,
    country,
    nationalNumber,
    extension,
    type: type === undefined ? undefined : types[type],
    isPossible: type !== undefined || isPossible(number),
    isValid: type !== undefined,
    isOwn: isOwnNumber(e164, options),
    assumed,
  }
}

const types: Readonly<Record<NonNullable<DigitsRead['type']>, PhoneType>> = {
  FIXED_LINE: 'fixed_line', MOBILE: 'mobile', FIXED_LINE_OR_MOBILE: 'fixed_line_or_mobile', TOLL_FREE: 'toll_free', PREMIUM_RATE: 'premium_rate',
  SHARED_COST: 'shared_cost', VOIP: 'voip', PERSONAL_NUMBER: 'personal', PAGER: 'pager', UAN: 'uan', VOICEMAIL: 'voicemail',
}

const failure = (reason: PhoneFailure): ParsedPhone => ({ ok: false, reason })
const internal = (extension: string): ParsedPhone => ({ ok: false, reason: 'internal', extension })

const ownNumbers = new WeakMap<readonly string[], Map<string, ReadonlySet<string>>>()

/** Whether the E.164 number is one of our main lines. The list is read once for each way of reading it. */
export function isOwnNumber(e164: string, options: PhoneOptions): boolean {
  const { ownNumbers: lines, country = '', areaCode = '', internationalPrefix = '' } = options
  if (lines === undefined || lines.length === 0) return false
  const key = `${country} ${areaCode} ${internationalPrefix}`
  const kept = ownNumbers.get(lines) ?? new Map<string, ReadonlySet<string>>()
  if (!kept.has(key)) {
    const read = lines.map(tidy).map(line => readOne(numberInAddress(line) ?? line, { ...options, ownNumbers: [], extensionLengths: [] }))
    kept.set(key, new Set(read.flatMap(line => line.ok ? [line.e164] : [])))
    ownNumbers.set(lines, kept)
  }
  return kept.get(key)?.has(e164) === true
}

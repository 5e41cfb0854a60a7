import { libraryNumber, mask } from './format.js'
import { diallingRulesOf, isCountry } from './numbering-plan.js'
import type { PhoneOptions, ReadPhone } from './parsed-phone.js'
import { parsePhones } from './parse.js'
import { digitsOf } from './written-text.js'

/**
 * What a CRM's phone search compares: `e164` the E.164 text, `exact` the text as typed, `contains` a part of the text as
 * typed, `digits` the digits of both sides, `lastDigits` the last digits of both sides (7, or as many as said), `masks` the
 * text where the CRM itself writes every number in one of a few formats, such as `(###) ###-####`.
 */
export type PhoneSearch =
  | 'e164' | 'exact' | 'contains' | 'digits' | 'lastDigits' | { readonly lastDigits: number } | { readonly masks: readonly string[] }

/** National significant numbers agree in their last seven digits however they are written. */
const lastDigitsCount = 7

/**
 * The spellings under which a CRM may have stored the number, distinct, most likely first. Of a text with several numbers
 * those of each; of an internal number its digits; of text that cannot be read the text itself. `options` read the text;
 * their country is also the one from where the CRM's people dial abroad (default: the number's own).
 */
export function variants(text: string, search: PhoneSearch, options: PhoneOptions = {}): string[] {
  const spellings = parsePhones(text, options).flatMap(parsed => {
    if (parsed.ok) return spellingsOf(parsed, search, options)
    return parsed.extension === undefined ? [] : [parsed.extension]
  })
  return spellings.length === 0 ? [text.trim()] : [...new Set(spellings)]
}

function spellingsOf(parsed: ReadPhone, search: PhoneSearch, options: PhoneOptions): string[] {
  const { e164, nationalNumber } = parsed
  if (search === 'e164') return [e164]
  if (search === 'lastDigits') return [nationalNumber.slice(-lastDigitsCount)]
  if (typeof search === 'object') return 'masks' in search ? masked(parsed, search.masks) : [nationalNumber.slice(-search.lastDigits)]
  switch (search) {
    case 'exact':
      return asTyped(parsed, options)
    case 'contains':
      return partsAsTyped(parsed)
    case 'digits':
      return digitsOnly(parsed, options)
  }
}

/** A number that fits no mask, as of another country, is stored as people write it. */
function masked(parsed: ReadPhone, masks: readonly string[]): string[] {
  const fitting = masks.flatMap(pattern => mask(parsed.nationalNumber, pattern) ?? [])
  return fitting.length > 0 ? fitting : [parsed.e164, libraryNumber({ ...parsed, extension: null }).formatInternational(), parsed.e164.slice(1)]
}

/** What the formats are made of. Without the extension, which would take part in all of them. */
function partsOf(parsed: ReadPhone, { country = parsed.country, internationalPrefix }: PhoneOptions) {
  const number = libraryNumber({ ...parsed, extension: null })
  const code: string = number.countryCallingCode
  const national = number.formatNational()
  const international = number.formatInternational()
  const nationalDigits = digitsOf(national)
  const ownPrefix = country !== undefined && isCountry(country) ? diallingRulesOf(country).internationalPrefix : '00'
  const trunk = parsed.country !== undefined && isCountry(parsed.country) ? diallingRulesOf(parsed.country).trunkPrefix : ''
  const area = national.replace(/[()]/g, '').split(/[ -]/)
  return {
    code, national, international, nationalDigits, area,
    trunk: trunk === code ? '' : trunk,
    abroad: [...new Set(['00', ownPrefix, ...(internationalPrefix === undefined ? [] : [internationalPrefix])])],
    /** Without the country code. */
    significant: international.slice(code.length + 2),
  }
}

function asTyped(parsed: ReadPhone, options: PhoneOptions): string[] {
  const { e164, extension } = parsed
  const { code, national, international, nationalDigits, area, trunk, abroad, significant } = partsOf(parsed, options)
  const digits = e164.slice(1)
  const [first = '', ...rest] = area
  const plain = area.join(' ')
  const parted = area.length > 1
    ? [`${first}-${rest.join('')}`, `${first} ${rest.join('')}`, `${first}/${rest.join('')}`, `${first}-${rest.join(' ')}`, `(${first}) ${rest.join(' ')}`]
    : []
  return [
    e164, national, international, nationalDigits, digits, `00${digits}`,
    ...(trunk === '' ? [] : [`+${code} (${trunk})${significant}`, `+${code} (${trunk}) ${significant}`]),
    plain, ...parted, area.join('-'), area.join('.'),
    `+${code} ${parsed.nationalNumber}`, international.replace(/ /g, '-'), international.replace(/[ -]/g, '.'), `00${international.slice(1)}`,
    ...abroad.slice(1).flatMap(prefix => [`${prefix}${digits}`, `${prefix} ${international.slice(1)}`]),
    parsed.nationalNumber,
    ...(extension === null ? [] : announcing(extension).flatMap(tail => [`${national}${tail}`, `${international}${tail}`, `${e164}${tail}`])),
  ]
}

const announcing = (extension: string): string[] => [` ext. ${extension}`, ` x${extension}`]

function partsAsTyped(parsed: ReadPhone): string[] {
  const { national, significant, area } = partsOf(parsed, {})
  return [
    parsed.nationalNumber, national, significant, significant.replace(/[ -]/g, '-'), significant.replace(/[ -]/g, '.'),
    area.slice(1).join(''), area.slice(1).join(' '), parsed.e164,
  ].filter(part => digitsOf(part).length >= shortestPart)
}

/** Shorter parts are found in too many numbers. */
const shortestPart = 5

function digitsOnly(parsed: ReadPhone, options: PhoneOptions): string[] {
  const { code, nationalDigits, trunk, abroad } = partsOf(parsed, options)
  const { nationalNumber, extension } = parsed
  const digits = parsed.e164.slice(1)
  const withTrunk = `${code}${trunk}${nationalNumber}`
  const spellings = [
    digits, nationalDigits, `${trunk}${nationalNumber}`, withTrunk, nationalNumber,
    ...abroad.map(prefix => `${prefix}${digits}`), ...abroad.map(prefix => `${prefix}${withTrunk}`),
  ]
  return extension === null ? spellings : [...spellings, ...[nationalDigits, digits, nationalNumber].map(start => `${start}${extension}`)]
}

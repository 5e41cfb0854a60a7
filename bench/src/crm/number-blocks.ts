import { getExampleNumber, parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/examples.mobile.json'
import { createDraw } from './seeded.js'
import { homeCountry, templatesOf } from './spellings.js'

/** 10,000 numbers in a row: they differ in their last four digits only, and all of them are in use. */
export interface NumberBlock {
  /** E.164 without the last four digits. */
  readonly prefix: string
  readonly templates: ReturnType<typeof templatesOf>
}

/** Half of the contacts are of the first; the others share the rest. */
export const countries: readonly CountryCode[] = [
  homeCountry, 'DE', 'FR', 'NL', 'BE', 'ES', 'IT', 'PT', 'AT', 'CH', 'SE', 'NO', 'DK', 'FI', 'PL', 'CZ', 'HU', 'RO', 'GR', 'IE',
  'US', 'CA', 'MX', 'BR', 'AR', 'CL', 'CO', 'ZA', 'AU', 'NZ', 'JP', 'KR', 'IN', 'SG', 'TH', 'TR', 'IL', 'AE', 'SA', 'EG',
]

const blocksAtHome = 500
const blocksAbroad = 50

/** Tails whose numbers are asked for; ranges that are in use end at rounder places. */
const probedTails = ['0000', '1234', '4999', '5000', '8765', '9999']

/** Mobile and landline numbers, found by changing the digits of an example number. The same ones for the same seed. */
export function findBlocks(country: CountryCode, seed: number): NumberBlock[] {
  const example = getExampleNumber(country, examples)
  if (!example) throw new Error(`no example number of ${country}`)
  const wanted = country === homeCountry ? blocksAtHome : blocksAbroad
  const draw = createDraw(seed + countries.indexOf(country))
  const found = new Map<string, NumberBlock>()
  for (let attempts = 0; found.size < wanted && attempts < 100 * wanted; attempts++) {
    const prefix = drawPrefix(example, draw)
    if (found.has(prefix)) continue
    const numbers = probedTails.map(tail => findInUse(prefix + tail, country))
    if (numbers[0] && !numbers.includes(null)) found.set(prefix, { prefix, templates: templatesOf(numbers[0]) })
  }
  if (found.size < wanted) throw new Error(`found only ${String(found.size)} blocks of numbers of ${country}`)
  return [...found.values()]
}

/** Changes up to three digits before the tail, or, for landlines, all of the national number. */
function drawPrefix(example: PhoneNumber, draw: (limit: number) => number): string {
  const head = example.nationalNumber.slice(0, -4)
  const kept = draw(2) === 0 ? 0 : Math.max(head.length - 3, 0)
  const drawn = Array.from({ length: head.length - kept }, () => draw(10)).join('')
  return `+${example.countryCallingCode}${head.slice(0, kept)}${drawn}`
}

/** `null` for text that is no E.164 number of a line in this country: a trunk prefix in it is left out by the parser. */
function findInUse(text: string, country: CountryCode): PhoneNumber | null {
  const number = parsePhoneNumberFromString(text)
  if (number?.number !== text || number.country !== country || !number.isValid()) return null
  return ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE'].includes(number.getType() ?? '') ? number : null
}

import { parsePhoneNumberWithError, type CountryCode } from 'libphonenumber-js/max'
import { diallingRulesOf, isCountry } from '../phone/numbering-plan.js'
import { exampleNumbers } from './example-numbers.js'

export interface Spelling {
  readonly name: string
  readonly text: string
}

/** A number and the region whose people write it so. A number that regions share comes once for each. */
export interface Example {
  readonly country: CountryCode
  readonly e164: string
}

export const examples: readonly Example[] = Object.entries(exampleNumbers).flatMap(([country, numbers]) =>
  isCountry(country) ? numbers.map(e164 => ({ country, e164 })) : [])

export const extension = '204'

/** How people in `country` write the number. All but the `extension` ones have no extension. */
export function spellingsOf(e164: string, country: string): Spelling[] {
  const number = parsePhoneNumberWithError(e164)
  const national = number.formatNational()
  const international = number.formatInternational()
  const code: string = number.countryCallingCode
  const significant = international.slice(code.length + 2)
  const [area = '', ...rest] = national.replace(/[()]/g, '').split(/[ -]/)
  const spellings: Spelling[] = [
    { name: 'E.164', text: e164 },
    { name: 'international', text: international },
    { name: 'national', text: national },
    { name: 'national without spaces', text: national.replace(/\D/g, '') },
    { name: '00', text: `00${international.slice(1)}` },
    { name: '00 without spaces', text: `00${e164.slice(1)}` },
    { name: 'international with dots', text: international.replace(/[ -]/g, '.') },
    { name: 'national with dots', text: [area, ...rest].join('.') },
    { name: 'international with dashes', text: international.replace(/ /g, '-') },
    { name: 'national with dashes', text: [area, ...rest].join('-') },
    { name: 'international with slashes', text: `+${code}/${significant.replace(/ /, '/')}` },
    { name: 'national with slash', text: rest.length === 0 ? area : `${area}/${rest.join(' ')}` },
    { name: 'tel:', text: `tel:${e164}` },
    { name: 'with non-breaking spaces', text: international.replace(/ /g, '\u00a0') },
    { name: 'international with extension', text: `${international} ext. ${extension}` },
    { name: 'national with extension', text: `${national} x${extension}` },
  ]
  const hasTrunkZero = isCountry(country) && diallingRulesOf(country).trunkPrefix === '0'
  return hasTrunkZero
    ? [...spellings, { name: '(0)', text: `+${code} (0) ${significant}` }, { name: '00 (0)', text: `00${code}(0)${significant.replace(/ /g, '')}` }]
    : spellings
}

import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { examples } from '../testing/phone-spellings.js'
import { typeOf } from './number-type.js'

const agrees = (text: string) => {
  const number = parsePhoneNumberFromString(text)
  if (number) expect([text, typeOf(number.country ?? number.countryCallingCode, number.nationalNumber)]).toEqual([text, number.getType()])
}

it('says what the library says, of the examples of every region and of their neighbours', () => {
  for (const { e164 } of examples) for (const text of [e164, e164.slice(0, -1), `${e164}0`, e164.replace(/.{3}$/, '999')]) agrees(text)
})

it('says what the library says, of any digits behind any country code', () => {
  const codes = [...new Set(getCountries().map(country => getCountryCallingCode(country))), '800', '808', '870', '878', '881', '882', '883', '888', '979']
  fc.assert(fc.property(fc.constantFrom(...codes), fc.stringMatching(/^\d{2,13}$/), (code, digits) => { agrees(`+${code}${digits}`) }), { numRuns: 3000, seed: 7 })
})

import { expect, it } from '@jest/globals'
import { phoneOptionsOf, withCountry } from './phone-options.js'

const settings = { country: 'NL', areaCode: '413', internationalPrefix: '000', ownNumbers: ['0413 741741'], extensionLengths: [3] }

it('takes what the settings say of numbers, and nothing else of them', () => {
  expect(phoneOptionsOf({ ...settings, tenant: 'x' })).toEqual(settings)
  expect(phoneOptionsOf({})).toEqual({})
})

it.each([
  [{ country: 'ZZ' }], [{ country: 'nl' }], [{ country: 31 }], [{ areaCode: 413 }], [{ areaCode: '0-413' }], [{ areaCode: '' }], [{ internationalPrefix: '+' }],
  [{ ownNumbers: '0413741741' }], [{ ownNumbers: [413741741] }], [{ extensionLengths: 3 }], [{ extensionLengths: ['3'] }], [{ extensionLengths: [2.5] }],
])('counts %j as not set', wrong => {
  expect(phoneOptionsOf(wrong)).toEqual({})
})

it('forgets the area code in another country only', () => {
  expect(withCountry(settings, 'BE')).toEqual({ ...settings, country: 'BE', areaCode: undefined })
  expect(withCountry(settings, 'NL')).toBe(settings)
  expect(withCountry(settings, undefined)).toBe(settings)
})

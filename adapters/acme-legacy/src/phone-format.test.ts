import { expect, it } from '@jest/globals'
import { parsePhone } from '@linefinder/core/phone'
import { toPhoneFormat } from './phone-format.js'

const formatIn = (country: string | undefined) => (text: string) => toPhoneFormat(parsePhone(text, { country }), each => parsePhone(each, { country }))

it.each([
  ['NL', '+31413741741', '0413/741741'],
  ['NL', '+31201234567', '020/1234567'],
  ['NL', '+31612345678', '06/12345678'],
  ['NL', '0413 741 741 ext. 12', '0413/741741'],
  ['DE', '+4930123456', '030/123456'],
  ['DE', '+4915123456789', '01512/3456789'],
  ['BE', '+3232345678', '03/2345678'],
  ['GB', '+442079460018', '020/79460018'],
  // Of another country, even where the digits would be a number of this one.
  ['NL', '+442079460018', '0044/2079460018'],
  ['NL', '+4930123456', '0049/30123456'],
  ['US', '+12125550123', '001/2125550123'],
  [undefined, '+31413741741', '0031/413741741'],
])('in %s %s is kept as %s', (country, number, kept) => {
  expect(formatIn(country)(number)).toBe(kept)
})

it.each(['205', 'anonymous', ''])('%j is no number', text => {
  expect(formatIn('NL')(text)).toBeNull()
})

it.each([['NL', '+31413741741'], ['NL', '+442079460018'], ['DE', '+4915123456789'], ['IT', '+390612345678'], ['US', '+12125550123']])(
  'in %s what is kept of %s reads back as that number', (country, number) => {
    expect(parsePhone(formatIn(country)(number)!, { country })).toMatchObject({ e164: number })
  })

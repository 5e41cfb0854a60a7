import { describe, expect, it } from '@jest/globals'
import { matchPhone, parsePhone, type PhoneOptions } from './index.js'

const nl = { country: 'NL' }
const ask = (raw: string, options: PhoneOptions = {}) => ({ parsed: parsePhone(raw, options), raw })
const dutch = ask('+31413741741')

describe('matchPhone', () => {
  it.each(['+31413741741', '0413-741 741', '+31 (0)413 741741', '0413741741 x204', '06 12345678 / 0413-741741', '31413741741', 'tel:+31413741741'])('finds %s surely', stored => {
    expect(matchPhone(dutch, stored, nl)).toBe('e164')
  })

  it.each(['+31413741742', '+32413741741', '0413741742', '', 'Jan', '204', 'anonymous', '413741', '741742', '0741741'])('does not find %j', stored => {
    expect(matchPhone(dutch, stored, nl)).toBeNull()
  })

  it('finds a number that is possible but not valid when it was written alike', () => {
    expect(matchPhone(ask('+31 (0) 6 134678'), '06 134678', nl)).toBe('e164')
  })

  it('finds a number with another extension never', () => {
    const asked = ask('+31413741741 x204')
    expect(matchPhone(asked, '0413741741 x204', nl)).toBe('e164')
    expect(matchPhone(asked, '0413741741', nl)).toBe('e164')
    expect(matchPhone(asked, '0413741741 x205', nl)).toBeNull()
    expect(matchPhone(asked, '0413741741 x204')).toBe('national')
    expect(matchPhone(asked, '0413741741 x205')).toBeNull()
  })

  it.each([
    ['stored without a country', dutch, '0413-741 741', {}],
    ['stored without a country nor trunk prefix', dutch, '413741741', {}],
    ['stored in a country that has no such number', dutch, '0413-741 741', { country: 'US' }],
    ['written as in Argentina', ask('+5491123456789'), '011 15-2345-6789', {}],
    ['written as in Hungary', ask('+36301234567'), '06 30 123 4567', {}],
    ['written as in Italy', ask('+390669812345'), '06 698 12345', {}],
    ['asked without a country', ask('0413-741 741'), '+31 413 741741', nl],
    ['asked without a country by SIP', ask('sip:0413741741@10.0.0.5'), '+31 413 741741', nl],
    ['asked in a country that has no such number', ask('0413-741 741', { country: 'US' }), '+31 413 741741', nl],
    ['both without a country', ask('0413-741 741'), '0413 741741', {}],
  ])('finds a number nationally when %s', (_case, query, stored, options) => {
    expect(matchPhone(query, stored, options)).toBe('national')
  })

  it.each([
    ['a valid number of another country', dutch, '0413741741', { country: 'DE' }],
    ['a number with another country code', dutch, '+99 413741741', {}],
    ['other digits', dutch, '0413-741 742', {}],
    ['one number of no country of another', ask('0413-741 741'), '0413-741 742', {}],
    ['asked with a plus that is of no country', ask('+999413741741'), '+31413741741', nl],
    ['a withheld number', ask('anonymous'), 'anonymous', nl],
  ])('does not take for nationally the same %s', (_case, query, stored, options) => {
    expect(matchPhone(query, stored, options)).toBeNull()
  })

  it.each([['741741', dutch], ['741-741', dutch], ['1234567', ask('+31201234567')]])('finds %s, which lacks its area code, by the last digits', (stored, query) => {
    expect(matchPhone(query, stored, nl)).toBe('last_digits')
  })

  it.each([
    ['another country', '741741', { country: 'BE' }],
    ['no country', '741741', {}],
    ['too few digits', '41741', nl],
    ['an internal number by its length', '741741', { ...nl, extensionLengths: [6] }],
  ])('does not compare last digits with %s', (_case, stored, options) => {
    expect(matchPhone(dutch, stored, options)).toBeNull()
  })

  it('completes a local number by the area code, and then is sure', () => {
    expect(matchPhone(dutch, '741741', { ...nl, areaCode: '413' })).toBe('e164')
    expect(matchPhone(ask('+31101234567'), '1234567', { ...nl, areaCode: '20' })).toBeNull()
  })

  it('never finds a valid number by the last digits of another', () => {
    expect(matchPhone(ask('+4930741741'), '741741', { country: 'DE' })).toBeNull()
  })

  const own = { ...nl, ownNumbers: ['+31 20 1234567'] }

  it('finds an internal number alone or behind one of our lines', () => {
    expect(matchPhone(ask('204', nl), '204', own)).toBe('extension')
    expect(matchPhone(ask('sip:204@pbx', nl), 'x204', own)).toBe('extension')
    expect(matchPhone(ask('204', nl), '020-1234567 x204', own)).toBe('extension')
    expect(matchPhone(ask('020-1234567 x204', own), '204', own)).toBe('extension')
    expect(matchPhone(ask('204', nl), '205', own)).toBeNull()
    expect(matchPhone(ask('204', nl), '0413-741741 x204', own)).toBeNull()
  })

  it('finds nobody by our own main line', () => {
    expect(matchPhone(ask('+31201234567'), '+31201234567', own)).toBeNull()
    expect(matchPhone(ask('+31201234567', own), '+31201234567', nl)).toBeNull()
    expect(matchPhone(ask('+31201234567 x204'), '+31201234567', own)).toBeNull()
    expect(matchPhone(ask('+31201234567 x204'), '+31201234567 x204', own)).toBe('e164')
    expect(matchPhone(dutch, '020 1234567 / 0413 741741', own)).toBe('e164')
  })
})

import { describe, expect, it } from '@jest/globals'
import { isCountry, parsePhone } from './parse.js'

const read = (text: string, country?: string) => {
  const parsed = parsePhone(text, { country })
  return parsed.ok ? parsed.e164 : parsed.reason
}

describe('parsePhone', () => {
  it('says all that a number tells', () => {
    expect(parsePhone('+31 20 123 4567 ext. 204')).toEqual({
      ok: true, e164: '+31201234567', country: 'NL', nationalNumber: '201234567', extension: '204', isPossible: true, isValid: true,
    })
  })

  it.each([
    '+31413741741', '+31 413 741 741', '+31-413-741741', '+31.413.741741', 'tel:+31413741741', ' +31413741741 ',
    '+31 (0)413 741741', '+31(0)413741741', '+31 (0) 413 741741', '0031413741741', '00 31 (0)413 741741',
    '＋３１４１３７４１７４１', '+31\u00a0413\u00a0741741', '\u202a+31413741741\u202c',
  ])('reads %j without knowing the country', text => {
    expect(read(text)).toBe('+31413741741')
  })

  it.each(['0413741741', '(0413) 741-741', '0413-741741 (work)', '31413741741', '0031413741741', '٠٤١٣٧٤١٧٤١'])('reads %j in its country', text => {
    expect(read(text, 'NL')).toBe('+31413741741')
  })

  it('reads another country’s number by that country', () => {
    expect(read('+31413741741', 'US')).toBe('+31413741741')
    expect(read('(415) 555-2671', 'US')).toBe('+14155552671')
  })

  it('reads both the country’s own prefix for calls abroad and 00', () => {
    expect(read('011 31 413 741741', 'US')).toBe('+31413741741')
    expect(read('0031 413 741741', 'US')).toBe('+31413741741')
  })

  it.each([
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['+1 (0)415 555 2671', '+14155552671'],
    ['+36 (0)30 123 4567', '+36301234567'],
  ])('drops the (0) of %s', (text, e164) => {
    expect(read(text)).toBe(e164)
  })

  it('keeps a (0) that is dialled, as in Italy', () => {
    expect(read('+39 (0)6 698 12345')).toBe('+390669812345')
    expect(read('06 698 12345', 'IT')).toBe('+390669812345')
  })

  it.each([['+31201234567 ext 204'], ['+31201234567;ext=204'], ['020-1234567 x204']])('finds the extension in %s', text => {
    expect(parsePhone(text, { country: 'NL' })).toMatchObject({ e164: '+31201234567', extension: '204' })
  })

  it('tells the possible from the valid', () => {
    expect(parsePhone('+3141374174')).toMatchObject({ ok: true, isPossible: true, isValid: false })
    expect(parsePhone('204', { country: 'NL' })).toMatchObject({ ok: true, isPossible: false, isValid: false })
  })

  it('reads numbers of no country', () => {
    expect(parsePhone('+800 1234 5678')).toMatchObject({ e164: '+80012345678', country: undefined, isValid: true })
  })

  it.each([
    ['', undefined, 'no_digits'],
    ['anonymous', 'NL', 'no_digits'],
    ['+', undefined, 'no_digits'],
    ['0413741741', undefined, 'no_country'],
    ['sip:204@pbx', undefined, 'no_country'],
    ['+999123456', 'NL', 'no_country'],
    ['0413741741', 'XX', 'unknown_country'],
    ['0413741741', 'nl', 'unknown_country'],
    ['+31 413 741 741 999 999 999', undefined, 'too_long'],
    ['+31 4', undefined, 'too_short'],
    ['++31413741741', undefined, 'not_a_number'],
    ['+31 20 1234567 / +31 6 12345678', undefined, 'not_a_number'],
  ])('refuses %j (country %s) as %s', (text, country, reason) => {
    expect(parsePhone(text, { country })).toEqual({ ok: false, reason })
  })
})

describe('isCountry', () => {
  it('knows the codes of ISO 3166-1, in capitals', () => {
    expect(['NL', 'XK', 'nl', 'XX', ''].map(isCountry)).toEqual([true, true, false, false, false])
  })
})

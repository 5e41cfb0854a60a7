import { describe, expect, it } from '@jest/globals'
import { isCountry, parsePhone, type PhoneOptions } from './index.js'

/** The number and, behind an `x`, its extension; or why there is none. */
const read = (text: string, options: PhoneOptions | string = {}) => {
  const parsed = parsePhone(text, typeof options === 'string' ? { country: options } : options)
  if (!parsed.ok) return parsed.extension === undefined ? parsed.reason : `${parsed.reason} ${parsed.extension}`
  return parsed.extension === null ? parsed.e164 : `${parsed.e164} x${parsed.extension}`
}

describe('parsePhone', () => {
  it('says all that a number tells', () => {
    expect(parsePhone('+31 20 123 4567 ext. 204')).toEqual({
      ok: true, e164: '+31201234567', country: 'NL', nationalNumber: '201234567', extension: '204', type: 'fixed_line', isPossible: true, isValid: true,
      isOwn: false, assumed: [],
    })
  })

  it.each([
    '+31413741741', '+31 413 741 741', '+31-413-741741', '+31.413.741741', ' +31413741741 ', '+ 31 413 741741', '(+31) 413 741741', '(+31) 0413 741741',
    '+31 (0)413 741741', '+31(0)413741741', '+31 (0) 413 741741', '+31-(0)-413-741741', '+31 [0] 413 741741', '+31/(0)413/741741',
    '0031413741741', '00 31 (0)413 741741', '0031(0)413 741741',
    '＋３１４１３７４１７４１', '+31\u00a0413\u00a0741741', '\u202a+31413741741\u202c', '+31\u200b413\u00ad741741\ufeff', '+31–413—741‑741', '+31 413·741·741',
    '+31\t413 741741', '+31413741741²', 'Tel.: +31 413 741741', '+31 413 741741 (work)',
  ])('reads %j without knowing the country', text => {
    expect(parsePhone(text)).toMatchObject({ ok: true, e164: '+31413741741', isValid: true, extension: null, assumed: [] })
  })

  it.each([
    '0413741741', '0413-741 741', '0413/741741', '0413 / 741 741', '(0413) 741-741', '(0)413 741741', '0413-741741 (work)', '0413-741741 (2nd)',
    '0413_741741', 'Tel. 0413-741741', 'Phone 2: 0413 741741', 'Jan Jansen 0413-741741', '0413-741741 Jan 2', '٠٤١٣٧٤١٧٤١', '०४१३७४१७४१',
  ])('reads %j in its country, and says that it was assumed', text => {
    expect(parsePhone(text, { country: 'NL' })).toMatchObject({ ok: true, e164: '+31413741741', isValid: true, extension: null, assumed: ['country'] })
  })

  it.each([
    ['+31 413 741741', '+31413741741', true],
    ['0413-741 741', '+31413741741', true],
    ['(0) 6- 123 45 678', '+31612345678', true],
    ['+31 (0) 6 134678', '+316134678', false],
  ])('reads %s as %s and completes nothing (valid: %s)', (text, e164, isValid) => {
    expect(parsePhone(text, { country: 'NL' })).toMatchObject({ ok: true, e164, isValid, isPossible: true })
  })

  it('reads another country’s number by that country', () => {
    expect(read('+31413741741', 'US')).toBe('+31413741741')
    expect(read('(415) 555-2671', 'US')).toBe('+14155552671')
    expect(read('0470/12.34.56', 'BE')).toBe('+32470123456')
  })

  it.each(['011 31 413 741741', '011 31 (0)413 741741', '0031 413 741741'])('reads %j in a country that dials abroad by another prefix', text => {
    expect(parsePhone(text, { country: 'US' })).toMatchObject({ e164: '+31413741741', assumed: [] })
  })

  it('takes 00 for the whole prefix where a bracket ends the country code', () => {
    expect(read('0082(0)1020000000', 'KR')).toBe('+821020000000')
    expect(read('008 20 1020000000', 'KR')).toBe('+201020000000')
  })

  it('reads the prefix for calls abroad that an admin has set', () => {
    const options = { country: 'NL', internationalPrefix: '000' }
    expect(read('000 32 470 12 34 56', options)).toBe('+32470123456')
    expect(read('0413 741741', options)).toBe('+31413741741')
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
    expect(read('0039 (0)6 698 12345')).toBe('+390669812345')
    expect(read('06 698 12345', 'IT')).toBe('+390669812345')
  })

  it.each([
    ['31413741741', 'NL', '+31413741741'],
    ['31 (0)413 741741', 'NL', '+31413741741'],
    ['31413741741', 'US', '+31413741741'],
    ['4930123456', 'NL', '+4930123456'],
  ])('reads %s, which lacks its plus, in %s', (text, country, e164) => {
    expect(parsePhone(text, { country })).toMatchObject({ e164, isValid: true, assumed: ['plus'] })
  })

  it.each([['0049 30 123456', '+4930123456'], ['4155552671', '+14155552671'], ['1 415 555 2671', '+14155552671']])('takes %s for no number without plus', (text, e164) => {
    const parsed = parsePhone(text, { country: 'US' })
    expect(parsed).toMatchObject({ e164 })
    expect(parsed.ok && parsed.assumed.includes('plus')).toBe(false)
  })

  it('reads Mexican mobiles with the 1 of old', () => {
    expect(parsePhone('+52 1 55 1234 5678')).toMatchObject({ e164: '+525512345678', isValid: true, assumed: ['outdated_prefix'] })
  })

  it('tells the possible from the valid', () => {
    expect(parsePhone('+3141374174')).toMatchObject({ ok: true, isPossible: true, isValid: false, type: undefined })
    expect(parsePhone('+3141374174123456')).toMatchObject({ ok: true, isPossible: false, isValid: false, type: undefined })
  })

  it.each([
    ['0413741741', 'NL', 'fixed_line'], ['0612345678', 'NL', 'mobile'], ['0800-1234', 'NL', 'toll_free'], ['0900 1234', 'NL', 'premium_rate'],
    ['(415) 555-2671', 'US', 'fixed_line_or_mobile'], ['14020', 'NL', 'uan'], ['070 4123 4567', 'GB', 'personal'], ['0180 5123456', 'DE', 'shared_cost'],
    ['056 1234 5678', 'GB', 'voip'],
  ])('says of what kind %s in %s is', (text, country, type) => {
    expect(parsePhone(text, { country })).toMatchObject({ isValid: true, type })
  })

  it('reads numbers of no country', () => {
    expect(parsePhone('+800 1234 5678')).toMatchObject({ e164: '+80012345678', country: undefined, isValid: true, type: 'toll_free' })
  })

  it.each([
    ['', undefined, 'no_digits'],
    ['   ', 'NL', 'no_digits'],
    ['+', undefined, 'no_digits'],
    ['Jan', 'NL', 'no_digits'],
    ['0413741741', undefined, 'no_country'],
    ['31413741741', undefined, 'no_country'],
    ['+999123456', 'NL', 'no_country'],
    ['0413741741', 'XX', 'unknown_country'],
    ['0413741741', 'nl', 'unknown_country'],
    ['+31 413 741 741 999 999 999', undefined, 'too_long'],
    ['1'.repeat(251), 'NL', 'too_long'],
    ['\ufdfa'.repeat(30), 'NL', 'too_long'],
    ['+31 4', undefined, 'too_short'],
    ['5', 'NL', 'too_short'],
    ['++31413741741', undefined, 'not_a_number'],
    ['0413*741741', 'NL', 'not_a_number'],
    ['*21', 'NL', 'not_a_number'],
    ['Room 12', 'NL', 'not_a_number'],
    ['0413741741 HOME 0612345678', 'NL', 'not_a_number'],
    ['+31 20 1234567 / +31 6 12345678', undefined, 'several_numbers'],
  ])('refuses %j (country %s) as %s', (text, country, reason) => {
    expect(parsePhone(text, { country })).toEqual({ ok: false, reason })
  })
})

describe('an extension', () => {
  it.each([
    'x204', 'ext. 204', 'ext204', 'Ext: 204', ' extension 204', '#204', ';ext=204', 'toestel 204', 'tst. 204', 'Durchwahl 204', 'DW 204', 'poste 204',
    'int. 204', 'anexo 204', 'ramal 204', 'доб. 204', ',,204#', ',204', ', 204', ';204', '-204#', '(ext 204)', 'x204 (work)', ',,204#,,1#',
  ])('is found in %j after a number', tail => {
    expect(read(`0413-741741 ${tail}`, 'NL')).toBe('+31413741741 x204')
  })

  it.each(['x204', 'ext. 204', '#204', 'toestel 204', 'Durchwahl 204', 'tel:;ext=204'])('alone, %j, is an internal number', text => {
    expect(read(text, 'NL')).toBe('internal 204')
  })

  it('is no end of another word', () => {
    expect(read('0413-741741 fax 0413-741742', 'NL')).toBe('not_a_number')
    expect(read('Fax 0413-741741', 'NL')).toBe('+31413741741')
  })
})

describe('an internal number', () => {
  it.each([['204', 'NL'], ['12', 'NL'], ['2 04', 'NL'], ['741741', 'NL'], ['204', undefined], ['Tel.: 204', 'NL']])('is %j in %s', (text, country) => {
    expect(read(text, { country })).toBe(`internal ${text.replace(/\D/g, '')}`)
  })

  it('is none that the country has as a number', () => {
    expect(read('14020', 'NL')).toBe('+3114020')
  })

  it('is any of a length that an admin has set, and no other', () => {
    const options = { country: 'NL', extensionLengths: [5, 7] }
    expect(read('14020', options)).toBe('internal 14020')
    expect(read('1234567', options)).toBe('internal 1234567')
    expect(parsePhone('204', options)).toMatchObject({ ok: true, isPossible: false })
    expect(read('+31 413 741741', { ...options, extensionLengths: [11] })).toBe('+31413741741')
  })
})

describe('an area code', () => {
  it.each([
    ['741741', 'NL', '413', '+31413741741'],
    ['741 741', 'NL', '0413', '+31413741741'],
    ['555-2671', 'US', '415', '+14155552671'],
    ['741741', 'DE', '30', '+4930741741'],
  ])('completes %s in %s by %s, and says so', (text, country, areaCode, e164) => {
    expect(parsePhone(text, { country, areaCode })).toMatchObject({ e164, isValid: true, assumed: ['country', 'area_code'] })
  })

  it.each([['0413741741', '+31413741741'], ['204', 'internal 204'], ['+31612345678', '+31612345678'], ['99999', 'internal 99999']])('leaves %s alone', (text, expected) => {
    expect(read(text, { country: 'NL', areaCode: '20' })).toBe(expected)
  })
})

describe('letters', () => {
  it.each([
    ['1-800-FLOWERS', 'US', '+18003569377'], ['1 800 GO FEDEX', 'US', '+18004633339'], ['800-GOT-JUNK', 'US', '+18004685865'],
    ['+1 800 FLOWERS', undefined, '+18003569377'], ['(415) CALL-NOW', 'US', '+14152255669'], ['0800 FLOWERS', 'GB', '+448003569377'],
    ['1300 FLOWER', 'AU', '+611300356937'],
  ])('of %s in %s are keys, and that is said', (text, country, e164) => {
    const parsed = parsePhone(text, { country })
    expect(parsed).toMatchObject({ ok: true, e164, isValid: true })
    expect(parsed.ok && parsed.assumed.at(-1)).toBe('letters')
  })

  it('are a note after a number that could be a mobile', () => {
    expect(parsePhone('0171 456 HOME', { country: 'DE' })).toMatchObject({ e164: '+49171456', isValid: false, assumed: ['country'] })
    expect(parsePhone('415 555 home', { country: 'US' })).toMatchObject({ ok: false, reason: 'not_a_number' })
  })
})

describe('an address', () => {
  it.each([
    ['tel:+31413741741', '+31413741741'],
    ['tel:+31-413-74.17(41)', '+31413741741'],
    ['TEL:%2B31413741741', '+31413741741'],
    ['tel:+31413741741;ext=204', '+31413741741 x204'],
    ['tel:+31413741741;isub=12;ext=2-04;cpc=ordinary', '+31413741741 x204'],
    ['tel:741741;phone-context=+31413', '+31413741741'],
    ['tel:0413741741;phone-context=+31', '+31413741741'],
    ['tel:0413741741;phone-context=example.com', '+31413741741'],
    ['tel:204;phone-context=pbx.example.com', 'internal 204'],
    ['tel:%', 'not_a_number'],
    ['tel:', 'not_a_number'],
    ['callto:+31413741741', '+31413741741'],
    ['callto://0413741741', '+31413741741'],
    ['sip:+31413741741@pbx.example.com;user=phone', '+31413741741'],
    ['sips:0413741741:secret@10.0.0.5:5061?subject=x', '+31413741741'],
    ['"Jan" <sip:+31413741741@pbx.example.com;user=phone>;tag=1', '+31413741741'],
    ['Jan <sip:204@pbx>', 'internal 204'],
    ['"Jan" <tel:+31413741741>', '+31413741741'],
    ['Jan <0413-741741>', '+31413741741'],
    ['sip:+31413741741;ext=204@pbx.example.com', '+31413741741 x204'],
    ['sip:741741;phone-context=+31413@pbx.example.com;user=phone', '+31413741741'],
    ['sip:204@pbx', 'internal 204'],
    ['204@pbx', 'internal 204'],
    ['sip:jan@example.com', 'not_a_number'],
    ['sip:jan0612345678@example.com', 'not_a_number'],
    ['sip:10.0.0.5', 'not_a_number'],
    ['jan0612345678@example.com', 'not_a_number'],
    ['https://example.com/0413741741', 'not_a_number'],
  ])('%s is read as %s', (text, expected) => {
    expect(read(text, 'NL')).toBe(expected)
  })
})

describe('a withheld number', () => {
  it.each([
    'anonymous', 'Anonymous', 'PRIVATE', 'unknown', 'Restricted', 'unavailable', 'Blocked', 'withheld', 'Private number', 'Caller ID blocked', '<anonymous>',
    'Unbekannt', 'sip:anonymous@anonymous.invalid', '"Anonymous" <sip:Anonymous@anonymous.invalid;user=phone>', '"Private" <sip:pbx.example.com>',
    '"Restricted" <sip:restricted@10.0.0.5>', 'tel:anonymous',
    '+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253', '266696687', '7378742833', '2562533', '8656696', '86282452253',
    '+1266696687', '17378742833', '+12562533', '18656696', '186282452253',
  ])('is %s', text => {
    expect(parsePhone(text, { country: 'NL' })).toEqual({ ok: false, reason: 'withheld' })
    expect(parsePhone(text, { country: 'US' })).toEqual({ ok: false, reason: 'withheld' })
    expect(parsePhone(text)).toEqual({ ok: false, reason: 'withheld' })
  })

  it.each([['8656696', 'IS', '+3548656696'], ['026 669 6687', 'NL', '+31266696687'], ['"Anonymous" <sip:+31413741741@pbx>', 'NL', '+31413741741']])('is not %s in %s', (text, country, e164) => {
    expect(read(text, country)).toBe(e164)
  })
})

describe('our own main lines', () => {
  const options = { country: 'NL', ownNumbers: ['0413-741 741', 'sip:+31201234567@10.0.0.5', 'reception'] }

  it.each([['+31413741741', true], ['0413741741 x204', true], ['+31 20 1234567', true], ['+31413741742', false], ['reception', false]])('are known: %s (%s)', (text, isOwn) => {
    const parsed = parsePhone(text, options)
    expect(parsed.ok && parsed.isOwn).toBe(isOwn)
  })

  it('are read by the country that they are asked with', () => {
    expect(parsePhone('+32413741741', { ...options, country: 'BE' })).toMatchObject({ isOwn: true })
    expect(parsePhone('+32413741741', options)).toMatchObject({ isOwn: false })
  })
})

describe('isCountry', () => {
  it('knows the codes of ISO 3166-1, in capitals', () => {
    expect(['NL', 'XK', 'nl', 'XX', ''].map(isCountry)).toEqual([true, true, false, false, false])
  })
})

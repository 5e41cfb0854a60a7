import { describe, expect, it } from '@jest/globals'
import { callerIdName } from './caller-id-name.js'

it.each([
  ['Jan de Vries', 'Jan de Vries'],
  ['Müller & Söhne (Köln)', 'Muller & Sohne (Koln)'],
  ['Mu\u0308ller', 'Muller'],
  ['Nguyễn Thị Ánh', 'Nguyen Thi Anh'],
  ['Straße', 'Strasse'], ['Łódź Ørsted Ægir', 'Lodz Orsted AEgir'],
  ['ﬁrma Ａｃｍｅ', 'firma Acme'],
  [`O'Brien, P. - Acme/2`, `O'Brien, P. - Acme/2`],
])('shows %s as %s', (name, shown) => {
  expect(callerIdName(name)).toBe(shown)
})

it.each(['Иван Йовков', 'Ελένη', '山田太郎', 'أحمد', '김민준', 'जॉन'])('leaves %s as it is', name => {
  expect(callerIdName(name)).toBe(name.normalize('NFC'))
})

it('strips accents of the Latin part of a mixed name only', () => {
  expect(callerIdName('Йордан Žižek')).toBe('Йордан Zizek')
})

describe('what could be taken for syntax', () => {
  it.each([
    ['Jan "de" <sip:x@y>;tag=1', 'Jan de sip:x@ytag=1'],
    ['a\\b', 'ab'],
    ['${system(reboot)}', 'system(reboot)'],
    ['`id`', 'id'],
    ['Jan\r\nX-Header: 1', 'Jan X-Header: 1'],
    ['a\u0000b\u0007c', 'a b c'],
    ['\u202EnaJ\u202C', 'naJ'],
    ['J\u200Ba\u200Dn\uFEFF\u00AD', 'Jan'],
    ['a\u3164b\uFE0F', 'ab'],
    ['\uD83D x', 'x'],
    ['  a \t\u00A0\u2028 b  ', 'a b'],
    ['"" ; <>', ''], ['', ''],
  ])('goes from %j', (name, shown) => {
    expect(callerIdName(name)).toBe(shown)
  })
})

describe('a long name', () => {
  it('is cut at 60 characters, without a blank at its end', () => {
    expect(callerIdName('x'.repeat(60))).toBe('x'.repeat(60))
    expect(callerIdName('x'.repeat(61))).toBe('x'.repeat(60))
    expect(callerIdName(`${'x'.repeat(59)} y`)).toBe('x'.repeat(59))
    expect(callerIdName('ß'.repeat(40))).toBe('s'.repeat(60))
  })

  it('is never cut inside of a character', () => {
    expect(callerIdName(`${'x'.repeat(59)}👍🏽`)).toBe('x'.repeat(59))
    expect(callerIdName(`${'x'.repeat(58)}👍🏽`)).toBe(`${'x'.repeat(58)}👍🏽`)
    expect(callerIdName(`${'x'.repeat(59)}जॉ`)).toBe('x'.repeat(59))
    expect(callerIdName('👍'.repeat(61))).toBe('👍'.repeat(60))
  })
})

it('changes nothing the second time', () => {
  for (const name of ['Müller "x"', 'Йордан Žižek', `${'ü'.repeat(70)}`]) expect(callerIdName(callerIdName(name))).toBe(callerIdName(name))
})

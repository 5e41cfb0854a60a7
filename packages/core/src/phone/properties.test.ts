import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { examples, spellingsOf } from '../testing/phone-spellings.js'
import { formatPhone, matchPhone, parsePhone, parsePhones, samePhone, variants, type PhoneFormat } from './index.js'

const phoneLike = fc.string({ unit: fc.constantFrom(...'0123456789+()-./ ,;#*xext@:<>%&|\n"siptel=A\u00a0\u200b٣４'.split('')), maxLength: 60 })
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }), phoneLike)
const country = fc.constantFrom(undefined, 'NL', 'US', 'DE', 'IT', 'AR', 'KR', 'XX')
const options = fc.record({
  country, areaCode: fc.constantFrom(undefined, '413', ''), internationalPrefix: fc.constantFrom(undefined, '000', ''),
  extensionLengths: fc.constantFrom(undefined, [], [3, 4]), ownNumbers: fc.constantFrom(undefined, ['+31413741741', 'nobody']),
})
const spelling = fc.constantFrom(...examples.filter((_each, index) => index % 7 === 0).flatMap(({ country: home, e164 }) =>
  spellingsOf(e164, home).map(({ text }) => ({ home, text }))))
const field = fc.oneof(phoneLike, spelling.map(({ text }) => text))

const runs = { numRuns: 1500, seed: 20240501 }

describe('of any text', () => {
  it('reading never throws, and parsePhone tells whether parsePhones has one', () => {
    fc.assert(fc.property(anyText, options, (text, given) => {
      const all = parsePhones(text, given)
      expect(all.length).toBeGreaterThan(0)
      expect(parsePhone(text, given)).toEqual(all.length === 1 ? all[0] : { ok: false, reason: 'several_numbers' })
    }), runs)
  })

  it('matching and searching never throw either', () => {
    fc.assert(fc.property(anyText, anyText, options, (asked, stored, given) => {
      matchPhone({ parsed: parsePhone(asked, given), raw: asked }, stored, given)
      expect(variants(asked, 'digits', given).length).toBeGreaterThan(0)
    }), runs)
  })

  it('samePhone is symmetric', () => {
    fc.assert(fc.property(field, field, options, (a, b, given) => samePhone(a, b, given) === samePhone(b, a, given)), runs)
  })

  it.each<PhoneFormat>(['e164', 'international', 'rfc3966'])('a valid number in the format %s is read as itself', format => {
    fc.assert(fc.property(field, country, (text, home) => {
      for (const parsed of parsePhones(text, { country: home })) {
        if (!parsed.ok || !parsed.isValid) continue
        const { e164, extension, type } = parsed
        expect(parsePhone(formatPhone(parsed, format))).toMatchObject({ e164, type, isValid: true, extension: format === 'e164' ? null : extension })
      }
    }), runs)
  })
})

describe('of every spelling', () => {
  it.each<PhoneFormat>(['e164', 'international', 'rfc3966', 'national'])('the format %s is read as the same number at home', format => {
    fc.assert(fc.property(spelling, ({ home, text }) => {
      const parsed = parsePhone(text, { country: home })
      expect(parsed.ok && parsePhone(formatPhone(parsed, format), { country: home })).toMatchObject({ e164: parsed.ok && parsed.e164 })
    }), runs)
  })
})

import { describe, expect, it } from '@jest/globals'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { digitsOf, samePhone, variants, type PhoneSearch } from './index.js'

const dutch = '+31413741741'
const kinds: PhoneSearch[] = ['e164', 'exact', 'contains', 'digits', 'lastDigits', { lastDigits: 6 }, { masks: ['(###) ###-####'] }]

describe('variants', () => {
  it.each<[PhoneSearch, string[]]>([
    ['e164', ['+31413741741']],
    ['exact', [
      '+31413741741', '0413 741 741', '+31 413 741 741', '0413741741', '31413741741', '0031413741741', '+31 (0)413 741 741', '+31 (0) 413 741 741',
      '0413-741741', '0413 741741', '0413/741741', '0413-741 741', '(0413) 741 741', '0413-741-741', '0413.741.741', '+31 413741741',
      '+31-413-741-741', '+31.413.741.741', '0031 413 741 741', '413741741',
    ]],
    ['contains', ['413741741', '0413 741 741', '413 741 741', '413-741-741', '413.741.741', '741741', '741 741', '+31413741741']],
    ['digits', ['31413741741', '0413741741', '310413741741', '413741741', '0031413741741', '00310413741741']],
    ['lastDigits', ['3741741']],
    [{ lastDigits: 6 }, ['741741']],
    [{ lastDigits: 20 }, ['413741741']],
    [{ masks: ['0###-### ###', '(###) ###-####', '0### ######'] }, ['0413-741 741', '0413 741741']],
    [{ masks: ['(###) ###-####'] }, ['+31413741741', '+31 413 741 741', '31413741741']],
  ])('for %j are the spellings that such a search can find', (search, expected) => {
    expect(variants(dutch, search)).toEqual(expected)
  })

  it.each(['(0413) 741-741', '+31 (0)413 741741', '0413741741', '0031413741741', '+31 413-741 741', '0031 (0)413 741741', '413 741741'])('by digits find %s in the CRM', stored => {
    expect(variants(dutch, 'digits')).toContain(digitsOf(stored))
  })

  it.each(['(0413) 741-741', '+31 (0)413 741741', '413 741 741'])('by last digits find %s in the CRM', stored => {
    expect(digitsOf(stored).slice(-7)).toBe(variants(dutch, 'lastDigits')[0])
  })

  it.each(['tel:+31413741741', '0413 741 741', '+31 413 741 741 (home)', '0413/741741', '0413-741 741', '+31-413-741-741'])('by a part of the text find %s in the CRM', stored => {
    expect(variants(dutch, 'contains').some(spelling => stored.includes(spelling))).toBe(true)
  })

  it.each(kinds)('for %j are the same however the number was asked for', search => {
    expect(variants('(0413) 741-741', search, { country: 'NL' })).toEqual(variants(dutch, search, { country: 'NL' }))
  })

  it('know trunk prefixes other than 0, and none', () => {
    expect(variants('+36301234567', 'digits')).toContain('3606301234567')
    expect(variants('+14155552671', 'digits')).toEqual(['14155552671', '4155552671', '0014155552671', '01114155552671'])
    expect(variants('+390669812345', 'digits')).toEqual(['390669812345', '0669812345', '00390669812345'])
  })

  it('know national spellings that are more than a prefix and the number', () => {
    expect(variants('+5491123456789', 'digits')).toEqual(expect.arrayContaining(['0111523456789', '091123456789', '5491123456789', '91123456789']))
  })

  it('know how the country of the CRM, and its phone system, dial abroad', () => {
    const asked = { country: 'US', internationalPrefix: '9011' }
    expect(variants(dutch, 'digits', asked)).toEqual(expect.arrayContaining(['01131413741741', '901131413741741', '011310413741741']))
    expect(variants(dutch, 'exact', asked)).toEqual(expect.arrayContaining(['01131413741741', '011 31 413 741 741', '901131413741741']))
  })

  it('of a number with extension leave it out first, and have it last', () => {
    const withExtension = '+31201234567 ext. 204'
    expect(variants(withExtension, 'digits')).toEqual([...variants('+31201234567', 'digits'), '0201234567204', '31201234567204', '201234567204'])
    expect(variants(withExtension, 'exact').slice(variants('+31201234567', 'exact').length)).toEqual([
      '020 123 4567 ext. 204', '+31 20 123 4567 ext. 204', '+31201234567 ext. 204', '020 123 4567 x204', '+31 20 123 4567 x204', '+31201234567 x204',
    ])
    expect(variants(withExtension, 'e164')).toEqual(['+31201234567'])
    expect(variants(withExtension, 'lastDigits')).toEqual(['1234567'])
  })

  it('of several numbers are those of each', () => {
    expect(variants('0413 741741 / 06 12345678', 'e164', { country: 'NL' })).toEqual(['+31413741741', '+31612345678'])
  })

  it.each(kinds)('for %j of an internal number are its digits, however it was written', search => {
    expect(variants('sip:204@pbx', search, { country: 'NL' })).toEqual(['204'])
    expect(variants('x204', search, { country: 'NL' })).toEqual(['204'])
  })

  it.each(kinds)('for %j of a text that is no number are the text itself', search => {
    expect(variants(' anonymous ', search)).toEqual(['anonymous'])
    expect(variants('0413741741', search)).toEqual(['0413741741'])
  })

  it.each(kinds)('for %j are never empty, and distinct, in every country', search => {
    for (const { spellings } of everyCountry(search)) {
      expect(spellings.length).toBeGreaterThan(0)
      expect(spellings.every(spelling => spelling !== '')).toBe(true)
      expect(new Set(spellings).size).toBe(spellings.length)
    }
  })

  it('in every country name the number that they were made of', () => {
    for (const { country, e164, spellings } of everyCountry('exact')) {
      // Digits without any mark can read as another number of the country: 49… in Germany.
      const marked = spellings.filter(spelling => /^(\+|00)|\D/.test(spelling))
      expect([country, marked.filter(spelling => !samePhone(spelling, e164, { country }))]).toEqual([country, []])
    }
  })
})

const everyCountry = (search: PhoneSearch) => getCountries().map(country => {
  const e164 = getExampleNumber(country, examples)!.number
  return { country, e164, spellings: variants(e164, search) }
})

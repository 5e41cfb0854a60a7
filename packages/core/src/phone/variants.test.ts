import { describe, expect, it } from '@jest/globals'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { samePhone } from './same.js'
import { digitsOf, variants, type PhoneSearch } from './variants.js'

const dutch = '+31413741741'
const kinds: PhoneSearch[] = ['e164', 'exact', 'contains', 'digits', 'lastDigits']

describe('variants', () => {
  it.each<[PhoneSearch, string[]]>([
    ['e164', ['+31413741741']],
    ['exact', ['+31413741741', '0413 741 741', '+31 413 741 741', '31413741741', '0413741741', '0031413741741', '+31-413-741-741']],
    ['contains', ['413741741', '0413 741 741', '413 741 741', '+31413741741']],
    ['digits', ['31413741741', '0413741741', '310413741741', '0031413741741', '00310413741741', '413741741']],
    ['lastDigits', ['3741741']],
  ])('for %s are the spellings that such a search can find', (search, expected) => {
    expect(variants(dutch, search)).toEqual(expected)
  })

  it.each(['(0413) 741-741', '+31 (0)413 741741', '0413741741', '0031413741741', '+31 413-741 741'])('by digits find %s in the CRM', stored => {
    expect(variants(dutch, 'digits')).toContain(digitsOf(stored))
  })

  it.each(['(0413) 741-741', '+31 (0)413 741741', '413 741 741'])('by last digits find %s in the CRM', stored => {
    expect(digitsOf(stored).slice(-7)).toBe(variants(dutch, 'lastDigits')[0])
  })

  it.each(['tel:+31413741741', '0413 741 741', '+31 413 741 741 (home)'])('by a part of the text find %s in the CRM', stored => {
    expect(variants(dutch, 'contains').some(spelling => stored.includes(spelling))).toBe(true)
  })

  it.each(kinds)('for %s are the same however the number was asked for', search => {
    expect(variants('(0413) 741-741', search, { country: 'NL' })).toEqual(variants(dutch, search))
  })

  it('know trunk prefixes other than 0, and none', () => {
    expect(variants('+36301234567', 'digits')).toContain('3606301234567')
    expect(variants('+14155552671', 'digits')).toEqual(['14155552671', '4155552671', '0014155552671'])
    expect(variants('+390669812345', 'digits')).toEqual(['390669812345', '0669812345', '00390669812345'])
  })

  it('of a number with extension leave it out first, and have it last', () => {
    const withExtension = '+31201234567 ext. 204'
    expect(variants(withExtension, 'digits')).toEqual([...variants('+31201234567', 'digits'), '0201234567204', '31201234567204'])
    expect(variants(withExtension, 'exact').slice(-2)).toEqual(['020 123 4567 ext. 204', '+31 20 123 4567 ext. 204'])
    expect(variants(withExtension, 'e164')).toEqual(['+31201234567'])
    expect(variants(withExtension, 'lastDigits')).toEqual(['1234567'])
  })

  it.each(kinds)('for %s of a text that is no number are the text itself', search => {
    expect(variants(' anonymous ', search)).toEqual(['anonymous'])
    expect(variants('0413741741', search)).toEqual(['0413741741'])
  })

  it.each(kinds)('for %s are never empty, and distinct, in every country', search => {
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

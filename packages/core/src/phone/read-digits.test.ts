import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { getCountries, getCountryCallingCode, parsePhoneNumberWithError, ParseError, type CountryCode } from 'libphonenumber-js/max'
import { examples, spellingsOf } from '../testing/phone-spellings.js'
import { diallingRulesOf } from './numbering-plan.js'
import { e164Of, isPossible, readDigits } from './read-digits.js'
import { digitsOf } from './written-text.js'

const failures: Readonly<Record<string, string>> = { NOT_A_NUMBER: 'not_a_number', INVALID_COUNTRY: 'no_country', TOO_SHORT: 'too_short', TOO_LONG: 'too_long' }

function byLibrary(spelling: string, home: CountryCode | undefined): unknown {
  try {
    const number = parsePhoneNumberWithError(spelling, { ...(home === undefined ? {} : { defaultCountry: home }), extract: false })
    return { e164: number.number, country: number.country, type: number.getType(), isPossible: number.isPossible() }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return failures[error.message]
  }
}

function byUs(spelling: string, home: CountryCode | undefined): unknown {
  const read = readDigits(spelling, home)
  return typeof read === 'string' ? read : { e164: e164Of(read), country: read.country, type: read.type, isPossible: isPossible(read) }
}

/** The readings that differ. Far faster than an expectation for each. */
const differing = (spelling: string, home: CountryCode | undefined): unknown[] => {
  const [ours, theirs] = [byUs(spelling, home), byLibrary(spelling, home)]
  return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ spelling, home, ours, theirs }]
}

const homes = getCountries()
const codes = [...new Set(homes.map(country => getCountryCallingCode(country))), '800', '808', '870', '878', '881', '882', '883', '888', '979']

it('reads what the library reads, of every spelling in every region and of its neighbours', () => {
  const wrong = examples.flatMap(({ country, e164 }) => spellingsOf(e164, country).flatMap(({ text }) => {
    const digits = `${text.startsWith('+') ? '+' : ''}${digitsOf(text)}`
    return [digits, digits.slice(0, -1), `${digits}0`, digits.slice(1)].flatMap(spelling => [country, undefined].flatMap(home => differing(spelling, home)))
  }))
  expect(wrong).toEqual([])
})

it('reads what the library reads, of every example without its plus in regions of all sorts', () => {
  const abroad: CountryCode[] = ['US', 'CA', 'GB', 'JE', 'AR', 'BR', 'MX', 'RU', 'KZ', 'AU', 'CX', 'KR', 'JP', 'IT', 'DE', 'SM', 'BY', 'CO', 'HU']
  const wrong = examples.flatMap(({ e164 }) => abroad.flatMap(home => [e164.slice(1), `00${e164.slice(1)}`, `011${e164.slice(1)}`].flatMap(spelling => differing(spelling, home))))
  expect(wrong).toEqual([])
})

it('reads what the library reads, of any digits behind any prefix, in every region', () => {
  const anyHome = fc.constantFrom(undefined, ...homes)
  const start = anyHome.chain(home => {
    const { trunkPrefix = '', internationalPrefix = '', callingCode = '' } = home === undefined ? {} : diallingRulesOf(home)
    return fc.record({ home: fc.constant(home), before: fc.oneof(fc.constantFrom('', '+', trunkPrefix, callingCode, `+${callingCode}`, `+${callingCode}${trunkPrefix}`, '0', internationalPrefix, `${internationalPrefix}0`), fc.constantFrom(...codes).chain(code => fc.constantFrom(code, `+${code}`, `00${code}`, `${internationalPrefix}${code}`))) })
  })
  fc.assert(fc.property(start, fc.stringMatching(/^\d{0,19}$/), ({ home, before }, digits) => {
    expect(differing(`${before}${digits}`, home)).toEqual([])
  }), { numRuns: 20_000, seed: 11 })
})

import { describe, expect, it } from '@jest/globals'
import { cleanNumber, type CleanOptions } from './clean-number.js'

const inE164: CleanOptions = { phone: { country: 'NL' }, output: 'e164', acceptsPossible: false, movesExtension: false }
const clean = (value: string, changes: Partial<CleanOptions> = {}) => cleanNumber(value, { ...inE164, ...changes })
const textOf = (value: string, changes: Partial<CleanOptions> = {}) => {
  const result = clean(value, changes)
  return result.state === 'cleaned' ? result.text : result.state === 'left' ? result.reason : result.state
}

it.each([['0413-741 741', '+31413741741'], ['+31 413 741741', '+31413741741'], ['(0) 6- 123 45 678', '+31612345678'], [' 0413741741 ', '+31413741741']])('cleans %j to %s', (value, text) => {
  expect(clean(value)).toEqual({ state: 'cleaned', text, extension: null })
})

it('finds what is clean clean, and what is empty empty', () => {
  expect(clean('+31413741741')).toEqual({ state: 'clean' })
  for (const value of ['', '  ', '\u00A0']) expect(clean(value)).toEqual({ state: 'empty' })
})

it.each([
  ['ask reception', 'no_digits'], ['anonymous', 'withheld'], ['204', 'internal'], ['0413 741741 / 0413 741742', 'several_numbers'], ['+33 1234567', 'wrong_length'],
  ['+1 200 555 0100', 'only_possible'],
])('leaves %j as %s', (value, reason) => {
  expect(clean(value)).toEqual({ state: 'left', reason })
})

it('leaves a number without a country code where no country is given', () => {
  expect(textOf('0413741741', { phone: {} })).toBe('no_country')
  expect(textOf('+31 413 741741', { phone: {} })).toBe('+31413741741')
})

it('writes what is only possible when asked to', () => {
  expect(textOf('+1 200 555 0100', { acceptsPossible: true })).toBe('+12005550100')
})

describe('an extension', () => {
  it('keeps a number from a form that has no place for it', () => {
    expect(textOf('0413 741741 x5')).toBe('has_extension')
    expect(textOf('0413 741741 x5', { output: 'digits' })).toBe('has_extension')
  })

  it('is moved when it has a place of its own', () => {
    expect(clean('0413 741741 x5', { movesExtension: true })).toEqual({ state: 'cleaned', text: '+31413741741', extension: '5' })
    expect(clean('0413 741741 x5', { movesExtension: true, output: 'rfc3966' })).toEqual({ state: 'cleaned', text: 'tel:+31413741741', extension: '5' })
  })

  it('is written in forms that have one', () => {
    expect(textOf('0413 741741 x5', { output: 'rfc3966' })).toBe('tel:+31413741741;ext=5')
  })
})

describe('a form that would lose something', () => {
  it('is not the national one of a number of another country', () => {
    expect(textOf('+49 30 123456', { output: 'national' })).toBe('+49 30 123456'.replace('+49 30 123456', 'clean'))
    expect(textOf('+4930123456', { output: 'national' })).toBe('+49 30 123456')
  })

  it('is not digits that are another number of the country', () => {
    expect(textOf('+47 22 98 76 54', { output: 'digits', phone: { country: 'NO' } })).toBe('4722987654')
    expect(textOf('+47 22 98 76 54', { output: 'digits', phone: { country: 'US' } })).toBe('not_reversible')
  })
})

it('finds its own work clean, in every form', () => {
  for (const output of ['e164', 'digits', 'national', 'international', 'rfc3966'] as const) {
    for (const value of ['0413 741741', '06-12345678', '+49 30 123456', '+1 415 555 2671', '+39 06 698 12345', '0800 1234', '0413 741741 x5']) {
      const result = clean(value, { output })
      if (result.state === 'cleaned') expect(`${output} ${value}: ${clean(result.text, { output }).state}`).toBe(`${output} ${value}: clean`)
    }
  }
})

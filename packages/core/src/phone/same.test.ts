import { describe, expect, it } from '@jest/globals'
import { samePhone } from './same.js'

const country = 'NL'

describe('samePhone', () => {
  it.each([
    ['+31413741741', '(0413) 741-741'],
    ['+31413741741', '+31 (0)413 741741'],
    ['0031413741741', '0413 741741'],
    ['+31201234567 ext. 204', '020 1234567 x204'],
  ])('%s is %s', (a, b) => {
    expect(samePhone(a, b, { country })).toBe(true)
    expect(samePhone(b, a, { country })).toBe(true)
  })

  it.each([
    ['+31413741741', '+31413741742'],
    ['+31413741741', '+32413741741'],
    ['+31201234567 ext. 204', '+31201234567 ext. 205'],
    ['anonymous', 'anonymous'],
    ['', ''],
  ])('%j is not %j', (a, b) => {
    expect(samePhone(a, b, { country })).toBe(false)
  })

  it('takes a number without extension for the same as with one', () => {
    expect(samePhone('+31201234567', '+31201234567 ext. 204')).toBe(true)
  })

  it('does not guess a country', () => {
    expect(samePhone('+31413741741', '0413741741')).toBe(false)
  })
})

import { describe, expect, it } from '@jest/globals'
import { samePhone } from './same.js'

const options = { country: 'NL', ownNumbers: ['+31201234567'] }

describe('samePhone', () => {
  it.each([
    ['+31413741741', '(0413) 741-741'],
    ['+31413741741', '+31 (0)413 741741'],
    ['0031413741741', '0413 741741'],
    ['+31201234567 ext. 204', '020 1234567 x204'],
    ['0413 741741 / 06 12345678', '+31612345678'],
    ['0413 741741 / 06 12345678', '020 7654321; 0413-741741'],
    ['204', 'x204'],
    ['204', '020 1234567 x204'],
    ['sip:204@pbx', '204'],
  ])('%s is %s', (a, b) => {
    expect(samePhone(a, b, options)).toBe(true)
    expect(samePhone(b, a, options)).toBe(true)
  })

  it.each([
    ['+31413741741', '+31413741742'],
    ['+31413741741', '+32413741741'],
    ['+31201234567 ext. 204', '+31201234567 ext. 205'],
    ['0413 741741 / 06 12345678', '0413 741742 / 06 12345679'],
    ['204', '205'],
    ['204', '0413 741741 x204'],
    ['anonymous', 'anonymous'],
    ['', ''],
  ])('%j is not %j', (a, b) => {
    expect(samePhone(a, b, options)).toBe(false)
    expect(samePhone(b, a, options)).toBe(false)
  })

  it('takes a number without extension for the same as with one', () => {
    expect(samePhone('+31413741741', '+31413741741 ext. 204')).toBe(true)
  })

  it('does not guess a country', () => {
    expect(samePhone('+31413741741', '0413741741')).toBe(false)
  })
})

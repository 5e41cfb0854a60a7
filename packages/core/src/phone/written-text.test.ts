import { describe, expect, it } from '@jest/globals'
import { digitsOf, tidy } from './written-text.js'

describe('tidy', () => {
  it('knows the decimal digits of every script that this platform can write', () => {
    const written = Intl.supportedValuesOf('numberingSystem').flatMap(numberingSystem => {
      const text = new Intl.NumberFormat('en', { numberingSystem, useGrouping: false }).format(1234567890)
      return /^\p{Nd}{10}$/u.test(text) ? [text] : []
    })
    expect(written.length).toBeGreaterThan(50)
    expect(written.filter(text => tidy(text) !== '1234567890')).toEqual([])
  })

  it('knows digits whose run begins at no round place', () => {
    expect(tidy(String.fromCodePoint(0x1e5f1, 0x1e5fa, 0x116d0, 0x116da))).toBe('0900')
  })

  it.each([
    ['\u202a0413\u200b-\u00ad741\u2060741\ufeff\u202c', '0413-741741'],
    ['0413\u00a0741\u2009741\u3000', '0413 741 741'],
    ['0413\u2010741\u2013741\u2212', '0413-741-741-'],
    ['（０４１３）７４１／７４１', '(0413)741/741'],
    ['1️⃣2️⃣', '12'],
    ['0413741741²³①', '0413741741'],
    ['020\r\n030\u2028040\t050', '020\n030\n040 050'],
    ['  0413  ', '0413'],
  ])('makes %j plain', (text, expected) => {
    expect(tidy(text)).toBe(expected)
  })
})

describe('digitsOf', () => {
  it('keeps ASCII digits, in order', () => {
    expect(digitsOf('+31 (0)413-741 741 x')).toBe('310413741741')
    expect(digitsOf('Jan')).toBe('')
  })
})

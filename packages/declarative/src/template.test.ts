import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTemplate } from './template.js'
import { fillText } from './text.js'

const names = new Set(['phone', 'x', 'x y', 'longest', 'long'])
const filled = (text: string, values: Readonly<Record<string, string>>, form: '$$' | '{}' = '$$') =>
  fillText(parseTemplate(text, names, form), { allowsQuotes: true, valueOf: name => values[name] ?? null })

describe('placeholders', () => {
  it.each([
    ['$filter=a eq $x$&$top=1', '$filter=a eq 1&$top=1'], ['$10 $x$', '$10 1'], ['$$x$$', '$1$'], ['{"a":1} $x$', '{"a":1} 1'], ['$$$$', '$$$$'], ['$x y$', '2'], ['$fone$', '$fone$'], ['$X$', '$X$'], ['', ''],
  ])('in %s are the known ones only', (text, wanted) => {
    expect(filled(text, { x: '1', 'x y': '2' })).toBe(wanted)
  })

  it('in braces leave dollars alone', () => {
    expect(filled('{"a": "{x}"} $x$ {y} {{x}}', { x: '1' }, '{}')).toBe('{"a": "1"} $x$ {y} {1}')
  })

  it('without a value make the whole text missing', () => {
    expect(filled('a $x$', {})).toBeNull()
  })

  it('are never looked for in values', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom('$x$', '$longest$', '$$', '{x}', '$phone$$x$'), fc.string(), (before, planted, after) => {
      const value = `${before}${planted}${after}`
      expect(filled('<$phone$|$long$>', { phone: value, long: value, x: 'rescanned', longest: 'rescanned' })).toBe(`<${value}|${value}>`)
    }))
  })

  it('are taken apart in a time that grows with the text only', () => {
    expect(parseTemplate('$'.repeat(200_000), names)).toEqual(['$'.repeat(200_000)])
    expect(parseTemplate('{'.repeat(200_000), names, '{}')).toEqual(['{'.repeat(200_000)])
  })
})

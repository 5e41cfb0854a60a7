import { describe, expect, it } from '@jest/globals'
import { evaluate } from './evaluate.js'
import { parseExpression } from './expression.js'
import type { Scalar } from './scalar.js'

const names = new Set(['a', 'b', 'a b', 'name', 'call_duration', 'activity_type', 'party_number'])

const result = (text: string, values: Readonly<Record<string, Scalar>> = {}): Scalar | null | 'none' => {
  const expression = parseExpression(text, names)
  return expression ? evaluate(expression, { allowsQuotes: false, valueOf: name => values[name] ?? null }) : 'none'
}

describe('an expression', () => {
  it.each<[string, Readonly<Record<string, Scalar>>, Scalar | null]>([
    ['1 + 2 * 3', {}, 7], ['(1 + 2) * 3', {}, 9], ['7 - 2 - 1', {}, 4], ['-$a$ + 1', { a: 5 }, -4], ['7 % 4', {}, 3], ['$a$ * 1000', { a: 2.5 }, 2500],
    ['\'x\' + 1', {}, 'x1'], ['1 + 2 + \'x\'', {}, '3x'], ['$a$ + $b$', { a: '1', b: 2 }, '12'], ['$a$ * 2', { a: '12' }, 24], ['$a$ * 2', { a: 'twelve' }, null],
    ['1 / 0', {}, null], ['1 % 0', {}, null], ['$a$ + 1', {}, null], ['\'to \' + $a$', {}, null], ['$a$ || \'nobody\'', {}, 'nobody'], ['$a$ && 1', { a: 0 }, 0],
    ['$a$ == \'\'', {}, true], ['$a$ == 5', { a: '5' }, true], ['$a$ != $b$', { a: '5', b: 5 }, false], ['$a$ < 10', { a: '9' }, true], ['\'b\' > \'a\'', {}, true], ['$a$ >= 0', {}, false],
    ['!$a$ ? 1 : 2', {}, 1], ['$a$ ? 1 : $b$ ? 2 : 3', { b: true }, 2], ['$a b$', { 'a b': 'x' }, 'x'], ['\'O\\\'Neil \\\\ $a$\'', { a: 'no' }, 'O\'Neil \\ $a$'],
  ])('%s with %j is %j', (text, values, wanted) => {
    expect(result(text, values)).toEqual(wanted)
  })

  it.each([
    'Call from $a$', '$unknown$ * 2', '1 +', '\'open', '', '1 2', '$a$ = 1', 'toString()', '$a$.b', 'constructor', `${'('.repeat(10_000)}1`, `${'!'.repeat(500)}1`, `1${' + 1'.repeat(2000)}`,
  ])('is none: %.40s', text => {
    expect(result(text)).toBe('none')
  })

  it('takes a value as a value, whatever it looks like', () => {
    expect(result('$a$ + \'!\'', { a: '1 + 1' })).toBe('1 + 1!')
    expect(result('$a$ == \'x\' ? 1 : 2', { a: 'x\' || \'x' })).toBe(2)
    expect(result('$a$ + $b$', { a: '$b$', b: 'x' })).toBe('$b$x')
  })

  it('lets no value out of a quoted literal that it is put into', () => {
    const query = '\'name = \\\'\' + $name$ + \'\\\' limit 1\''
    expect(result(query, { name: 'Ann' })).toBe('name = \'Ann\' limit 1')
    expect(() => result(query, { name: '\' OR \'1\'=\'1' })).toThrow(expect.objectContaining({ code: 'rejected', detail: 'name must not hold \' or \\ here.' }))
    expect(result('\'Don\\\'t call \' + $name$', { name: 'O\'Neil' })).toBe('Don\'t call O\'Neil')
    expect(result('\'n = \\\'\' + $party_number$ + \'\\\'\'', { party_number: '+31 6\' OR' })).toBe('n = \'+316\'')
  })
})

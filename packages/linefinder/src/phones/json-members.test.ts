import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { membersOf } from './json-members.js'

const valuesOf = (text: string) => Object.fromEntries([...membersOf(text)].map(([name, { start, end }]) => [name, text.slice(start, end)]))

it('tells where each value stands, as it is written', () => {
  expect(valuesOf('{"a":1,"b" : "x\\"},{" ,\n"c":{"d":[1,"]"]} , "e":[], "f":-1.50e3,"g":null }')).toEqual({
    a: '1', b: '"x\\"},{"', c: '{"d":[1,"]"]}', e: '[]', f: '-1.50e3', g: 'null',
  })
  expect(valuesOf(' { } ')).toEqual({})
})

it('takes names as JSON means them, and the last of two', () => {
  expect(valuesOf('{"t\\u00e9l":1,"":2,"a":3,"a":4}')).toEqual({ 'tél': '1', '': '2', a: '4' })
})

it('agrees with JSON.parse on any object', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, 2), (object, indent) => {
    const text = JSON.stringify(object, null, indent)
    const members = membersOf(text)
    const parsed = JSON.parse(text) as Record<string, unknown>
    expect([...members.keys()].sort()).toEqual(Object.keys(parsed).sort())
    for (const [name, { start, end }] of members) expect(JSON.parse(text.slice(start, end))).toEqual(parsed[name])
  }), { numRuns: 300, seed: 1 })
})

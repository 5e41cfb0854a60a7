import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { maxProblems } from './findings.js'
import { locate } from './locate.js'
import { printProblems } from './print-problems.js'
import { readDocument } from './read-document.js'

const textOf = (name: string): string => readFileSync(new URL(`../../test-data/${name}.json`, import.meta.url), 'utf8')
const documents = ['01-oauth2-northwind', '02-bearer-odata-braces', 'app-connect/harbour', 'app-connect/lighthouse-oauth'].map(textOf)

/** Whatever the text: a description or an error, never a throw; and each problem has a place in it. */
function expectTold(text: string): void {
  const { description, problems } = readDocument(text)
  expect(description === null).toBe(problems.some(({ severity }) => severity === 'error'))
  expect(problems.length).toBeLessThanOrEqual(maxProblems + 200)
  for (const problem of problems.slice(0, 20)) {
    const { line, column } = locate(text, problem)
    const lines = text.split('\n')
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
  }
  printProblems(text, problems, 'any.json')
}

describe('whatever is read', () => {
  it('a document with a part cut out, doubled or turned to something else', () => {
    fc.assert(fc.property(fc.constantFrom(...documents), fc.nat(), fc.nat(60), fc.string(), (document, from, length, put) => {
      const at = from % document.length
      expectTold(document.slice(0, at) + put + document.slice(at + length))
    }), { numRuns: 400, seed: 20 })
  })

  it('a document with any JSON in place of one of its values', () => {
    fc.assert(fc.property(fc.constantFrom(...documents), fc.nat(), fc.jsonValue({ maxDepth: 4 }), (document, pick, value) => {
      const keys: string[] = []
      JSON.parse(document, (key, each: unknown) => {
        keys.push(key)
        return each
      })
      const changed = keys[pick % keys.length]
      expectTold(JSON.stringify(JSON.parse(document, (key, each: unknown) => key === changed && key !== '' ? value : each), null, 1))
    }), { numRuns: 400, seed: 21 })
  })

  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), text => { expectTold(text) }), { numRuns: 200, seed: 22 })
  })
})

describe('what would take a reader long', () => {
  const withText = (text: string): string => JSON.stringify({ id: 'x', name: 'x', class: 'crm', properties: ['a'.repeat(100)], variables: { v: text }, resource_url: 'https://x.example', api: { FindContact: { request_method: 'GET', request_path: text } } })
  it.each([
    ['dollars', withText('$'.repeat(400_000))],
    ['braces', withText('{'.repeat(400_000)).replace('"class"', '"var_char":"{}","class"')],
    ['letters without an end', withText('a'.repeat(400_000))],
    ['quotes', withText('\'"'.repeat(150_000))],
    ['spaces behind braces', JSON.stringify({ meta: { name: 'x' }, operations: { findContact: { url: `{{${' '.repeat(900_000)}` } } })],
    ['keys that are unknown', JSON.stringify({ id: 'x', api: Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`Find${String(index)}`, {}])) })],
    ['variables that read one another', JSON.stringify({ id: 'x', api: {}, variables: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`v${String(index)}`, `$v${String(index + 1)}$`])) })],
    ['commas too many', `{"a": [${'[1,],'.repeat(150_000)} 1]}`],
    ['comments', '/**/'.repeat(240_000)],
    ['problems', JSON.stringify({ id: 'x', api: { FindContact: { response_map: Array.from({ length: 50_000 }, () => '$fone$') } } })],
  ])('%s are told of', (_name, text) => {
    expectTold(text)
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { locate } from './locate.js'
import { printProblems } from './print-problems.js'
import { readDocument } from './read-document.js'

/*
 * Each document is named for its fault. The text beside it is what `linefinder check` says: place, severity, code, the line with its mark,
 * message and suggestion, of every problem that there is.
 */
const folder = new URL('../../test-data/broken/', import.meta.url)
const names = readdirSync(folder).filter(name => name.endsWith('.json'))
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

describe('a broken document', () => {
  it.each(names)('%s: every problem is told as expected', name => {
    const text = textOf(name)
    expect(printProblems(text, readDocument(text).problems, name)).toBe(textOf(name.replace(/json$/, 'txt')))
  })

  it.each(names)('%s: what is printed is where it is located', name => {
    const text = textOf(name)
    const { problems } = readDocument(text)
    const printed = [...printProblems(text, problems, 'x').matchAll(/^x:(\d+):(\d+) /gm)].map(([, line, column]) => ({ line: Number(line), column: Number(column) }))
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.map(problem => locate(text, problem))).toEqual(printed)
  })

  it('there are forty of them at least', () => {
    expect(names.length).toBeGreaterThanOrEqual(40)
  })
})

describe('a text that is no document at all', () => {
  it.each([
    ['a million open brackets', '['.repeat(1_000_000), 'too_deep'],
    ['more than a megabyte', `{"id": "${'x'.repeat(1_000_001)}"}`, 'too_large'],
    ['nothing', '', 'value_missing'],
    ['null', 'null', 'not_an_object'],
    ['a text', '"crm"', 'not_an_object'],
    ['bytes of a picture', '\u0000\u0001PNG', 'not_json'],
    ['a byte order mark alone', '\uFEFF', 'value_missing'],
  ])('%s is one problem', (_name, text, code) => {
    const { description, problems } = readDocument(text)
    expect(description).toBeNull()
    expect(problems.map(problem => problem.code)).toContain(code)
    expect(printProblems(text, problems, 'x')).toContain(code)
  })
})

it('places count from the document, past escapes and line breaks of either kind', () => {
  const text = '{\r\n  "id": "a",\r\n  "name": "\\u0041\\n\\"B\\"",\r\n  "class": "crm",\r\n  "auth": {"type": "Bearer", "token": "\\"\\u0024x$$key$"},\r\n  "api": {}\r\n}'
  const [problem] = readDocument(text).problems.filter(({ code }) => code === 'unknown_property')
  expect(problem?.message).toContain('$x$')
  expect(locate(text, problem!)).toEqual({ line: 5, column: text.split('\r\n')[4]!.indexOf('\\u0024') + 1 })
})

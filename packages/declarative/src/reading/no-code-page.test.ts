import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { methodNames } from '../description.js'
import { extensions } from './extensions.js'
import { methodFacts } from './method-facts.js'
import { isFurther, parameterNames, parameterOf, usualType } from './parameter-facts.js'
import { printProblems } from './print-problems.js'
import { readDocument } from './read-document.js'

type Json = Record<string, unknown>

const page = readFileSync(new URL('../../../../docs/no-code.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const [whole = '', ...others] = blocks

/** A part of a document stands for the whole one with it in place of what that has. */
function completed(part: string): string {
  const changes = JSON.parse(part) as Json
  if ('operations' in changes) return part
  const { api, auth, ...base } = JSON.parse(whole) as Json
  const text = JSON.stringify({ ...base, ...('OAuth2' in changes ? {} : { auth }), ...changes, api: { ...api as Json, ...changes['api'] as Json | undefined } }, null, 2)
  return changes['var_char'] === '{}' ? text.replace(/\$([A-Za-z_ ]+)\$/g, '{$1}') : text
}

const escape = (text: string): string => text.replaceAll('|', '\\|')
const tableOf = (rows: readonly (readonly string[])[]): string => rows.map(cells => `| ${cells.map(escape).join(' | ')} |`).join('\n')

const examples = new URL('../../../../examples/no-code/', import.meta.url)

it.each(readdirSync(examples).filter(name => name.endsWith('.json') && name !== 'package.json'))('of the example %s there is nothing to tell', name => {
  const text = readFileSync(new URL(name, examples), 'utf8')
  expect(printProblems(text, readDocument(text).problems, name)).toBe('')
})

describe('the page about documents', () => {
  it('has a whole document of which there is nothing to tell', () => {
    expect(printProblems(whole, readDocument(whole, { strict: true }).problems, 'page')).toBe('')
  })

  it.each(others.map((text, index) => [index + 2, text] as const))('its example %i is read; what it leaves undeclared or unused is the rest of the whole one’s', (_index, text) => {
    const full = completed(text)
    const problems = readDocument(full).problems.filter(({ code }) => code !== 'undeclared_parameter' && code !== 'unused')
    expect(printProblems(full, problems, 'page')).toBe('')
  })

  it('says of each what the reader knows: methods, parameters, extensions', () => {
    expect(page).toContain(tableOf(methodNames.map(name => [`\`${name}\`${methodFacts[name].isExtension ? ' (extension)' : ''}`, methodFacts[name].meaning])))
    expect(page).toContain(tableOf(parameterNames.map(name => [`\`${name}\`${isFurther(name) ? ' (extension)' : ''}`, usualType(name), parameterOf(name)?.meaning ?? ''])))
    expect(page).toContain(tableOf(Object.values(extensions).map(({ title, where, meaning }) => [title, where, meaning])))
  })

  it('shows a problem as it is printed', () => {
    const shown = readFileSync(new URL('../../test-data/broken/unknown-placeholder.txt', import.meta.url), 'utf8').replace('unknown-placeholder.json', 'crm.json')
    expect(page).toContain(shown)
  })
})

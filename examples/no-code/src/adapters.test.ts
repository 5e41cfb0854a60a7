import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import acme from '@linefinder/adapter-acme'
import acmeLegacy from '@linefinder/adapter-acme-legacy'
import { capabilityMembers } from '@linefinder/core'
import { ringotelAdapter } from '@linefinder/declarative'

const readDocument = (name: string) => ringotelAdapter(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
const adapters = [readDocument('acme-crm.json'), acme, readDocument('acme-legacy.json'), acmeLegacy]

const readme = new URL('../README.md', import.meta.url)
const table = [
  '| optional member | `acme-crm.json` | `adapters/acme` | `acme-legacy.json` | `adapters/acme-legacy` |', '| --- | --- | --- | --- | --- |',
  ...capabilityMembers.map(member => `| \`${member}\` | ${adapters.map(adapter => adapter[member] ? 'yes' : 'no').join(' | ')} |`),
].join('\n')
const marked = /(<!-- capabilities: made by a test, do not edit -->\n\n)[^]*?(\n\n<!-- capabilities: end -->)/

// UPDATE_MATRIX=1 writes it.
it('can what the README says beside those that are written by hand', () => {
  if (process.env['UPDATE_MATRIX']) writeFileSync(readme, readFileSync(readme, 'utf8').replace(marked, `$1${table}$2`))
  expect(readFileSync(readme, 'utf8')).toContain(`\n\n${table}\n\n`)
})

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { z } from 'zod'
import type { Property } from '@linefinder/core'
import type { Description } from '@linefinder/declarative'
import { CommandError } from '../command-error.js'

export interface ValueOptions {
  readonly property: readonly string[]
  readonly properties?: string
  readonly tokenFile?: string
  readonly dryRun: boolean
}

export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  warn(line: string): void
}

/** What stands for a secret that a dry run does not need. */
const notNeeded = 'not-given'

/** Where the environment has a property: `LINEFINDER_PROPERTY_API_KEY` for `API key`. */
export const variableOf = (property: string): string => `LINEFINDER_PROPERTY_${property.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`

/** The document's properties by name, from options, a file, the environment, or asked for. Throws `CommandError` naming what is missing. */
export async function givenProperties({ properties, personal }: Description, options: ValueOptions, terminal: Terminal): Promise<ReadonlyMap<string, string>> {
  const all = [...properties, ...personal]
  const given = new Map<string, string>()
  for (const [name, value] of Object.entries(options.properties === undefined ? {} : fileOf(options.properties))) given.set(known(name, all).name, value)
  for (const each of options.property) {
    const [name = '', ...rest] = each.split('=')
    if (rest.length === 0) throw new CommandError(`--property is written "name=value", not "${each}".`)
    const property = known(name, all)
    if (property.isSecret) terminal.warn(`"${name}" is a secret, and a command line is seen by everyone on this machine. Use --properties or ${variableOf(name)}.`)
    given.set(name, rest.join('='))
  }
  for (const { name } of all) {
    const value = terminal.environment[variableOf(name)]
    if (!given.has(name) && value !== undefined && value !== '') given.set(name, value)
  }
  const missing = all.filter(({ name, isRequired, isSecret }) => isRequired && !given.has(name) && !(options.dryRun && isSecret))
  if (missing.length > 0 && terminal.input.isTTY !== true) {
    throw new CommandError(`The document needs ${missing.map(({ name }) => `"${name}"`).join(', ')}. Give a file with --properties, such as {"${missing[0]?.name ?? ''}": "…"}, or set ${missing.map(({ name }) => variableOf(name)).join(', ')}.`)
  }
  for (const property of missing) given.set(property.name, await ask(property, terminal))
  if (options.dryRun) for (const { name, isSecret } of all) if (isSecret && !given.has(name)) given.set(name, notNeeded)
  return given
}

/** Throws `CommandError` when there is none, and one is needed. */
export function givenToken(options: ValueOptions, terminal: Terminal): string {
  const token = options.tokenFile === undefined ? terminal.environment['LINEFINDER_TOKEN'] : readText(options.tokenFile).trim()
  if (token !== undefined && token !== '') return token
  if (options.dryRun) return notNeeded
  throw new CommandError('The document connects by OAuth. Give an access token of the CRM in a file with --token-file, or in LINEFINDER_TOKEN.')
}

function known(name: string, all: readonly Property[]): Property {
  const found = all.find(property => property.name === name)
  if (!found) throw new CommandError(`"${name}" is no property of the document. ${all.length === 0 ? 'It has none.' : `There are: ${all.map(each => each.name).join(', ')}.`}`)
  return found
}

function fileOf(path: string): Record<string, string> {
  const read = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  try {
    return read.parse(JSON.parse(readText(path)))
  } catch (error) {
    if (error instanceof CommandError) throw error
    // What is in the file is not shown: it holds secrets.
    throw new CommandError(`${path} must hold properties by name, such as {"API key": "…"}.`)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new CommandError(`${path} cannot be read.`)
  }
}

/** What is typed for a secret is not shown. */
async function ask({ name, label, isSecret }: Property, { input }: Terminal): Promise<string> {
  const output = new Writable({ write: (_chunk, _encoding, done) => { done() } })
  process.stderr.write(`${label ?? name}: `)
  const lines = createInterface(isSecret ? { input, output, terminal: true } : { input, output: process.stderr })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    if (isSecret) process.stderr.write('\n')
  }
}

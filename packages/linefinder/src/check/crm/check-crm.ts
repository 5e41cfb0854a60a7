import { writeFile } from 'node:fs/promises'
import { CommandError } from '../../command-error.js'
import { ask } from '../../openapi/ask.js'
import { documentAt } from '../../openapi/document-at.js'
import { findContacts } from '../../openapi/find-contacts.js'
import { findOwnUser } from '../../openapi/find-users.js'
import { readDocument, type ApiDocument } from '../../openapi/read-document.js'
import { serverAddressOf } from '../../openapi/server-address.js'
import { lookInDocument } from './look-in-document.js'
import { lookLive } from './look-live.js'
import { needs, type NeedName, type Seen } from './needs.js'

export interface CheckCrmOptions {
  readonly openapi?: string
  readonly path?: string
  readonly json?: string
  readonly markdown?: string
}

/** Prints what a CRM has of what it needs. Sets the exit code to 1 when something required is not there. */
export async function checkCrm(address: string, { openapi, path, json, markdown }: CheckCrmOptions): Promise<void> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new CommandError(`--crm must be an address such as https://crm.example.com, not ${address}`)
  if (path !== undefined && !path.startsWith('/')) throw new CommandError('--path begins with a slash, such as /api/users/me')
  const { origin } = new URL(address)
  const document = openapi === undefined ? await discoverDocument(address) : await documentAt(openapi)
  const live = await lookLive(new URL(address), path ?? protectedPathOf(document))
  if (live.failure !== null && document === null) throw new CommandError(`${origin} does not answer: ${live.failure}`)
  const seen = merged([...live.seen, ...(document ? lookInDocument(document) : [])])

  const table = tableOf(seen)
  console.log(`${origin}${document ? `, and its document ${document.title} ${document.version}` : ', without an OpenAPI document (name one with --openapi)'}\n\n${table}\n`)
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ crm: origin, needs: seen.map(each => ({ ...each, ...needs[each.need] })) }, null, 2)}\n`)
  if (markdown !== undefined) await writeFile(markdown, `${table}\n`)
  const missing = seen.filter(({ need, answer }) => needs[need].isRequired && answer === 'no').length
  const unknown = seen.filter(({ need, answer }) => needs[need].isRequired && answer === 'could not tell').length
  console.log(missing > 0 ? `${String(missing)} required ${missing === 1 ? 'thing is' : 'things are'} missing.` : unknown > 0 ? `Nothing required is missing, and ${String(unknown)} could not be told.` : 'Everything required is there.')
  if (missing > 0) process.exitCode = 1
}

/** At the address given, and where documents usually are. */
async function discoverDocument(address: string): Promise<ApiDocument | null> {
  const base = address.replace(/\/+$/, '')
  for (const url of new Set(['', '/openapi.json', '/openapi.yaml', '/api/openapi.json', '/v3/api-docs'].flatMap(path => [`${base}${path}`, `${new URL(address).origin}${path}`]))) {
    const asked = await ask(url)
    if ('failure' in asked) return null
    if (asked.answer.status !== 200 || !/["']?openapi["']?\s*:/.test(asked.answer.text.slice(0, 5000))) continue
    try {
      return readDocument(asked.answer.text, url)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
    }
  }
  return null
}

function protectedPathOf(document: ApiDocument | null): string | null {
  if (document === null) return null
  const path = findOwnUser(document)?.operation.path ?? findContacts(document)?.path
  return path === undefined ? null : `${serverAddressOf(document.server).basePath}${path}`
}

/** One answer for each need, the best that was seen. */
function merged(all: readonly Seen[]): Seen[] {
  const rank = { yes: 2, no: 1, 'could not tell': 0 } as const
  // The keys of the table are its own.
  return (Object.keys(needs) as NeedName[]).map(need => {
    const [best] = all.filter(each => each.need === need).sort((a, b) => rank[b.answer] - rank[a.answer])
    return best ?? { need, answer: 'could not tell', why: 'neither the CRM nor a document shows it' }
  })
}

function tableOf(seen: readonly Seen[]): string {
  const rows = seen.map(({ need, answer, why }) => [needs[need].what, needs[need].isRequired ? 'required' : 'recommended', answer, why, answer === 'yes' ? '' : needs[need].advice])
  return [
    ['what', '', 'there', 'seen', 'what to do'], ['---', '---', '---', '---', '---'], ...rows,
  ].map(row => `| ${row.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`).join('\n')
}

import * as z from 'zod'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'
import { problemCode } from './problem-code.js'

const instant = z.iso.datetime()
const syncKind = z.enum(['full', 'incremental']).meta({ description: '`full` reads every contact and drops those that are gone; `incremental` reads what has changed.' })

/** How fast a run went, and what it brought. */
const run = z.object({
  kind: syncKind,
  startedAt: instant,
  pages: z.int(),
  contacts: z.int(),
  numbers: z.int(),
  contactsPerSecond: z.number(),
})

export const directoryResource = z.object({
  id: z.string(),
  /** `account`: read by every agent of the CRM account. `personal`: by its one connection. */
  scope: z.enum(['account', 'personal']),
  /** The connection that feeds it. */
  connection: z.uuid(),
  /** `waiting` for its first sync, `syncing`, `ready` after one that succeeded, `failed` after one that did not. */
  state: z.enum(['waiting', 'syncing', 'ready', 'failed']),
  /** It once held every contact of the CRM, so that a number it does not know belongs to nobody. */
  isComplete: z.boolean(),
  contacts: z.int(),
  /** Numbers that a lookup can find. */
  numbers: z.int(),
  /** Numbers that are none of their country: found only by exactly the same digits. */
  notValidNumbers: z.int(),
  /** Numbers that nobody can be found by, by the reason. */
  unreadableNumbers: z.array(z.object({ reason: z.string(), count: z.int() })),
  /** The run under way. */
  progress: run.nullable(),
  lastResult: run.extend({
    finishedAt: instant,
    /** Contacts that had gone from the CRM. */
    deleted: z.int(),
    error: z.object({ code: problemCode, detail: z.string().optional() }).nullable(),
  }).nullable(),
  /** When it last agreed with the CRM. */
  syncedAt: instant.nullable(),
  fullSyncedAt: instant.nullable(),
  nextSyncAt: instant.nullable(),
  syncEveryMinutes: z.int(),
  fullEveryHours: z.int(),
  maxContacts: z.int().nullable(),
}).meta({ id: 'Directory' })
export type DirectoryResource = z.infer<typeof directoryResource>

export const directory = {
  get: endpoint({
    method: 'GET', path: '/v1/directory', tag: 'Directory', access: 'lookup',
    summary: 'The directory that answers lookups here: progress, counts, last result',
    output: directoryResource, errors: ['directory_not_found'],
  }),
}

const ofConnection = (rest = '') => ({ path: `/v1/admin/connections/{id}/directory${rest}`, access: 'admin', tag: 'Administration', params: z.object({ id: z.uuid() }) }) as const

export const adminDirectories = {
  list: endpoint({
    method: 'GET', path: '/v1/admin/directories', access: 'admin', tag: 'Administration',
    summary: 'The tenant’s directories', query: pageQuery, output: pageOf(directoryResource), errors: [],
  }),
  switchOn: endpoint({
    method: 'PUT', ...ofConnection(), summary: 'Keep a directory of the contacts that this connection sees',
    description: 'Of a shared connection, every agent of its CRM account reads it: whatever the CRM shows that connection, it shows them all. Of a personal one, its agent alone, up to `maxContacts`. Again: changes the figures.',
    body: z.object({
      /** How often changes are read. */
      syncEveryMinutes: z.int().min(1).max(1440).default(5),
      /** How often everything is read, so that what was deleted in the CRM disappears. */
      fullEveryHours: z.int().min(1).max(720).default(24),
      /** A sync of more stops and says so. Default 5000 for a personal connection, no limit for a shared one. */
      maxContacts: z.int().min(1).max(10_000_000).nullable().optional(),
    }),
    output: directoryResource, statuses: [200, 201], errors: ['not_found', 'crm_unsupported', 'already_exists', 'session_expired'],
  }),
  switchOff: endpoint({
    method: 'DELETE', ...ofConnection(), summary: 'Forget the directory; lookups ask the CRM again',
    output: null, errors: ['not_found', 'directory_not_found'],
  }),
  sync: endpoint({
    method: 'POST', ...ofConnection('/sync'), summary: 'Sync now',
    description: 'What changed, or everything with `full`. A run that is under way goes on and another follows it.',
    body: z.object({ full: z.boolean().default(false) }),
    output: directoryResource, statuses: [202], errors: ['not_found', 'directory_not_found'],
  }),
}

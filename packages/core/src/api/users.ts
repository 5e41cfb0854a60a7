import * as z from 'zod'
import { crmUserId } from '../ids.js'
import { endpoint } from './endpoint.js'

const mappedUser = z.strictObject({
  /** As the phone system names it in a call log's `agent.extension`; compared byte by byte. */
  extension: z.string().trim().min(1).max(20),
  /** The CRM's id of its user. */
  crmUserId,
})

export const userMapping = z.object({ entries: z.array(mappedUser) }).meta({ id: 'UserMapping' })
export type UserMappingResource = z.infer<typeof userMapping>
export type MappedUser = UserMappingResource['entries'][number]

export const crmUserOfConnection = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().optional(),
  /** Those that are mapped to this user. */
  extensions: z.array(z.string()),
  /** Who this user seems to be; `null` when no agent, or more than one, fits. */
  suggestion: z.object({
    agent: z.uuid(),
    /** `identity`: the agent is connected as this user. `email`: both have the address. `extension`: the agent has one that is mapped to this user. */
    by: z.enum(['identity', 'email', 'extension']),
    /** The agent's extensions that are mapped to nobody yet. */
    extensions: z.array(z.string()),
  }).nullable(),
}).meta({ id: 'CrmUserOfConnection' })
export type CrmUserOfConnection = z.infer<typeof crmUserOfConnection>

const ofConnection = (rest: string) => ({ path: `/v1/admin/connections/{id}/${rest}`, access: 'admin', tag: 'Administration', params: z.object({ id: z.uuid() }) }) as const
const crmFailures = ['not_found', 'needs_reconnect', 'crm_unreachable', 'crm_timeout', 'crm_bad_response'] as const

export const adminUsers = {
  list: endpoint({
    method: 'GET', ...ofConnection('users'), summary: 'The CRM’s users, as this connection sees them',
    description: 'With mapped extensions, and the agent each seems to be.',
    output: z.object({ items: z.array(crmUserOfConnection) }), errors: ['crm_unsupported', ...crmFailures],
  }),
  mapping: endpoint({
    method: 'GET', ...ofConnection('user-mapping'), summary: 'The mapping of users of the connection’s CRM account',
    output: userMapping, errors: ['not_found'],
  }),
  replaceMapping: endpoint({
    method: 'PUT', ...ofConnection('user-mapping'), summary: 'Map extensions to the CRM’s users',
    description: 'Replaces the mapping of the whole CRM account. Logs that name no user go under the mapped one.',
    body: z.object({ entries: z.array(mappedUser).max(10_000) }), output: userMapping, errors: crmFailures,
  }),
}

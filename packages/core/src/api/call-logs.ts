import * as z from 'zod'
import { activity, activityRef, callLogInput } from '../call-log.js'
import { callId } from '../ids.js'
import { problemCodes } from '../errors/codes.js'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'

export const callLogStatuses = ['pending', 'delivering', 'delivered', 'retrying', 'failed'] as const
export const callLogStatus = z.enum(callLogStatuses)
export type CallLogStatus = z.infer<typeof callLogStatus>

export const callLogResource = callLogInput.extend({
  callId,
  phoneSystem: z.string(),
  /** Empty unless the call was split between agents. */
  leg: z.string(),
  status: callLogStatus,
  /** Rises with every change. */
  version: z.int(),
  /** What the CRM has; equals `version` once delivered. */
  deliveredVersion: z.int(),
  /** The CRM's copy, once it exists. */
  activity: activityRef.extend({ url: z.string().optional() }).nullable(),
  lastError: z.object({ code: z.enum(problemCodes as [string, ...string[]]), at: z.iso.datetime() }).nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deliveredAt: z.iso.datetime().nullable(),
}).meta({ id: 'CallLog' })
export type CallLogResource = z.infer<typeof callLogResource>

/** JSON merge patch (RFC 7396): what is left out stays, `null` removes. */
export const callLogPatch = z.object({
  ...callLogInput.partial().shape,
  ...Object.fromEntries(
    Object.entries(callLogInput.shape).filter(([, schema]) => schema.isOptional()).map(([name, schema]) => [name, schema.nullable()]),
  ) as { [K in OptionalName]: z.ZodNullable<(typeof callLogInput.shape)[K]> },
}).refine(patch => Object.keys(patch).length > 0, 'change at least one field')
type Shape = typeof callLogInput.shape
type OptionalName = { [K in keyof Shape]: Shape[K] extends z.ZodOptional ? K : never }[keyof Shape]
export type CallLogPatch = z.infer<typeof callLogPatch>

const key = z.object({ callId })
const legQuery = z.object({
  leg: z.string().max(100).default('').meta({ description: 'Only for a call that was really split between agents.' }),
  phone_system: z.string().min(1).max(100).optional().meta({ description: 'Default: the client app’s.' }),
})
const crmFailures = ['needs_reconnect', 'crm_unreachable', 'crm_timeout', 'crm_server_error', 'crm_bad_response', 'crm_rejected'] as const

export const callLogs = {
  put: endpoint({
    method: 'PUT', path: '/v1/call-logs/{callId}', tag: 'Call logs', access: 'log',
    summary: 'Say what the CRM shall know of a call',
    description: 'Creates or replaces; the same again changes nothing. One call has one log per CRM account, whoever sends it. When the CRM fails, the log is kept and the problem says where it stands.',
    params: key, query: legQuery, body: callLogInput,
    output: callLogResource, statuses: [200, 201],
    errors: ['owned_by_other', ...crmFailures],
  }),
  patch: endpoint({
    method: 'PATCH', path: '/v1/call-logs/{callId}', tag: 'Call logs', access: 'log',
    summary: 'Change part of a call log',
    description: 'JSON merge patch (RFC 7396): what is left out stays, null removes.',
    params: key, query: legQuery, body: callLogPatch,
    output: callLogResource,
    errors: ['call_log_not_found', 'owned_by_other', ...crmFailures],
  }),
  get: endpoint({
    method: 'GET', path: '/v1/call-logs/{callId}', tag: 'Call logs', access: 'log',
    summary: 'One call log and where it stands',
    params: key,
    query: legQuery.extend({ include: z.literal('activity').optional().meta({ description: 'Also read back what the CRM holds now (`crmActivity`).' }) }),
    output: callLogResource.extend({ crmActivity: activity.nullable().optional() }),
    errors: ['call_log_not_found', 'owned_by_other', 'crm_unsupported'],
  }),
  list: endpoint({
    method: 'GET', path: '/v1/call-logs', tag: 'Call logs', access: 'log',
    summary: 'Call logs by ids or by time, latest call first',
    query: pageQuery.extend({
      ids: z.string().max(20_000).transform(text => text.split(',').filter(id => id !== '')).pipe(z.array(callId).min(1).max(100)).optional()
        .meta({ description: 'Up to 100 call ids, separated by commas. Unknown ones are left out.' }),
      since: z.iso.datetime({ offset: true }).optional().meta({ description: 'Calls that started then or later.' }),
      until: z.iso.datetime({ offset: true }).optional().meta({ description: 'Calls that started before.' }),
      phone_system: z.string().min(1).max(100).optional(),
      status: callLogStatus.optional(),
    }),
    output: pageOf(callLogResource),
    errors: [],
  }),
}

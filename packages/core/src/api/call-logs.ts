import * as z from 'zod'
import { activity, callLogInput } from '../call-log.js'
import { callId } from '../ids.js'
import { logFieldName, logFieldValue } from '../log-field.js'
import { explanation } from './deliveries.js'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'
import { callLogStatus, standing } from './standing.js'

export const callLogResource = callLogInput.extend({
  callId,
  phoneSystem: z.string(),
  /** Empty unless the call was split between agents. */
  leg: z.string(),
  /** Whether the recording is in the CRM itself, where the installation has recordings copied; `null` before it was tried. The log counts as delivered without. */
  recording: z.object({
    status: z.enum(['copied', 'retrying', 'failed']),
    code: z.enum(['recording_failed', 'recording_refused']).optional(),
    detail: z.string().optional(),
  }).nullable(),
  ...standing.shape,
}).meta({ id: 'CallLog' })
export type CallLogResource = z.infer<typeof callLogResource>

/** JSON merge patch (RFC 7396): what is left out stays, `null` removes. */
export const callLogPatch = z.object({
  ...callLogInput.partial().shape,
  ...Object.fromEntries(
    Object.entries(callLogInput.shape).filter(([, schema]) => schema.isOptional()).map(([name, schema]) => [name, schema.nullable()]),
  ) as { [K in OptionalName]: z.ZodNullable<(typeof callLogInput.shape)[K]> },
  fields: z.record(logFieldName, logFieldValue.nullable()).nullable().optional(),
}).refine(patch => Object.keys(patch).length > 0, 'change at least one field')
type Shape = typeof callLogInput.shape
type OptionalName = { [K in keyof Shape]: Shape[K] extends z.ZodOptional ? K : never }[keyof Shape]
export type CallLogPatch = z.infer<typeof callLogPatch>

const key = z.object({ callId })
const legQuery = z.object({
  leg: z.string().max(100).default('').meta({ description: 'Only for a call that was really split between agents.' }),
  phone_system: z.string().min(1).max(100).optional().meta({ description: 'Default: the client app’s.' }),
})

export const callLogs = {
  put: endpoint({
    method: 'PUT', path: '/v1/call-logs/{callId}', tag: 'Call logs', access: 'log',
    summary: 'Say what the CRM shall know of a call',
    description: 'Creates or replaces; the same again changes nothing. One call has one log per CRM account, whoever sends it. From the answer on the log is kept, and the CRM is told as soon as it can be, once: 202 when that is still to come, 201 or 200 when it has it. `Prefer: wait=5` waits for that.',
    params: key, query: legQuery, body: callLogInput,
    output: callLogResource, statuses: [202, 201, 200], canWait: true,
    errors: ['owned_by_other'],
  }),
  patch: endpoint({
    method: 'PATCH', path: '/v1/call-logs/{callId}', tag: 'Call logs', access: 'log',
    summary: 'Change part of a call log',
    description: 'JSON merge patch (RFC 7396): what is left out stays, null removes; also within `fields`. Answers as PUT does.',
    params: key, query: legQuery, body: callLogPatch,
    output: callLogResource, statuses: [202, 200], canWait: true,
    errors: ['call_log_not_found', 'owned_by_other', 'content_deleted'],
  }),
  get: endpoint({
    method: 'GET', path: '/v1/call-logs/{callId}', tag: 'Call logs', access: 'log',
    summary: 'One call log and where it stands',
    params: key,
    query: legQuery.extend({ include: z.literal('activity').optional().meta({ description: 'Also read back what the CRM holds now (`crmActivity`).' }) }),
    output: callLogResource.extend({ crmActivity: activity.nullable().optional() }),
    errors: ['call_log_not_found', 'owned_by_other', 'content_deleted', 'crm_unsupported'],
  }),
  explain: endpoint({
    method: 'GET', path: '/v1/call-logs/{callId}/explain', tag: 'Call logs', access: 'log',
    summary: 'Why a call log is where it is',
    description: 'Whose record it goes on and why, every attempt to tell the CRM with its outcome, and when the next one is. Names of fields, never their values.',
    params: key, query: legQuery, output: explanation,
    errors: ['call_log_not_found', 'owned_by_other'],
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

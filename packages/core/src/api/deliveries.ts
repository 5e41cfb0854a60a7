import * as z from 'zod'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'
import { callLogStatus, standing } from './standing.js'
import { problemCode } from './problem-code.js'

export const entryKinds = ['call', 'message', 'callback'] as const
const entryKind = z.enum(entryKinds)
const undelivered = z.enum(['pending', 'delivering', 'retrying', 'failed'])
const instant = z.iso.datetime({ offset: true })

/** One try to bring an entry to the CRM. */
export const attempt = z.object({
  id: z.uuid(),
  /** Counted since the last delivery that succeeded. */
  attempt: z.int(),
  version: z.int(),
  /** A `probe` looks for what a lost answer may have made, and goes on to create or update. */
  operation: z.enum(['create', 'update', 'probe']),
  /** `null`: under way, or its process died. */
  outcome: z.enum(['delivered', 'retry', 'failed']).nullable(),
  /** The names of what the CRM was told; never the values. Of a create everything is told. */
  changed: z.array(z.string()),
  error: z.object({ code: problemCode, detail: z.string().optional() }).nullable(),
  /** Names the attempt in the log. */
  requestId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
}).meta({ id: 'DeliveryAttempt' })
export type DeliveryAttempt = z.infer<typeof attempt>

/** Why an entry is where it is. */
export const explanation = z.object({
  ...standing.shape,
  /** One sentence for the person who asks. */
  summary: z.string(),
  /** Whether the CRM can be told at all at the moment. */
  connection: z.object({ id: z.uuid(), state: z.string(), pausedUntil: z.iso.datetime().nullable() }),
  /** Since when the CRM lacks something. */
  undeliveredSince: z.iso.datetime().nullable(),
  /** Latest first, at most 100. */
  attempts: z.array(attempt),
}).meta({ id: 'Explanation' })
export type Explanation = z.infer<typeof explanation>

/** What the CRM does not have yet, as the tenant's admin sees it: no number, name or note. */
export const adminDelivery = z.object({
  id: z.uuid(),
  kind: entryKind,
  phoneSystem: z.string(),
  /** The id of the call, of the conversation or of the callback. */
  key: z.string(),
  /** A call's leg, or a conversation's day. */
  part: z.string(),
  connection: z.uuid(),
  agent: z.uuid().nullable(),
  status: callLogStatus,
  version: z.int(),
  deliveredVersion: z.int(),
  attempts: z.int(),
  lastError: z.object({ code: problemCode, detail: z.string().optional(), at: z.iso.datetime() }).nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  undeliveredSince: z.iso.datetime(),
}).meta({ id: 'AdminDelivery' })
export type AdminDelivery = z.infer<typeof adminDelivery>

const filter = z.object({
  status: undelivered.optional(),
  kind: entryKind.optional(),
  connection: z.uuid().optional(),
  code: problemCode.optional().meta({ description: 'Of the last error.' }),
  undelivered_before: instant.optional().meta({ description: 'Those that have waited since then or longer.' }),
})
const byId = z.object({ id: z.uuid() })
const at = (path: string) => ({ path: `/v1/admin/deliveries${path}`, access: 'admin', tag: 'Administration' }) as const

export const adminDeliveries = {
  list: endpoint({
    method: 'GET', ...at(''), summary: 'What the CRMs do not have yet, longest waiting first',
    query: pageQuery.extend(filter.shape), output: pageOf(adminDelivery), errors: [],
  }),
  explain: endpoint({ method: 'GET', ...at('/{id}/explain'), summary: 'Why an entry is where it is', params: byId, output: explanation, errors: ['not_found'] }),
  replay: endpoint({
    method: 'POST', ...at('/{id}/replay'), summary: 'Have one tried again at once', params: byId,
    description: 'Also one that has failed. What is being delivered, or is delivered, stays as it is.',
    output: adminDelivery, statuses: [202], errors: ['not_found'],
  }),
  replayAll: endpoint({
    method: 'POST', ...at('/replay'), summary: 'Have all that match tried again', body: filter,
    description: 'At most 10,000 at a time, longest waiting first; `remaining` says whether there are more.',
    output: z.object({ replayed: z.int(), remaining: z.int() }), statuses: [202], errors: [],
  }),
  discard: endpoint({
    method: 'POST', ...at('/{id}/discard'), summary: 'Stop trying to tell the CRM of one',
    description: 'It is kept as failed with the code `discarded` and the reason. A change by its client, or a replay, takes it up again.',
    params: byId, body: z.object({ reason: z.string().trim().min(1).max(500) }), output: adminDelivery, errors: ['not_found', 'conflict_state'],
  }),
}

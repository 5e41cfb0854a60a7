import * as z from 'zod'
import { activityRef } from '../call-log.js'
import { contactId } from '../ids.js'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'
import { problemCode } from './problem-code.js'

const instant = z.iso.datetime()
const errorCode = problemCode.nullable()

/** What an endpoint can subscribe to. */
export const webhookEventTypes = [
  'call_log.delivered', 'call_log.failed',
  'message_log.delivered', 'message_log.failed',
  'callback.delivered', 'callback.failed',
  'connection.degraded', 'connection.needs_reconnect', 'connection.recovered',
  'contact.created',
] as const
export type WebhookEventType = (typeof webhookEventTypes)[number]

const ofLog = z.object({
  connectionId: z.uuid(),
  crmAccountId: z.uuid(),
  phoneSystem: z.string(),
  version: z.int(),
  /** As the log's own resource spells it. */
  status: z.string(),
  activity: activityRef.nullable(),
  errorCode,
})
const ofCallLog = ofLog.extend({ callId: z.string(), leg: z.string() })
const ofMessageLog = ofLog.extend({ conversationId: z.string(), day: z.iso.date(), leg: z.string().optional() })
const ofCallback = ofLog.extend({ callbackId: z.string(), leg: z.string().optional() })
const ofConnection = z.object({
  connectionId: z.uuid(),
  installationId: z.uuid(),
  crmAccountId: z.uuid(),
  kind: z.enum(['personal', 'shared']),
  /** As the connection's own resource spells it. */
  state: z.string(),
  errorCode,
})
const ofContact = z.object({ connectionId: z.uuid(), crmAccountId: z.uuid(), contactId })

/** `timestamp` is when it happened, not when it is sent. */
const event = <const Type extends WebhookEventType | 'webhook.test', Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), timestamp: instant, data })

/**
 * What a receiver gets as the body. It holds ids and codes, never a phone number, name, note or secret: the receiver asks for
 * the rest with a credential of its own.
 */
export const webhookEvent = z.discriminatedUnion('type', [
  event('call_log.delivered', ofCallLog), event('call_log.failed', ofCallLog),
  event('message_log.delivered', ofMessageLog), event('message_log.failed', ofMessageLog),
  event('callback.delivered', ofCallback), event('callback.failed', ofCallback),
  event('connection.degraded', ofConnection), event('connection.needs_reconnect', ofConnection), event('connection.recovered', ofConnection),
  event('contact.created', ofContact),
  /** Sent only when an admin asks for it, to endpoints of any subscription. */
  event('webhook.test', z.object({ webhookId: z.uuid() })),
]).meta({ id: 'WebhookEvent' })
export type WebhookEvent = z.infer<typeof webhookEvent>

const webhookFields = z.object({
  /** https; a private address or plain http only where the operator listed its origin. */
  url: z.url({ protocol: /^https?$/ }).max(2000),
  /** `null`: all of them, those of later versions too. */
  events: z.array(z.enum(webhookEventTypes)).min(1).max(100).nullable(),
  enabled: z.boolean(),
  description: z.string().trim().max(1000),
})

export const adminWebhook = webhookFields.extend({
  id: z.uuid(),
  /** Why we switched it off: `gone` after an answer 410, `failing` after five days without success. Null while it is on, and when an admin did it. */
  disabledReason: z.enum(['gone', 'failing']).nullable(),
  /** The first failure since the last success. */
  failingSince: instant.nullable(),
  /** Until when the secret before is used as well. */
  previousSecretUntil: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: 'AdminWebhook' })

export const webhookOutcomes = ['pending', 'retrying', 'delivered', 'failed'] as const
export type WebhookOutcome = (typeof webhookOutcomes)[number]

/** Why there was no answer. */
export const webhookFailures = ['timeout', 'unreachable', 'connection_lost', 'address_refused', 'bad_response'] as const
export type WebhookFailure = (typeof webhookFailures)[number]

const attempt = z.object({
  /** The answer's HTTP status; `null` when there was none. */
  status: z.int().nullable(),
  error: z.enum(webhookFailures).nullable(),
  ms: z.int(),
  /** How the answer's body begins. */
  answer: z.string(),
})

export const webhookDelivery = z.object({
  /** Sent as `webhook-id`, the same in every attempt. */
  id: z.uuid(),
  event: webhookEvent,
  /** `pending` before its first attempt, `retrying` while another follows. */
  outcome: z.enum(webhookOutcomes),
  /** Since it was made or replayed. */
  attempts: z.int(),
  nextAttemptAt: instant.nullable(),
  lastAttempt: attempt.extend({ at: instant }).nullable(),
  createdAt: instant,
  deliveredAt: instant.nullable(),
}).meta({ id: 'WebhookDelivery' })
export type WebhookDelivery = z.infer<typeof webhookDelivery>

const at = (rest = '') => ({ path: `/v1/admin/webhooks${rest}`, access: 'admin', tag: 'Administration' }) as const
const byId = z.object({ id: z.uuid() })
const withSecret = adminWebhook.extend({
  /** `whsec_` and base64. */
  secret: z.string(),
})

export const adminWebhooks = {
  list: endpoint({ method: 'GET', ...at(), summary: 'The tenant’s webhooks', query: pageQuery, output: pageOf(adminWebhook), errors: [] }),
  create: endpoint({
    method: 'POST', ...at(), summary: 'Have events sent to an address',
    description: 'Signed after the Standard Webhooks specification. The secret is in this answer only.',
    body: webhookFields.extend({
      events: webhookFields.shape.events.default(null),
      enabled: z.boolean().default(true),
      description: webhookFields.shape.description.default(''),
    }),
    output: withSecret, statuses: [201], errors: [],
  }),
  get: endpoint({ method: 'GET', ...at('/{id}'), summary: 'One webhook', params: byId, output: adminWebhook, errors: ['webhook_not_found'] }),
  update: endpoint({
    method: 'PATCH', ...at('/{id}'), summary: 'Change a webhook', params: byId,
    description: 'What is left out stays. What waits while it is switched off goes out when it is switched on again.',
    body: webhookFields.partial(), output: adminWebhook, errors: ['webhook_not_found'],
  }),
  remove: endpoint({ method: 'DELETE', ...at('/{id}'), summary: 'Remove a webhook and its deliveries', params: byId, output: null, errors: ['webhook_not_found'] }),
  rotateSecret: endpoint({
    method: 'POST', ...at('/{id}/rotate-secret'), summary: 'Make a new secret', params: byId,
    description: 'For 24 hours every request carries a signature by the new secret and one by the secret before. The new one is in this answer only.',
    output: withSecret, errors: ['webhook_not_found'],
  }),
  test: endpoint({
    method: 'POST', ...at('/{id}/test'), summary: 'Send the event webhook.test now', params: byId,
    description: 'Once, also to a webhook that is switched off. It is not kept among the deliveries.',
    output: attempt.extend({ delivered: z.boolean() }), errors: ['webhook_not_found'],
  }),
  listDeliveries: endpoint({
    method: 'GET', ...at('/{id}/deliveries'), summary: 'What was sent or is to be sent, latest first', params: byId,
    description: 'Kept for 30 days.',
    query: pageQuery.extend({ outcome: z.enum(webhookOutcomes).optional() }),
    output: pageOf(webhookDelivery), errors: ['webhook_not_found'],
  }),
  replayDelivery: endpoint({
    method: 'POST', ...at('/{id}/deliveries/{deliveryId}/replay'), summary: 'Send a delivery again',
    description: 'With the same `webhook-id`, and all its retries again. One that is being sent at this moment goes on as it is.',
    params: byId.extend({ deliveryId: z.uuid() }), output: webhookDelivery, statuses: [202], errors: ['webhook_not_found', 'not_found'],
  }),
  replay: endpoint({
    method: 'POST', ...at('/{id}/replay'), summary: 'Send all again that failed', params: byId,
    body: z.object({
      /** Those made since then. Default: all that are kept. */
      since: z.iso.datetime({ offset: true }).optional(),
    }),
    output: z.object({ replayed: z.int() }), statuses: [202], errors: ['webhook_not_found'],
  }),
}

import type { z } from 'zod'
import type { adminWebhook, OutputOf, api, WebhookDelivery } from '@linefinder/core/api'
import type { DeliveryRow } from './delivery-row.js'
import type { WebhookEndpointRow } from './models.js'
import type { Answer } from './sender.js'

/** The secrets are left out: one is given out when it is made and never again. */
export function toWebhook(row: WebhookEndpointRow): z.output<typeof adminWebhook> {
  if (!row.createdAt || !row.updatedAt) throw new Error('a row was read without its times')
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    description: row.description,
    enabled: row.enabled,
    disabledReason: row.disabledReason,
    failingSince: row.failingSince?.toISOString() ?? null,
    previousSecretUntil: row.previousSecretUntil && row.previousSecretUntil.getTime() > Date.now() ? row.previousSecretUntil.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

export const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  event: row.event,
  outcome: row.outcome,
  attempts: row.attempts,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  lastAttempt: row.lastAttemptAt && {
    at: row.lastAttemptAt.toISOString(), status: row.lastStatus, error: row.lastError, ms: row.lastMs ?? 0, answer: row.lastAnswer ?? '',
  },
  createdAt: row.createdAt.toISOString(),
  deliveredAt: row.deliveredAt?.toISOString() ?? null,
})

export const toTestResult = ({ isTaken, status, error, ms, answer }: Answer): OutputOf<typeof api.admin.webhooks.test> =>
  ({ delivered: isTaken, status, error, ms, answer })

import type { WebhookEvent, WebhookFailure, WebhookOutcome } from '@linefinder/core/api'

/** One event for one endpoint, and how far it got. */
export interface DeliveryRow {
  readonly id: string
  readonly tenantId: string
  readonly endpointId: string
  readonly event: WebhookEvent
  readonly outcome: WebhookOutcome
  readonly attempts: number
  readonly nextAttemptAt: Date | null
  readonly lastAttemptAt: Date | null
  readonly lastStatus: number | null
  readonly lastError: WebhookFailure | null
  readonly lastMs: number | null
  readonly lastAnswer: string | null
  readonly createdAt: Date
  readonly deliveredAt: Date | null
}

/** For statements that answer with a `DeliveryRow`; `d` is its table. */
export const deliveryColumns = `
  d.id, d.tenant_id AS "tenantId", d.endpoint_id AS "endpointId", d.event, d.outcome, d.attempts, d.next_attempt_at AS "nextAttemptAt",
  d.last_attempt_at AS "lastAttemptAt", d.last_status AS "lastStatus", d.last_error AS "lastError", d.last_ms AS "lastMs",
  d.last_answer AS "lastAnswer", d.created_at AS "createdAt", d.delivered_at AS "deliveredAt"`

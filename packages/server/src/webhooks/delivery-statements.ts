import type { WebhookEvent } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import { deliveryColumns, type DeliveryRow } from './delivery-row.js'
import type { Answer } from './sender.js'
import type { SigningSecrets } from './signing.js'
import { transitions } from './transitions.js'

/** A delivery that this process alone may send for now. */
export interface Lease extends DeliveryRow, SigningSecrets {
  readonly token: string
  readonly url: string
}

/** One row for each endpoint of the tenant that is switched on and wants the event. */
export const writeDeliveries = (database: Database, tenantId: string, event: WebhookEvent) => database.query({
  name: 'write-webhook-deliveries',
  text: `
    INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, event)
    SELECT gen_random_uuid(), tenant_id, id, $3::json FROM webhook_endpoints
    WHERE tenant_id = $1 AND enabled AND (events IS NULL OR events @> to_jsonb($2::text))`,
}, [tenantId, event.type, JSON.stringify(event)])

/** Endpoints that something is due for, longest overdue first. One that is switched off keeps what is due. */
export async function listDueEndpoints(database: Database, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    name: 'list-due-webhook-endpoints',
    text: `
      SELECT e.id FROM webhook_endpoints e CROSS JOIN LATERAL (
        SELECT d.next_attempt_at FROM webhook_deliveries d
        WHERE d.endpoint_id = e.id AND d.tenant_id = e.tenant_id AND d.next_attempt_at <= now()
        ORDER BY d.next_attempt_at LIMIT 1
      ) due
      WHERE e.enabled ORDER BY due.next_attempt_at LIMIT $1`,
  }, [limit])
  return rows.map(({ id }) => id)
}

/** Takes what is longest due for the endpoint and nobody else is about to take. `token` is new and unique. */
export const takeLeases = (database: Database, endpointId: string, token: string, leaseMs: number, limit: number) => database.query<Lease>({
  name: 'lease-webhook-deliveries',
  text: `
    WITH due AS (
      SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id AND e.tenant_id = d.tenant_id
      WHERE d.endpoint_id = $1 AND e.enabled AND d.next_attempt_at <= now()
      ORDER BY d.next_attempt_at LIMIT $4 FOR UPDATE OF d SKIP LOCKED
    ), d AS (
      UPDATE webhook_deliveries SET lease_token = $2, next_attempt_at = now() + make_interval(secs => $3), attempts = attempts + 1
      WHERE id IN (SELECT id FROM due)
      RETURNING *
    )
    SELECT ${deliveryColumns}, d.lease_token AS token, e.url, e.secret, e.previous_secret AS "previousSecret", e.previous_secret_until AS "previousSecretUntil"
    FROM d JOIN webhook_endpoints e ON e.id = d.endpoint_id`,
}, [endpointId, token, leaseMs / 1000, limit])

const attemptEnded = `lease_token = NULL, last_attempt_at = now(), last_status = $4, last_error = $5, last_ms = $6, last_answer = $7`
const valuesOf = ({ tenantId, id, token }: Lease, { status, error, ms, answer }: Answer) => [tenantId, id, token, status, error, ms, answer]

/** The receiver has it. Does nothing when the lease is lost. */
export const settleDelivered = (database: Database, lease: Lease, answer: Answer) => database.query({
  name: 'settle-webhook-delivered',
  text: `
    WITH settled AS (
      UPDATE webhook_deliveries SET outcome = $8, ${attemptEnded}, delivered_at = now(), next_attempt_at = NULL
      WHERE tenant_id = $1 AND id = $2 AND lease_token = $3 AND outcome = ANY($9)
      RETURNING endpoint_id
    )
    UPDATE webhook_endpoints SET failing_since = NULL
    WHERE tenant_id = $1 AND id IN (SELECT endpoint_id FROM settled) AND failing_since IS NOT NULL`,
}, [...valuesOf(lease, answer), transitions.deliver.to, transitions.deliver.from])

export interface Refusal {
  /** `null`: that was the last attempt. */
  readonly retryInMs: number | null
  /** The receiver is gone for good. */
  readonly isGone: boolean
  /** How long an endpoint may take nothing before it is switched off. */
  readonly giveUpAfterMs: number
}

const isFailingForLong = 'coalesce(failing_since <= now() - make_interval(secs => $12), false)'

/**
 * The receiver does not have it. Does nothing when the lease is lost. An endpoint that is gone, or that has taken nothing for too
 * long, is switched off with an entry in the audit trail.
 */
export const settleFailed = (database: Database, lease: Lease, answer: Answer, { retryInMs, isGone, giveUpAfterMs }: Refusal) => database.query({
  name: 'settle-webhook-failed',
  text: `
    WITH settled AS (
      UPDATE webhook_deliveries SET outcome = $8, ${attemptEnded}, next_attempt_at = now() + make_interval(secs => $10::float8)
      WHERE tenant_id = $1 AND id = $2 AND lease_token = $3 AND outcome = ANY($9)
      RETURNING endpoint_id
    ), changed AS (
      UPDATE webhook_endpoints SET
        failing_since = coalesce(failing_since, now()), enabled = NOT ($11 OR ${isFailingForLong}), updated_at = now(),
        disabled_reason = CASE WHEN $11 THEN 'gone' WHEN ${isFailingForLong} THEN 'failing' END
      WHERE tenant_id = $1 AND id IN (SELECT endpoint_id FROM settled) AND enabled AND ($11 OR failing_since IS NULL OR ${isFailingForLong})
      RETURNING id, disabled_reason AS reason
    )
    INSERT INTO audit (id, tenant_id, actor, action, subject, details)
    SELECT gen_random_uuid(), $1, 'server', 'webhook.disabled', 'webhook:' || id, jsonb_build_object('reason', reason)
    FROM changed WHERE reason IS NOT NULL`,
}, [
  ...valuesOf(lease, answer), retryInMs === null ? transitions.fail.to : transitions.retry.to, transitions.fail.from,
  retryInMs === null ? null : retryInMs / 1000, isGone, giveUpAfterMs / 1000,
])

/** Some of what is older than that, oldest first. */
export const deleteOld = (database: Database, days: number, limit: number) => database.query({
  name: 'delete-old-webhook-deliveries',
  text: `
    DELETE FROM webhook_deliveries WHERE id IN (
      SELECT id FROM webhook_deliveries WHERE created_at < now() - make_interval(days => $1) ORDER BY created_at LIMIT $2
    )`,
}, [days, limit])

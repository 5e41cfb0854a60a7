import type { WebhookOutcome } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import { deliveryColumns, type DeliveryRow } from './delivery-row.js'
import { transitions } from './transitions.js'

export interface LogFilter {
  readonly outcome?: WebhookOutcome | undefined
  /** The last one of the page before. */
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined
  readonly limit: number
}

/** Latest first. */
export const listDeliveries = (database: Database, tenantId: string, endpointId: string, { outcome, after, limit }: LogFilter) =>
  database.query<DeliveryRow>({
    name: 'list-webhook-deliveries',
    text: `
      SELECT ${deliveryColumns} FROM webhook_deliveries d
      WHERE d.tenant_id = $1 AND d.endpoint_id = $2 AND ($3::text IS NULL OR d.outcome = $3)
        AND ($4::timestamptz IS NULL OR (d.created_at, d.id) < ($4, $5::uuid))
      ORDER BY d.created_at DESC, d.id DESC LIMIT $6`,
  }, [tenantId, endpointId, outcome ?? null, after?.createdAt ?? null, after?.id ?? null, limit])

export async function findDelivery(database: Database, tenantId: string, endpointId: string, id: string): Promise<DeliveryRow | null> {
  const [row] = await database.query<DeliveryRow>({
    name: 'find-webhook-delivery',
    text: `SELECT ${deliveryColumns} FROM webhook_deliveries d WHERE d.tenant_id = $1 AND d.endpoint_id = $2 AND d.id = $3`,
  }, [tenantId, endpointId, id])
  return row ?? null
}

const replayed = `outcome = $4, attempts = 0, next_attempt_at = now(), lease_token = NULL, delivered_at = NULL`

/** Nothing comes back when there is no such delivery, and while it is being sent. */
export async function replayDelivery(database: Database, tenantId: string, endpointId: string, id: string): Promise<DeliveryRow | null> {
  const [row] = await database.query<DeliveryRow>({
    name: 'replay-webhook-delivery',
    text: `
      UPDATE webhook_deliveries d SET ${replayed}
      WHERE d.tenant_id = $1 AND d.endpoint_id = $2 AND d.id = $3 AND d.outcome = ANY($5) AND (d.lease_token IS NULL OR d.next_attempt_at < now())
      RETURNING ${deliveryColumns}`,
  }, [tenantId, endpointId, id, transitions.replay.to, transitions.replay.from])
  return row ?? null
}

/** Those that failed, made since then. Returns how many. */
export async function replayFailed(database: Database, tenantId: string, endpointId: string, since: Date): Promise<number> {
  const [row] = await database.query<{ count: number }>({
    name: 'replay-failed-webhook-deliveries',
    text: `
      WITH replayed AS (
        UPDATE webhook_deliveries SET ${replayed}
        WHERE tenant_id = $1 AND endpoint_id = $2 AND created_at >= $3 AND outcome = $5
        RETURNING 1
      )
      SELECT count(*)::int AS count FROM replayed`,
  }, [tenantId, endpointId, since, transitions.replay.to, transitions.fail.to])
  return row?.count ?? 0
}

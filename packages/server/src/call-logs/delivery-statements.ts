import type { ActivityRef, CallLogInput, ProblemCode } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { callLogColumns, type CallLogRow } from './call-log-row.js'
import { transitions } from './transitions.js'

/** A call log that this process alone may deliver for now. */
export interface Lease extends CallLogRow {
  /** Names the lease and its row in `deliveries`. */
  readonly token: string
  /** Since when a create that may have reached the CRM is given up, in milliseconds. `null`: there is none. */
  readonly uncertainForMs: number | null
  /** The fields that differ from what the CRM was last told, or that an attempt since then may have changed there. */
  readonly changed: readonly (keyof CallLogInput)[]
}

export interface LeaseRequest {
  /** New, unique. */
  readonly token: string
  readonly connectionId: string
  /** Longer than the attempt's deadline, so that a lease runs out only when its holder is dead. */
  readonly leaseMs: number
  readonly requestId: string
  /** Also after a failure, not only what nobody has tried yet. */
  readonly isAskedFor: boolean
  /** Whether the adapter can look for an activity. */
  readonly canLook: boolean
}

const isLeftBehind = `status = 'delivering' AND activity IS NULL`

const changedFields = `
  SELECT name FROM jsonb_object_keys(content || delivered_snapshot) AS name
  WHERE content->name IS DISTINCT FROM delivered_snapshot->name`

/**
 * Takes the lease and opens the attempt's row, unless the log is delivered, someone else delivers it, or it has gone over to
 * another connection. A lease that ran out leaves it unknown whether the CRM has the activity.
 */
export async function takeLease(database: Database, log: CallLogRow, request: LeaseRequest): Promise<Lease | undefined> {
  const { begin, beginAgain } = transitions
  const [row] = await database.query<Lease>({
    name: 'lease-call-log',
    text: `
      WITH leased AS (
        UPDATE call_logs SET
          status = $4, delivering_token = $5, delivering_until = now() + make_interval(secs => $6), attempts = attempts + 1,
          next_attempt_at = now() + make_interval(secs => $6),
          -- Whoever has a failed one tried again gives it all its time again.
          undelivered_since = CASE WHEN status = 'failed' THEN now() ELSE undelivered_since END,
          uncertain_since = CASE WHEN ${isLeftBehind} THEN delivering_until ELSE uncertain_since END,
          delivered_snapshot = coalesce(delivered_snapshot, content),
          attempted_fields = ARRAY(SELECT unnest(attempted_fields) UNION ${changedFields})
        WHERE tenant_id = $1 AND id = $2 AND connection_id = $3 AND status = ANY($7) AND (status <> 'delivering' OR delivering_until < now())
        RETURNING *
      ), begun AS (
        INSERT INTO deliveries (id, tenant_id, call_log_id, version, attempt, operation, request_id)
        SELECT $5, tenant_id, id, version, attempts,
          CASE WHEN activity IS NOT NULL THEN 'update' WHEN uncertain_since IS NOT NULL AND $8 THEN 'probe' ELSE 'create' END, $9
        FROM leased
      )
      SELECT ${callLogColumns}, $5::uuid AS token, attempted_fields AS changed,
        (extract(epoch FROM now() - uncertain_since) * 1000)::float8 AS "uncertainForMs"
      FROM leased`,
  }, [
    log.tenantId, log.id, request.connectionId, begin.to, request.token, request.leaseMs / 1000,
    request.isAskedFor ? [...begin.from, ...beginAgain.from] : begin.from, request.canLook, request.requestId,
  ])
  return row
}

/** The CRM has the leased version. Nothing comes back when the lease is lost: whoever holds it now finds out by itself. */
export async function settleDelivered(database: Database, lease: Lease, activity: ActivityRef): Promise<CallLogRow | undefined> {
  const [row] = await database.query<CallLogRow>({
    name: 'settle-delivered',
    text: `
      WITH settled AS (
        UPDATE call_logs SET
          status = CASE WHEN version = $4 THEN $5 ELSE $6 END,
          activity = $7, delivered_snapshot = $8, attempted_fields = '{}', delivered_version = $4, delivered_at = now(),
          next_attempt_at = CASE WHEN version = $4 THEN NULL ELSE now() END,
          undelivered_since = CASE WHEN version = $4 THEN NULL ELSE undelivered_since END,
          uncertain_since = NULL, attempts = 0, last_error_code = NULL, last_error_at = NULL, delivering_until = NULL, delivering_token = NULL
        WHERE tenant_id = $1 AND id = $2 AND delivering_token = $3 AND status = ANY($9)
        RETURNING *
      ), finished AS (
        UPDATE deliveries SET outcome = 'delivered', finished_at = now() WHERE tenant_id = $1 AND id = $3
      )
      SELECT ${callLogColumns} FROM settled`,
  }, [
    lease.tenantId, lease.id, lease.token, lease.version, transitions.deliver.to, transitions.supersede.to,
    JSON.stringify(activity), JSON.stringify(lease.content), transitions.deliver.from,
  ])
  return row
}

export interface Failure {
  readonly code: ProblemCode
  /** Trying again cannot help. */
  readonly isFinal: boolean
  /** `null`: not before its connection has been renewed. */
  readonly retryInMs: number | null
  /** Of the log, from which on a failure that may pass is final as well. */
  readonly giveUpAfterMs: number
  /** Found on the way, although the rest failed. */
  readonly activity: ActivityRef | null
  /** Whether a create may have reached the CRM: this attempt's (`new`), one before (`kept`), or surely none (`none`). */
  readonly uncertainty: 'new' | 'kept' | 'none'
}

/** Logs that wait for their connection fail of no age: it is the agent's turn. */
const isGivenUp = `($13 OR ($14::float8 IS NOT NULL AND undelivered_since <= now() - make_interval(secs => $15)))`

/** The attempt failed. Nothing comes back when the lease is lost. */
export async function settleFailed(database: Database, lease: Lease, failure: Failure): Promise<CallLogRow | undefined> {
  const [row] = await database.query<CallLogRow>({
    name: 'settle-failed',
    text: `
      WITH settled AS (
        UPDATE call_logs SET
          status = CASE WHEN version <> $4 THEN $6 WHEN ${isGivenUp} THEN $12 ELSE $5 END,
          next_attempt_at = CASE WHEN version <> $4 THEN now() WHEN ${isGivenUp} THEN NULL ELSE now() + make_interval(secs => $14::float8) END,
          activity = coalesce($7, activity),
          uncertain_since = CASE $8 WHEN 'new' THEN now() WHEN 'none' THEN NULL ELSE uncertain_since END,
          last_error_code = $9, last_error_at = now(), delivering_until = NULL, delivering_token = NULL
        WHERE tenant_id = $1 AND id = $2 AND delivering_token = $3 AND status = ANY($10)
        RETURNING *
      ), finished AS (
        UPDATE deliveries SET outcome = $11, error_code = $9, finished_at = now() WHERE tenant_id = $1 AND id = $3
      )
      SELECT ${callLogColumns} FROM settled`,
  }, [
    lease.tenantId, lease.id, lease.token, lease.version, transitions.retry.to, transitions.supersede.to,
    failure.activity === null ? null : JSON.stringify(failure.activity), failure.uncertainty, failure.code, transitions.retry.from,
    failure.isFinal ? 'failed' : 'retry', transitions.fail.to, failure.isFinal,
    failure.retryInMs === null ? null : failure.retryInMs / 1000, failure.giveUpAfterMs / 1000,
  ])
  return row
}

/** Throws when the row is gone: nothing deletes one that is being delivered. */
export async function readCallLog(database: Database, { tenantId, id }: CallLogRow): Promise<CallLogRow> {
  const [row] = await database.query<CallLogRow>({
    name: 'read-call-log',
    text: `SELECT ${callLogColumns} FROM call_logs WHERE tenant_id = $1 AND id = $2`,
  }, [tenantId, id])
  if (!row) throw new Error('a call log vanished while it was delivered')
  return row
}

/** The row, for whoever was woken with its id only. */
export async function findDue(database: Database, id: string): Promise<CallLogRow | null> {
  const [row] = await database.query<CallLogRow>({
    name: 'find-due-call-log',
    text: `SELECT ${callLogColumns} FROM call_logs WHERE id = $1 AND next_attempt_at <= now()`,
  }, [id])
  return row ?? null
}

/** Its connection cannot be used for now. */
export async function postpone(database: Database, { tenantId, id }: CallLogRow): Promise<void> {
  await database.query({
    name: 'postpone-call-log',
    text: `UPDATE call_logs SET next_attempt_at = now() + interval '10 minutes' WHERE tenant_id = $1 AND id = $2 AND next_attempt_at <= now()`,
  }, [tenantId, id])
}

/** Longest overdue first. */
export async function listDue(database: Database, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    name: 'list-due-call-logs',
    text: 'SELECT id FROM call_logs WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1',
  }, [limit])
  return rows.map(({ id }) => id)
}

/** Its connection has been renewed, so what waited for it goes out. */
export async function makeConnectionDue(database: Database, tenantId: string, connectionId: string): Promise<void> {
  await database.query({
    name: 'make-connection-due',
    text: `UPDATE call_logs SET next_attempt_at = now() WHERE tenant_id = $1 AND connection_id = $2 AND status IN ('pending', 'retrying')`,
  }, [tenantId, connectionId])
}

import type { ActivityRef, CrmUserId } from '@linefinder/core'
import type { HealthAsRead } from '../connections/connection-health.js'
import type { SealedCredentials } from '../crm/credential-vault.js'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Database } from '../database/database.js'
import { entryColumns, inLockOrder, type Entry, type EntryContent, type EntryKind } from './entry.js'
import { transitions } from './transitions.js'

/** The connection whose entries are to be delivered, as it was when it was read. */
export interface Lane extends CrmConnection {
  /** Its credentials work, its installation is enabled, and the CRM did not ask for a pause. */
  readonly isOpen: boolean
  readonly health: HealthAsRead
  /** Those of its revision: what is leased is delivered with them, and nobody reads them once more. */
  readonly sealedCredentials: SealedCredentials
  /** Somebody is to be told of what becomes of entries. */
  readonly hasWebhooks: boolean
  /** Of a pause; `null` when there is none. */
  readonly pausedForMs: number | null
  /** Changes with every change of the connection, and whenever somebody takes leases of its entries. */
  readonly revision: string
}

const isOpen = `c.state NOT IN ('revoked', 'needs_reconnect') AND i.enabled AND (c.paused_until IS NULL OR c.paused_until <= now())`

export async function findLane(database: Database, connectionId: string): Promise<Lane | null> {
  const [row] = await database.query<Lane & HealthAsRead & SealedCredentials>({
    name: 'find-lane',
    text: `
      SELECT c.id, c.tenant_id AS "tenantId", c.installation_id AS "installationId", i.adapter, i.settings, i.secrets AS "sealedSecrets", c.hostname, c.crm_user AS "crmUser", c.credentials, c.credentials_version AS version,
        ${isOpen} AS "isOpen", c.state, c.failures, c.paused_until AS "pausedUntil",
        EXISTS (SELECT FROM webhook_endpoints w WHERE w.tenant_id = c.tenant_id AND w.enabled) AS "hasWebhooks", (extract(epoch FROM c.paused_until - now()) * 1000)::float8 AS "pausedForMs", c.xmin::text AS revision
      FROM connections c JOIN installations i ON i.id = c.installation_id
      WHERE c.id = $1`,
  }, [connectionId])
  if (!row) return null
  const { state, failures, pausedUntil, credentials, version, ...lane } = row
  return { ...lane, health: { state, failures, pausedUntil }, sealedCredentials: { credentials, version, state } }
}

/** An entry that this process alone may deliver for now. */
export interface Lease extends Entry {
  /** Names the lease and its row in `deliveries`. */
  readonly token: string
  /** Since when a create that may have reached the CRM is given up, in milliseconds. `null`: there is none. */
  readonly uncertainForMs: number | null
  /** The fields that differ from what the CRM was last told, or that an attempt since then may have changed there. */
  readonly changed: readonly string[]
  readonly deliveredBody: string | null
  /** What the CRM was last told, or, before that, may have been told first. `null` where it is not needed: the CRM has surely been told nothing, or the text it was told is known. */
  readonly deliveredSnapshot: EntryContent | null
  /** Whom the mapping of users names for the agent's extension, as it was when the lease was taken. */
  readonly mappedUserId: CrmUserId | null
}

export interface LeaseRequest {
  /** Of all processes together. */
  readonly maxParallel: number
  readonly limit: number
  /** Longer than the attempt's deadline, so that a lease runs out only when its holder is dead. */
  readonly leaseMs: number
  readonly requestId: string
  /** Kinds of which the adapter can look for an activity. */
  readonly canLookFor: readonly EntryKind[]
  /** Somebody waits for these, so they come first. */
  readonly first: readonly string[]
  /** Tokens of leases whose attempts speak with the CRM no more: they take no room. */
  readonly ended: readonly string[]
}

const isDue = `next_attempt_at <= now() AND (status <> 'delivering' OR delivering_until < now())`
const isTaken = `connection_id = $2 AND status = 'delivering' AND delivering_until > now() AND delivering_token <> ALL($12::uuid[])`
const isLeftBehind = `status = 'delivering' AND activity IS NULL`

/** With the contact that was found for it, unless its client names one. */
export const toldContent = `(CASE WHEN resolution->>'contactId' IS NULL THEN content ELSE jsonb_build_object('contactId', resolution->'contactId') || content END)`

const changedFields = `
  SELECT name FROM jsonb_object_keys(${toldContent} || delivered_snapshot) AS name
  WHERE ${toldContent}->name IS DISTINCT FROM delivered_snapshot->name`

/**
 * Takes leases of what is due, longest due first, and opens the rows of the attempts. A lease that ran out leaves it unknown whether the CRM
 * has the activity. Whoever takes leases touches the connection's row, and nobody can who has not seen its newest revision; so over all
 * processes they are taken one after the other, and each sees those before. `revision`: the newest; that of `lane` when nothing is due or there
 * is no room.
 */
export async function leaseDue(database: Database, lane: Lane, request: LeaseRequest): Promise<{ leases: Lease[]; revision: string }> {
  const rows = await database.query<Lease & { revision: string }>({
    name: 'lease-due-entries',
    text: `
      WITH lane AS (
        UPDATE connections c SET updated_at = c.updated_at FROM installations i
        WHERE c.id = $2 AND c.xmin = $11::text::xid AND i.id = c.installation_id AND ${isOpen}
          AND EXISTS (SELECT FROM ledger WHERE connection_id = $2 AND ${isDue})
          AND $3 > (SELECT count(*) FROM ledger WHERE ${isTaken})
        RETURNING c.id
      ), room AS (
        SELECT least($4::int, greatest(0, $3::int - (SELECT count(*) FROM ledger WHERE ${isTaken})))::int AS places FROM lane
      ), wanted AS (
        (SELECT id, 0 AS turn, next_attempt_at FROM ledger
          WHERE id = ANY($10::uuid[]) AND connection_id = $2 AND ${isDue})
        UNION ALL
        (SELECT id, 1, next_attempt_at FROM ledger
          WHERE connection_id = $2 AND ${isDue} AND NOT id = ANY($10::uuid[])
          ORDER BY next_attempt_at LIMIT coalesce((SELECT places FROM room), 0))
      ), held AS (
        SELECT id FROM ledger
        WHERE connection_id = $2 AND id IN (SELECT id FROM wanted ORDER BY turn, next_attempt_at LIMIT coalesce((SELECT places FROM room), 0)) AND ${isDue}
        ORDER BY ${inLockOrder} FOR UPDATE
      ), leased AS (
        UPDATE ledger SET
          status = $5, delivering_token = gen_random_uuid(), delivering_until = now() + make_interval(secs => $6), attempts = attempts + 1,
          next_attempt_at = now() + make_interval(secs => $6),
          uncertain_since = CASE WHEN ${isLeftBehind} THEN delivering_until ELSE uncertain_since END,
          delivered_snapshot = coalesce(delivered_snapshot, ${toldContent}),
          attempted_fields = ARRAY(SELECT unnest(attempted_fields) UNION ${changedFields})
        WHERE tenant_id = $1 AND id IN (SELECT id FROM held) AND status = ANY($7) AND ${isDue}
        RETURNING *
      ), begun AS (
        INSERT INTO deliveries (id, tenant_id, entry_id, version, attempt, operation, request_id, changed)
        SELECT delivering_token, tenant_id, id, version, attempts,
          CASE WHEN activity IS NOT NULL THEN 'update' WHEN uncertain_since IS NOT NULL AND kind = ANY($8) THEN 'probe' ELSE 'create' END, $9, attempted_fields
        FROM leased
      )
      SELECT ${entryColumns}, delivering_token AS token, attempted_fields AS changed, delivered_body AS "deliveredBody",
        CASE WHEN delivered_body IS NULL AND (activity IS NOT NULL OR uncertain_since IS NOT NULL) THEN delivered_snapshot END AS "deliveredSnapshot",
        (extract(epoch FROM now() - uncertain_since) * 1000)::float8 AS "uncertainForMs",
        (SELECT crm_user_id FROM user_mappings m
          WHERE m.tenant_id = leased.tenant_id AND m.crm_account_id = leased.crm_account_id AND m.extension = leased.content->'agent'->>'extension') AS "mappedUserId",
        coalesce((SELECT pg_current_xact_id()::xid::text FROM lane), seen.revision) AS revision
      FROM (SELECT xmin::text AS revision FROM connections WHERE id = $2) seen LEFT JOIN leased ON true`,
  }, [
    lane.tenantId, lane.id, request.maxParallel, request.limit, transitions.begin.to, request.leaseMs / 1000, transitions.begin.from, request.canLookFor, request.requestId, request.first,
    lane.revision, request.ended,
  ])
  return { leases: rows.filter(isLease), revision: rows[0]?.revision ?? '' }
}

/** Where nothing was taken there is a row all the same, that tells the lane's revision. */
const isLease = (row: Lease): boolean => row.token !== null

export interface Told {
  readonly activity: ActivityRef | null
  /** What the CRM was told, contact included. */
  readonly content: object
  readonly body: string | null
  readonly recording: string | null
}

/** The CRM has the leased version. */
export interface Settlement {
  readonly lease: Lease
  readonly told: Told
}

/**
 * Answers in the order of the settlements. They are narrowed down to themselves: PostgreSQL takes any list of rows for a hundred, and rather than look
 * a hundred up it would read the whole of a table that has some thousands. `undefined` stands where the lease is lost: whoever holds it now finds
 * out by itself. No two may be of one lease.
 */
export async function settleDelivered(database: Database, settlements: readonly Settlement[]): Promise<(Entry | undefined)[]> {
  const rows = await database.query<Entry>({
    name: 'settle-delivered',
    text: `
      WITH told AS (
        SELECT * FROM json_to_recordset($1) AS told (
          tenant_id text, id uuid, token uuid, version integer, activity jsonb, content jsonb, body text, recording text)
        WHERE id = ANY($5::uuid[]) AND token = ANY($6::uuid[])
      ), held AS (
        SELECT id FROM ledger WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM told) ORDER BY ${inLockOrder} FOR UPDATE
      ), settled AS (
        UPDATE ledger own SET
          status = CASE WHEN own.version = told.version THEN $2 ELSE $3 END,
          activity = told.activity, delivered_snapshot = told.content, attempted_fields = '{}', delivered_version = told.version, delivered_at = now(),
          delivered_body = told.body, delivered_recording = told.recording,
          next_attempt_at = CASE WHEN own.version = told.version THEN NULL ELSE now() END,
          undelivered_since = CASE WHEN own.version = told.version THEN NULL ELSE own.undelivered_since END,
          uncertain_since = NULL, attempts = 0, last_error_code = NULL, last_error_at = NULL, last_error_detail = NULL, delivering_until = NULL, delivering_token = NULL
        FROM told, held
        WHERE own.id = held.id AND own.id = told.id AND own.tenant_id = told.tenant_id AND own.delivering_token = told.token AND own.status = ANY($4)
        RETURNING own.*
      ), finished AS (
        UPDATE deliveries SET outcome = 'delivered', finished_at = now() FROM told WHERE deliveries.tenant_id = told.tenant_id AND deliveries.id = told.token
      )
      SELECT ${entryColumns} FROM settled`,
  }, [
    JSON.stringify(settlements.map(({ lease: { tenantId, id, token, version }, told }) => ({ tenant_id: tenantId, id, token, version, ...told }))),
    transitions.deliver.to, transitions.supersede.to, transitions.deliver.from, settlements.map(({ lease }) => lease.id), settlements.map(({ lease }) => lease.token),
  ])
  const byId = new Map(rows.map(row => [row.id, row]))
  return settlements.map(({ lease }) => byId.get(lease.id))
}

export interface Failure {
  readonly code: string
  readonly detail: string | null
  /** Trying again cannot help. */
  readonly isFinal: boolean
  /** `null`: not before its connection has been renewed. */
  readonly retryInMs: number | null
  /** Of the entry, from which on a failure that may pass is final as well. */
  readonly giveUpAfterMs: number
  /** Found on the way, although the rest failed. */
  readonly activity: ActivityRef | null
  /** The activity may lack any part of what was told: the next attempt tells all of it. */
  readonly isHalfTold: boolean
  /** Whether a create may have reached the CRM: this attempt's (`new`), one before (`kept`), or surely none (`none`). */
  readonly uncertainty: 'new' | 'kept' | 'none'
}

/** Entries that wait for their connection fail of no age: it is the agent's turn. */
const isGivenUp = `($13 OR ($14::float8 IS NOT NULL AND undelivered_since <= now() - make_interval(secs => $15)))`

/** The attempt failed. Nothing comes back when the lease is lost. */
export async function settleFailed(database: Database, lease: Lease, failure: Failure): Promise<Entry | undefined> {
  const [row] = await database.query<Entry>({
    name: 'settle-failed',
    text: `
      WITH settled AS (
        UPDATE ledger SET
          status = CASE WHEN version <> $4 THEN $6 WHEN ${isGivenUp} THEN $12 ELSE $5 END,
          next_attempt_at = CASE WHEN version <> $4 THEN now() WHEN ${isGivenUp} THEN NULL ELSE now() + make_interval(secs => $14::float8) END,
          activity = coalesce($7, activity),
          attempted_fields = CASE WHEN $17 THEN ARRAY(SELECT jsonb_object_keys(${toldContent})) ELSE attempted_fields END,
          uncertain_since = CASE $8 WHEN 'new' THEN now() WHEN 'none' THEN NULL ELSE uncertain_since END,
          last_error_code = $9, last_error_at = now(), last_error_detail = $16, delivering_until = NULL, delivering_token = NULL
        WHERE tenant_id = $1 AND id = $2 AND delivering_token = $3 AND status = ANY($10)
        RETURNING *
      ), finished AS (
        UPDATE deliveries SET outcome = $11, error_code = $9, error_detail = $16, finished_at = now() WHERE tenant_id = $1 AND id = $3
      )
      SELECT ${entryColumns} FROM settled`,
  }, [
    lease.tenantId, lease.id, lease.token, lease.version, transitions.retry.to, transitions.supersede.to,
    failure.activity && JSON.stringify(failure.activity), failure.uncertainty, failure.code, transitions.retry.from,
    failure.isFinal ? 'failed' : 'retry', transitions.fail.to, failure.isFinal,
    failure.retryInMs === null ? null : failure.retryInMs / 1000, failure.giveUpAfterMs / 1000, failure.detail, failure.isHalfTold,
  ])
  return row
}

/** What was found out about the contact, also for the attempts to come. */
export async function storeResolution(database: Database, lease: Lease, resolution: Entry['resolution']): Promise<void> {
  await database.query({
    name: 'store-resolution',
    text: 'UPDATE ledger SET resolution = $4 WHERE tenant_id = $1 AND id = $2 AND delivering_token = $3',
  }, [lease.tenantId, lease.id, lease.token, resolution && JSON.stringify(resolution)])
}

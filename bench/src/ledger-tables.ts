import type pg from 'pg'
import { callOf, storedCallId } from './calls.js'

/** What the benchmark knows of the ledger's tables; nothing else of it names one of them. */

/** Whose call logs are measured: the one agent that is connected. */
export interface LoggingConnection {
  readonly id: string
  readonly tenantId: string
  readonly crmAccountId: string
  readonly agentId: string
}

export async function findAgentsConnection(client: pg.Client): Promise<LoggingConnection> {
  const { rows: [row] } = await client.query<LoggingConnection>(`
    SELECT id, tenant_id AS "tenantId", crm_account_id AS "crmAccountId", agent_id AS "agentId" FROM connections WHERE agent_id IS NOT NULL`)
  if (!row) throw new Error('nobody is connected')
  return row
}

/** The CRM's deliveries wait, as when it has asked for a pause; until they may go on. */
export const setPaused = (client: pg.Client, isPaused: boolean) =>
  client.query(`UPDATE connections SET paused_until = CASE WHEN $1 THEN now() + interval '1 day' END`, [isPaused])

/** A table with the columns and the indexes of the server's. */
export const createFloorTable = (client: pg.Client) => client.query('CREATE TABLE IF NOT EXISTS floor_ledger (LIKE ledger INCLUDING ALL)')

/** What a client says of a call, and nothing else. */
export const floorInsert = {
  name: 'floor-insert',
  text: `
    INSERT INTO floor_ledger (id, claim_id, tenant_id, crm_account_id, agent_id, phone_system, key, part, kind, connection_id, content, occurs_at, next_attempt_at, undelivered_since)
    VALUES ($1, $1, $2, $3, $4, 'default', $5, '', 'call', $6, $7, $8, now(), now())`,
}

export const floorValues = (id: string, { tenantId, crmAccountId, agentId, id: connectionId }: LoggingConnection, callId: string, call: { startedAt: string }): unknown[] =>
  [id, tenantId, crmAccountId, agentId, callId, connectionId, JSON.stringify(call), new Date(call.startedAt)]

/** What the job queue's own plain insert comes to. */
export const jobInsert = { name: 'floor-job', text: `INSERT INTO pgboss.job (name, data) VALUES ('ledger-delivery', $1)` }

/** Call logs as they are when they wait for their delivery, or have been delivered. */
export async function storeCalls(client: pg.Client, connection: LoggingConnection, count: number, state: 'waiting' | 'delivered', at = 0): Promise<void> {
  const isWaiting = state === 'waiting'
  const { startedAt: _, ...rest } = callOf(0)
  await client.query(`
    INSERT INTO ledger (id, claim_id, tenant_id, crm_account_id, agent_id, connection_id, phone_system, key, content, occurs_at,
      status, delivered_version, activity, delivered_snapshot, delivered_at, next_attempt_at, undelivered_since)
    SELECT gen_random_uuid(), gen_random_uuid(), $1, $2, $3, $4, (SELECT phone_system FROM client_apps WHERE id = 'default'), $5 || n, content, occurs_at,
      CASE WHEN $9 THEN 'pending' ELSE 'delivered' END, CASE WHEN $9 THEN 0 ELSE 1 END,
      CASE WHEN NOT $9 THEN jsonb_build_object('id', 'a' || n) END, CASE WHEN NOT $9 THEN content END, CASE WHEN NOT $9 THEN now() END,
      CASE WHEN $9 THEN now() END, CASE WHEN $9 THEN now() END
    FROM (
      SELECT n, occurs_at, $6::jsonb || jsonb_build_object('startedAt', to_char(occurs_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) AS content
      FROM (SELECT n, timestamptz '2026-01-01' + n * interval '10 seconds' AS occurs_at FROM generate_series($7::int, $8::int - 1) AS n) calls
    ) calls`,
  [connection.tenantId, connection.crmAccountId, connection.agentId, connection.id, storedCallId(0).slice(0, -1), JSON.stringify(rest), at, at + count, isWaiting])
}

export async function countUndelivered(client: pg.Client): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ledger WHERE status <> 'delivered'`)
  return row?.count ?? 0
}

/** The floor's copy of what waits in the server's table. */
export async function copyWaiting(client: pg.Client): Promise<void> {
  await client.query('TRUNCATE floor_ledger')
  await client.query('INSERT INTO floor_ledger SELECT * FROM ledger')
}

export const findWaiting = async (pool: pg.Pool): Promise<{ id: string; content: unknown }[]> =>
  (await pool.query<{ id: string; content: unknown }>('SELECT id, content FROM floor_ledger ORDER BY occurs_at DESC')).rows

export const noteDelivered = (pool: pg.Pool, id: string, activity: unknown) => pool.query({
  name: 'floor-delivered',
  text: `UPDATE floor_ledger SET status = 'delivered', activity = $2, delivered_version = version, delivered_at = now(), next_attempt_at = NULL WHERE id = $1`,
}, [id, JSON.stringify(activity)])

/** Whoever has one of them under way finds its lease lost. */
export const dropUndelivered = (client: pg.Client) => client.query(`DELETE FROM ledger WHERE status <> 'delivered'`)

export const emptyLedger = (client: pg.Client) => client.query('TRUNCATE ledger, deliveries')

export interface StoredCall {
  readonly id: string
  readonly key: string
  readonly status: string
}

export const listCalls = async (client: pg.Client): Promise<StoredCall[]> =>
  (await client.query<StoredCall>('SELECT id, key, status FROM ledger')).rows

/** Of everyone who is connected. */
export const listConnectionStates = async (client: pg.Client): Promise<string[]> =>
  (await client.query<{ state: string }>('SELECT state FROM connections')).rows.map(({ state }) => state)

/** How often the CRM was told, and how these attempts ended. */
export const countAttempts = async (client: pg.Client): Promise<Record<string, number>> => Object.fromEntries(
  (await client.query<{ outcome: string; count: number }>(`
    SELECT concat_ws(' ', operation, coalesce(outcome, 'unfinished'), error_code) AS outcome, count(*)::int AS count FROM deliveries GROUP BY 1 ORDER BY 1`)).rows
    .map(({ outcome, count }) => [outcome, count]))

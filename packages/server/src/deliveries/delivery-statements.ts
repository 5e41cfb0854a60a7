import type { Database } from '../database/database.js'
import { entryColumns, type Entry, type EntryKind } from '../ledger/entry.js'
import { transitions } from '../ledger/transitions.js'

export interface UndeliveredRow extends Entry {
  readonly undeliveredSince: Date
}

export interface UndeliveredFilter {
  readonly status?: string | undefined
  readonly kind?: EntryKind | undefined
  readonly connection?: string | undefined
  readonly code?: string | undefined
  readonly undeliveredBefore?: Date | undefined
}

const columns = `${entryColumns}, undelivered_since AS "undeliveredSince"`

const matches = `
  tenant_id = $1 AND status <> 'delivered'
  AND ($2::text IS NULL OR status = $2)
  AND ($3::text IS NULL OR kind = $3)
  AND ($4::uuid IS NULL OR connection_id = $4)
  AND ($5::text IS NULL OR last_error_code = $5)
  AND ($6::timestamptz IS NULL OR undelivered_since <= $6)`

const valuesOf = (tenantId: string, filter: UndeliveredFilter) =>
  [tenantId, filter.status ?? null, filter.kind ?? null, filter.connection ?? null, filter.code ?? null, filter.undeliveredBefore ?? null]

/** Longest waiting first. Cursors know milliseconds, so rows are compared by them. */
export const listUndelivered = (
  database: Database, tenantId: string, filter: UndeliveredFilter, after: { since: Date; id: string } | undefined, limit: number,
): Promise<UndeliveredRow[]> => database.query<UndeliveredRow>({
  name: 'list-undelivered',
  text: `
    SELECT ${columns} FROM ledger
    WHERE ${matches} AND ($7::timestamptz IS NULL OR (date_trunc('milliseconds', undelivered_since), id) > ($7, $8::uuid))
    ORDER BY date_trunc('milliseconds', undelivered_since), id LIMIT $9`,
}, [...valuesOf(tenantId, filter), after?.since ?? null, after?.id ?? null, limit])

export async function findForAdmin(database: Database, tenantId: string, id: string): Promise<UndeliveredRow | undefined> {
  const [row] = await database.query<UndeliveredRow>({
    name: 'find-entry-for-admin',
    text: `SELECT ${columns} FROM ledger WHERE tenant_id = $1 AND id = $2`,
  }, [tenantId, id])
  return row
}

/** Due now. What is delivered, or being delivered, stays as it is. */
const replayed = `
  status = CASE WHEN status = ANY($2) THEN $3 ELSE status END, next_attempt_at = now(),
  undelivered_since = CASE WHEN status = 'failed' THEN now() ELSE undelivered_since END`

export async function replayEntry(database: Database, tenantId: string, id: string): Promise<UndeliveredRow | undefined> {
  const [row] = await database.query<UndeliveredRow>({
    name: 'replay-entry',
    text: `UPDATE ledger SET ${replayed} WHERE tenant_id = $1 AND id = $4 AND status IN ('pending', 'retrying', 'failed') RETURNING ${columns}`,
  }, [tenantId, transitions.ask.from, transitions.ask.to, id])
  return row
}

/** Returns the connections whose entries are due now, and how many there are of each. */
export const replayMatching = (database: Database, tenantId: string, filter: UndeliveredFilter, limit: number): Promise<{ connectionId: string; count: number }[]> =>
  database.query({
    name: 'replay-matching',
    text: `
      WITH chosen AS (
        SELECT id FROM ledger WHERE ${matches} AND status <> 'delivering' ORDER BY undelivered_since, id LIMIT $7
      ), replayed AS (
        UPDATE ledger SET
          status = CASE WHEN status = ANY($8) THEN $9 ELSE status END, next_attempt_at = now(),
          undelivered_since = CASE WHEN status = 'failed' THEN now() ELSE undelivered_since END
        WHERE tenant_id = $1 AND id IN (SELECT id FROM chosen) AND status IN ('pending', 'retrying', 'failed')
        RETURNING connection_id
      )
      SELECT connection_id AS "connectionId", count(*)::int AS count FROM replayed GROUP BY connection_id`,
  }, [...valuesOf(tenantId, filter), limit, transitions.ask.from, transitions.ask.to])

export async function countMatching(database: Database, tenantId: string, filter: UndeliveredFilter): Promise<number> {
  const [row] = await database.query<{ count: number }>({
    name: 'count-undelivered',
    text: `SELECT count(*)::int AS count FROM ledger WHERE ${matches} AND status <> 'delivering'`,
  }, valuesOf(tenantId, filter))
  return row?.count ?? 0
}

/** Nothing comes back when it is delivered or being delivered. */
export async function discardEntry(database: Database, tenantId: string, id: string, reason: string): Promise<UndeliveredRow | undefined> {
  const { discard } = transitions
  const [row] = await database.query<UndeliveredRow>({
    name: 'discard-entry',
    text: `
      UPDATE ledger SET status = $3, next_attempt_at = NULL, last_error_code = 'discarded', last_error_detail = $4, last_error_at = now()
      WHERE tenant_id = $1 AND id = $2 AND status = ANY($5)
      RETURNING ${columns}`,
  }, [tenantId, id, discard.to, reason, discard.from])
  return row
}

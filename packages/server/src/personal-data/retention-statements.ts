import type { Database } from '../database/database.js'

/** What an entry is left with: its key, the id of its activity, and when things happened. */
export const emptied = `
  content = '{}', delivered_snapshot = '{}', attempted_fields = '{}', delivered_body = NULL, delivered_recording = NULL, recording_issue = NULL, resolution = NULL,
  last_error_detail = NULL, content_deleted_at = now()`

export interface RetentionRequest {
  readonly days: number
  /** `null`: of all. */
  readonly tenantId: string | null
  /** Also what the CRM never took. */
  readonly includesFailed: boolean
}

/** A piece of the table in order of id, `null` at its end; and how many of it are old enough. */
export interface Piece {
  readonly lastId: string | null
  readonly count: number
}

/** A callback that is open is still to be made, however long it has stood there. */
const isOld = `
  content_deleted_at IS NULL AND (tenant_id = $4 OR $4::text IS NULL) AND updated_at < now() - make_interval(days => $3)
  AND (status = 'delivered' OR ($5 AND status = 'failed'))
  AND NOT (kind = 'callback' AND part = '' AND content->>'status' = 'open')`

const valuesOf = (after: string, size: number, { days, tenantId, includesFailed }: RetentionRequest) => [after, size, days, tenantId, includesFailed]

const piece = 'SELECT id FROM ledger WHERE id > $1 ORDER BY id LIMIT $2'

export async function countOld(database: Database, after: string, size: number, request: RetentionRequest): Promise<Piece> {
  const [row] = await database.query<Piece>({
    name: 'count-old-entries',
    text: `
      WITH piece AS (${piece})
      SELECT (SELECT max(id::text) FROM piece) AS "lastId",
        (SELECT count(*)::int FROM ledger WHERE id IN (SELECT id FROM piece) AND ${isOld}) AS count`,
  }, valuesOf(after, size, request))
  return row ?? { lastId: null, count: 0 }
}

/** The attempts go as well: their details are of the content. */
export async function emptyOld(database: Database, after: string, size: number, request: RetentionRequest): Promise<Piece> {
  const [row] = await database.query<Piece>({
    name: 'empty-old-entries',
    text: `
      WITH piece AS (${piece}), emptied AS (
        UPDATE ledger SET ${emptied} WHERE id IN (SELECT id FROM piece) AND ${isOld} RETURNING id
      ), forgotten AS (
        DELETE FROM deliveries WHERE entry_id IN (SELECT id FROM emptied)
      )
      SELECT (SELECT max(id::text) FROM piece) AS "lastId", (SELECT count(*)::int FROM emptied) AS count`,
  }, valuesOf(after, size, request))
  return row ?? { lastId: null, count: 0 }
}

import type { ProblemCode } from '@linefinder/core'
import type { Database } from '../database/database.js'

export interface AttemptRow {
  readonly id: string
  readonly attempt: number
  readonly version: number
  readonly operation: 'create' | 'update' | 'probe'
  readonly outcome: 'delivered' | 'retry' | 'failed' | null
  readonly changed: string[]
  readonly errorCode: ProblemCode | null
  readonly errorDetail: string | null
  readonly requestId: string
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** Latest first. */
export const listAttempts = (database: Database, tenantId: string, entryId: string, limit: number): Promise<AttemptRow[]> =>
  database.query<AttemptRow>({
    name: 'list-attempts',
    text: `
      SELECT id, attempt, version, operation, outcome, changed, error_code AS "errorCode", error_detail AS "errorDetail", request_id AS "requestId",
        started_at AS "startedAt", finished_at AS "finishedAt"
      FROM deliveries WHERE tenant_id = $1 AND entry_id = $2
      ORDER BY started_at DESC, id LIMIT $3`,
  }, [tenantId, entryId, limit])

export interface Waiting {
  readonly state: string
  readonly pausedUntil: Date | null
  readonly undeliveredSince: Date | null
}

/** What an entry waits for beside its own turn. */
export async function readWaiting(database: Database, tenantId: string, entryId: string): Promise<Waiting> {
  const [row] = await database.query<Waiting>({
    name: 'read-waiting',
    text: `
      SELECT c.state, c.paused_until AS "pausedUntil", l.undelivered_since AS "undeliveredSince"
      FROM ledger l JOIN connections c ON c.id = l.connection_id WHERE l.tenant_id = $1 AND l.id = $2`,
  }, [tenantId, entryId])
  if (!row) throw new Error('an entry vanished while it was explained')
  return row
}

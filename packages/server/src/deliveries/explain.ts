import type { DeliveryAttempt, Explanation } from '@linefinder/core/api'
import { factsOf } from '@linefinder/core'
import type { Database } from '../database/database.js'
import type { Entry } from '../ledger/entry.js'
import { standingOf } from '../ledger/standing.js'
import { listAttempts, readWaiting, type AttemptRow, type Waiting } from './attempt-statements.js'

const maxAttempts = 100

/** Why an entry is where it is. Names of fields, never their values. */
export async function explain(database: Database, entry: Entry, activityLink: { url?: string }): Promise<Explanation> {
  const [attempts, waiting] = await Promise.all([
    listAttempts(database, entry.tenantId, entry.id, maxAttempts), readWaiting(database, entry.tenantId, entry.id),
  ])
  return {
    ...standingOf(entry, activityLink),
    summary: summaryOf(entry, waiting),
    connection: { id: entry.connectionId, state: waiting.state, pausedUntil: waiting.pausedUntil?.toISOString() ?? null },
    undeliveredSince: waiting.undeliveredSince?.toISOString() ?? null,
    attempts: attempts.map(toAttempt),
  }
}

const toAttempt = (row: AttemptRow): DeliveryAttempt => ({
  id: row.id,
  attempt: row.attempt,
  version: row.version,
  operation: row.operation,
  outcome: row.outcome,
  changed: row.changed,
  error: row.errorCode && { code: row.errorCode, ...(row.errorDetail === null ? {} : { detail: row.errorDetail }) },
  requestId: row.requestId,
  startedAt: row.startedAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
})

function summaryOf({ status, lastErrorCode, nextAttemptAt }: Entry, { state, pausedUntil }: Waiting): string {
  const why = lastErrorCode === null ? '' : ` ${factsOf(lastErrorCode).title}.`
  if (status === 'delivered') return 'The CRM has it.'
  if (status === 'failed') return `It is not tried again by itself.${why} ${lastErrorCode === null ? '' : factsOf(lastErrorCode).advice}`.trim()
  if (state === 'needs_reconnect') return 'It waits for the agent to connect to the CRM again, and goes out then.'
  if (state === 'revoked') return 'It waits: the connection was ended. It goes out when the same CRM user connects again.'
  if (status === 'delivering') return 'The CRM is being told at this moment.'
  if (pausedUntil && pausedUntil.getTime() > Date.now()) return `It waits: the CRM is left alone until ${pausedUntil.toISOString()}.${why}`
  if (status === 'retrying') return `It is tried again${nextAttemptAt ? ` at ${nextAttemptAt.toISOString()}` : ''}.${why}`
  return 'It is accepted and about to be delivered.'
}

import type { Database } from '../database/database.js'
import { entryColumns, type Entry, type RecordingIssue } from './entry.js'
import type { Lease, Told } from './lease-statements.js'

/**
 * The CRM has the leased version, but for the recording: the lease goes on for that, and whoever waits need not. Nothing comes back when
 * the lease is lost.
 */
export async function holdForRecording(database: Database, lease: Lease, told: Told, leaseMs: number): Promise<Entry | undefined> {
  const [row] = await database.query<Entry>({
    name: 'hold-for-recording',
    text: `
      UPDATE ledger SET
        activity = $4, delivered_snapshot = $5, attempted_fields = '{}', delivered_version = $6, delivered_at = now(), delivered_body = $7,
        undelivered_since = now(), uncertain_since = NULL, last_error_code = NULL, last_error_at = NULL, last_error_detail = NULL,
        delivering_until = now() + make_interval(secs => $8), next_attempt_at = now() + make_interval(secs => $8)
      WHERE tenant_id = $1 AND id = $2 AND delivering_token = $3
      RETURNING ${entryColumns}`,
  }, [
    lease.tenantId, lease.id, lease.token, told.activity && JSON.stringify(told.activity), JSON.stringify(told.content), lease.version, told.body, leaseMs / 1000,
  ])
  return row
}

export async function storeRecordingIssue(database: Database, lease: Lease, issue: RecordingIssue | null): Promise<void> {
  await database.query({
    name: 'store-recording-issue',
    text: 'UPDATE ledger SET recording_issue = $4 WHERE tenant_id = $1 AND id = $2 AND delivering_token = $3',
  }, [lease.tenantId, lease.id, lease.token, issue && JSON.stringify(issue)])
}

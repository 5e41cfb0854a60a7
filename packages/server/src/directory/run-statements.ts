import type { Database } from '../database/database.js'
import { directoryColumns, toDirectory, type DirectoryColumns, type DirectoryRow, type LastResult, type SyncKind } from './directory-row.js'

/** Renewed every few seconds while its holder lives. */
const leaseSeconds = 20

/** Takes the directory for this process when it is due and nobody else works on it. */
export async function takeSyncLease(database: Database, id: number, token: string): Promise<DirectoryRow | null> {
  const [row] = await database.query<DirectoryColumns>({
    name: 'lease-directory',
    text: `
      UPDATE directories d SET syncing_token = $2, syncing_until = now() + make_interval(secs => $3)
      WHERE d.id = $1 AND d.removed_at IS NULL AND d.next_sync_at <= now() AND (d.syncing_until IS NULL OR d.syncing_until <= now())
      RETURNING ${directoryColumns}`,
  }, [id, token, leaseSeconds])
  return row ? toDirectory(row) : null
}

export interface RunToBegin {
  readonly kind: SyncKind
  readonly since: Date | null
  readonly phoneSettings: string
  readonly rewrites: boolean
}

/** Begins a run. A full one is of a new generation. */
export async function beginRun(database: Database, id: number, token: string, run: RunToBegin): Promise<DirectoryRow | null> {
  const [row] = await database.query<DirectoryColumns>({
    name: 'begin-directory-run',
    text: `
      UPDATE directories d SET state = 'syncing', wanted = NULL, run_kind = $3, run_since = $4, run_cursor = NULL, run_started_at = now(),
        run_pages = 0, run_contacts = 0, run_numbers = 0, run_deleted = 0, run_worked_ms = 0,
        phone_settings = $5, run_rewrites = $6,
        generation = d.generation + CASE WHEN $3 = 'full' THEN 1 ELSE 0 END, updated_at = now()
      WHERE d.id = $1 AND d.syncing_token = $2
      RETURNING ${directoryColumns}`,
  }, [id, token, run.kind, run.since, run.phoneSettings, run.rewrites])
  return row ? toDirectory(row) : null
}

export interface PageDone {
  readonly cursor: string | null
  readonly contacts: number
  readonly numbers: number
  readonly deleted: number
  readonly workedMs: number
}

/**
 * Notes a page, and keeps the lease. `false` when the lease is lost: then nothing of the page may be written. Nobody waits for the
 * disk at the end of the transaction: should the database crash, a page goes together with its cursor and is read again.
 */
export async function advanceRun(database: Database, id: number, token: string, page: PageDone): Promise<boolean> {
  const rows = await database.query({
    name: 'advance-directory-run',
    text: `
      UPDATE directories SET state = 'syncing', run_cursor = $3, run_pages = run_pages + 1, run_contacts = run_contacts + $4, run_numbers = run_numbers + $5,
        run_deleted = run_deleted + $6, run_worked_ms = run_worked_ms + $7,
        contact_count = greatest(contact_count, CASE WHEN run_kind = 'full' THEN run_contacts + $4 ELSE 0 END),
        number_count = greatest(number_count, CASE WHEN run_kind = 'full' THEN run_numbers + $5 ELSE 0 END),
        syncing_until = now() + make_interval(secs => $8), updated_at = now()
      WHERE id = $1 AND syncing_token = $2
      RETURNING set_config('synchronous_commit', 'off', true)`,
  }, [id, token, page.cursor, page.contacts, page.numbers, page.deleted, page.workedMs, leaseSeconds])
  return rows.length > 0
}

export interface Counts {
  readonly contacts: number
  readonly numbers: number
  readonly notValid: number
  readonly unreadable: readonly { readonly reason: string; readonly count: number }[]
}

/** Ends a run that has read everything. `counts` is `null` where nothing has changed. */
export const finishRun = (database: Database, id: number, token: string, result: LastResult, counts: Counts | null, isFull: boolean) => database.query({
  name: 'finish-directory-run',
  text: `
    UPDATE directories SET state = 'ready', failures = 0, last_result = $3,
      contact_count = coalesce($4, contact_count), number_count = coalesce($5, number_count), not_valid_count = coalesce($6, not_valid_count),
      unreadable = coalesce($7::jsonb, unreadable),
      synced_at = run_started_at, full_synced_at = CASE WHEN $8 THEN run_started_at ELSE full_synced_at END,
      complete_at = CASE WHEN $8 THEN coalesce(complete_at, now()) ELSE complete_at END,
      next_sync_at = CASE WHEN wanted IS NULL THEN now() + make_interval(mins => sync_every_minutes) ELSE now() END,
      run_kind = NULL, run_cursor = NULL, run_since = NULL, run_started_at = NULL, syncing_token = NULL, syncing_until = NULL, updated_at = now()
    WHERE id = $1 AND syncing_token = $2`,
}, [id, token, JSON.stringify(result), counts?.contacts ?? null, counts?.numbers ?? null, counts?.notValid ?? null, counts && JSON.stringify(counts.unreadable), isFull])

/** Ends this process' work on a run that failed. With `keepsRun` the next one goes on where it stopped. What was good stays. */
export const failRun = (database: Database, id: number, token: string, result: LastResult, keepsRun: boolean, retryInSeconds: number) => database.query({
  name: 'fail-directory-run',
  text: `
    UPDATE directories SET state = 'failed', failures = failures + 1, last_result = $3, next_sync_at = now() + make_interval(secs => $5),
      run_kind = CASE WHEN $4 THEN run_kind END, run_cursor = CASE WHEN $4 THEN run_cursor END, run_since = CASE WHEN $4 THEN run_since END,
      run_started_at = CASE WHEN $4 THEN run_started_at END,
      -- What was not read anew is still to be.
      phone_settings = CASE WHEN run_rewrites AND NOT $4 THEN '' ELSE phone_settings END, syncing_token = NULL, syncing_until = NULL, updated_at = now()
    WHERE id = $1 AND syncing_token = $2`,
}, [id, token, JSON.stringify(result), keepsRun, retryInSeconds])

export const renewLease = (database: Database, id: number, token: string) => database.query({
  name: 'renew-directory-lease',
  text: 'UPDATE directories SET syncing_until = now() + make_interval(secs => $3) WHERE id = $1 AND syncing_token = $2',
}, [id, token, leaseSeconds])

/** Lets another process go on at once. */
export const releaseLease = (database: Database, id: number, token: string) => database.query({
  name: 'release-directory',
  text: 'UPDATE directories SET syncing_token = NULL, syncing_until = NULL WHERE id = $1 AND syncing_token = $2',
}, [id, token])

/** The row, locked until the transaction ends, while the lease is still ours. */
export async function holdsLease(database: Database, id: number, token: string): Promise<boolean> {
  const rows = await database.query({
    name: 'hold-directory',
    text: 'SELECT 1 FROM directories WHERE id = $1 AND syncing_token = $2 FOR UPDATE',
  }, [id, token])
  return rows.length > 0
}

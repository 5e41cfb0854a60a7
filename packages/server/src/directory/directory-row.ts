import type { ProblemCode } from '@linefinder/core'

export type SyncKind = 'full' | 'incremental'

/** A run as it stands in the row. */
export interface Run {
  readonly kind: SyncKind
  readonly since: Date | null
  readonly cursor: string | null
  readonly startedAt: Date
  readonly pages: number
  readonly contacts: number
  readonly numbers: number
  readonly deleted: number
  /** What processes have spent on it, pauses left out. */
  readonly workedMs: number
  /** The numbers of all contacts are read anew, also of those that have not changed. */
  readonly rewrites: boolean
}

export interface LastResult {
  readonly kind: SyncKind
  readonly startedAt: string
  readonly finishedAt: string
  readonly pages: number
  readonly contacts: number
  readonly numbers: number
  readonly deleted: number
  readonly contactsPerSecond: number
  readonly error: { readonly code: ProblemCode; readonly detail?: string } | null
}

export interface DirectoryRow {
  readonly id: number
  readonly tenantId: string
  readonly crmAccountId: string
  readonly connectionId: string
  readonly scope: 'account' | 'personal'
  readonly syncEveryMinutes: number
  readonly fullEveryHours: number
  readonly maxContacts: number | null
  readonly state: 'waiting' | 'syncing' | 'ready' | 'failed'
  readonly generation: number
  readonly wanted: SyncKind | null
  /** By which settings the numbers were read last; JSON. */
  readonly phoneSettings: string | null
  readonly run: Run | null
  readonly failures: number
  readonly lastResult: LastResult | null
  readonly contactCount: number
  readonly numberCount: number
  readonly notValidCount: number
  readonly unreadable: readonly { readonly reason: string; readonly count: number }[]
  readonly completeAt: Date | null
  readonly syncedAt: Date | null
  readonly fullSyncedAt: Date | null
  readonly nextSyncAt: Date | null
}

/** The columns of `DirectoryRow`, of a table that goes by `d`. */
export const directoryColumns = `
  d.id, d.tenant_id AS "tenantId", d.crm_account_id AS "crmAccountId", d.connection_id AS "connectionId", d.scope,
  d.sync_every_minutes AS "syncEveryMinutes", d.full_every_hours AS "fullEveryHours", d.max_contacts AS "maxContacts", d.state, d.generation,
  d.wanted, d.failures, d.last_result AS "lastResult", d.contact_count AS "contactCount", d.number_count AS "numberCount",
  d.not_valid_count AS "notValidCount", d.unreadable, d.complete_at AS "completeAt", d.synced_at AS "syncedAt",
  d.full_synced_at AS "fullSyncedAt", d.next_sync_at AS "nextSyncAt", d.run_kind AS "runKind", d.run_since AS "runSince",
  d.run_cursor AS "runCursor", d.run_started_at AS "runStartedAt", d.run_pages AS "runPages", d.run_contacts AS "runContacts",
  d.run_numbers AS "runNumbers", d.run_deleted AS "runDeleted", d.run_worked_ms AS "runWorkedMs",
  d.run_rewrites AS "runRewrites", d.phone_settings AS "phoneSettings"`

/** A row as `directoryColumns` gives it. */
export interface DirectoryColumns extends Omit<DirectoryRow, 'run'> {
  readonly runKind: SyncKind | null
  readonly runSince: Date | null
  readonly runCursor: string | null
  readonly runStartedAt: Date | null
  readonly runPages: number
  readonly runContacts: number
  readonly runNumbers: number
  readonly runDeleted: number
  /** A bigint, which `pg` gives as text. */
  readonly runWorkedMs: string
  readonly runRewrites: boolean
}

export function toDirectory(columns: DirectoryColumns): DirectoryRow {
  const { runKind, runSince, runCursor, runStartedAt, runPages, runContacts, runNumbers, runDeleted, runWorkedMs, runRewrites, ...row } = columns
  const run = runKind === null || runStartedAt === null ? null : {
    kind: runKind, since: runSince, cursor: runCursor, startedAt: runStartedAt,
    pages: runPages, contacts: runContacts, numbers: runNumbers, deleted: runDeleted, workedMs: Number(runWorkedMs), rewrites: runRewrites,
  }
  return { ...row, run }
}

/** Contacts a second over the time that was worked, 0 before there is any. */
export const rateOf = ({ contacts, workedMs }: Pick<Run, 'contacts' | 'workedMs'>): number =>
  workedMs === 0 ? 0 : Math.round(contacts / workedMs * 1000)

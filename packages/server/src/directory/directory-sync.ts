import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { contactPage, CrmError, type ContactPage, type ProblemCode } from '@linefinder/core'
import { connectionOf } from '../connections/connection-of.js'
import { contactLagMsOf } from '../crm/contact-lag.js'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { problemCodeOf } from '../http/problem.js'
import { analyseDirectory, countDirectory, deleteLeftBehind } from './contact-statements.js'
import { rateOf, type DirectoryRow, type LastResult, type Run } from './directory-row.js'
import { findDirectory } from './directory-statements.js'
import { LeaseLost, preparePage, writePage } from './page-writer.js'
import { readAhead } from './read-ahead.js'
import { beginRun, failRun, finishRun, holdsLease, releaseLease, renewLease, takeSyncLease } from './run-statements.js'

/** In what pieces a sync works. */
export interface SyncFigures {
  /** How long one job works before it lets others have a turn. */
  readonly sliceMs: number
  /** For one page of the CRM. */
  readonly pageDeadlineMs: number
}

/** The CRM's clock and ours differ, and a change may be written a moment after its time. */
const overlapMs = 2 * 60_000
/** Well within the lease. */
const heartbeatMs = 5000
const pageAttempts = 3
const longestPauseMs = 10_000
const longestRetrySeconds = 6 * 3600

/** Brings directories in line with their CRMs, page by page; one process at a time per directory, going on where another stopped. */
export class DirectorySync {
  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'installations' | 'models'>,
    private readonly log: Logger,
    private readonly figures: SyncFigures = { sliceMs: 20_000, pageDeadlineMs: 60_000 },
  ) {}

  /**
   * Works on the directory, if it is due and nobody else does. Returns whether there is more to do at once. A CRM's failure is
   * noted in the row, with the time of the next attempt; only our own is thrown.
   */
  async work(directoryId: number, stop: AbortSignal): Promise<{ hasMore: boolean }> {
    const token = randomUUID()
    const leased = await takeSyncLease(this.deps.database, directoryId, token)
    if (!leased) return { hasMore: false }
    const heartbeat = setInterval(() => { void renewLease(this.deps.database, directoryId, token).catch(() => undefined) }, heartbeatMs)
    try {
      const connection = await connectionOf(this.deps, leased)
      const goesOn = leased.run && leased.wanted !== 'full' && leased.phoneSettings === JSON.stringify(phoneOptionsOf(connection.settings))
      const directory = goesOn ? leased : await this.#begin(leased, token, connection)
      return await this.#read(directory, connection, token, stop)
    } catch (error) {
      if (error instanceof LeaseLost) return { hasMore: false }
      const stopped = error instanceof CrmError ? new SyncStopped(problemCodeOf(error), error.detail, { keepsRun: true, cause: error }) : error
      if (!(stopped instanceof SyncStopped)) {
        await releaseLease(this.deps.database, directoryId, token)
        throw error
      }
      await this.#noteFailure(directoryId, token, stopped)
      return { hasMore: false }
    } finally {
      clearInterval(heartbeat)
    }
  }

  async #begin(row: DirectoryRow, token: string, { tenantId, adapter, settings }: CrmConnection): Promise<DirectoryRow> {
    const phoneSettings = JSON.stringify(phoneOptionsOf(settings))
    // An interrupted run may have read only some of them anew.
    const rewrites = row.phoneSettings !== null && (row.phoneSettings !== phoneSettings || row.run?.rewrites === true)
    const isFullDue = rewrites || row.fullSyncedAt === null || row.wanted === 'full' || row.fullSyncedAt.getTime() + row.fullEveryHours * 3_600_000 <= Date.now()
    const lagMs = contactLagMsOf(this.deps.adapters.get(tenantId, adapter))
    const since = isFullDue || row.syncedAt === null ? null : new Date(row.syncedAt.getTime() - overlapMs - lagMs)
    const begun = await beginRun(this.deps.database, row.id, token, { kind: since === null ? 'full' : 'incremental', since, phoneSettings, rewrites })
    if (!begun) throw new LeaseLost()
    return begun
  }

  async #read(directory: DirectoryRow, connection: CrmConnection, token: string, stop: AbortSignal): Promise<{ hasMore: boolean }> {
    const run = runOf(directory)
    const phone = phoneOptionsOf(connection.settings)
    const endsAt = Date.now() + this.figures.sliceMs
    const cursors = new Set<string | null>()
    let contacts = run.contacts
    let cursor = run.cursor
    let startedAt = Date.now()
    // Nothing is in it yet, but for a few that we made ourselves.
    const isFirst = directory.completeAt === null && directory.generation === 1
    const fetch = async (from: string | null) =>
      preparePage(await this.#fetch(connection, run, from, stop), phone, isFirst)
    // Else another process was about to finish it: its last page is written.
    const isRead = run.pages > 0 && cursor === null
    for await (const page of isRead ? [] : readAhead(cursor, fetch)) {
      if (page.nextCursor !== null && (page.nextCursor === cursor || cursors.has(page.nextCursor))) {
        throw new SyncStopped('crm_bad_response', 'The CRM gives a cursor that it gave before.', { keepsRun: false })
      }
      contacts += page.contents.size
      if (directory.maxContacts !== null && contacts > directory.maxContacts) {
        throw new SyncStopped('directory_full', `The CRM holds more than ${String(directory.maxContacts)} contacts.`, { keepsRun: false })
      }
      cursors.add(cursor)
      cursor = page.nextCursor
      const now = Date.now()
      await writePage(this.deps.database, { directory, token, phone }, page, now - startedAt)
      startedAt = now
      if (now >= endsAt || stop.aborted) break
    }
    if (cursor === null) {
      await this.#finish(directory, token)
      return { hasMore: false }
    }
    await releaseLease(this.deps.database, directory.id, token)
    return { hasMore: !stop.aborted }
  }

  /** Drops what the CRM no longer has, counts, and closes the run. */
  async #finish(directory: DirectoryRow, token: string): Promise<void> {
    const { database } = this.deps
    const isFull = runOf(directory).kind === 'full'
    let deleted = 0
    for (let some = 1; isFull && some > 0;) {
      some = await database.transaction(async () => {
        if (!(await holdsLease(database, directory.id, token))) throw new LeaseLost()
        return deleteLeftBehind(database, directory.id, directory.generation, runOf(directory).startedAt)
      })
      deleted += some
    }
    const row = await findDirectory(database, directory.id)
    if (!row?.run) throw new LeaseLost()
    const hasChanged = isFull || row.run.contacts + row.run.deleted > 0
    if (isFull) await analyseDirectory(database)
    const counts = hasChanged ? await countDirectory(database, directory.id) : null
    const run = { ...row.run, deleted: row.run.deleted + deleted }
    await finishRun(database, directory.id, token, resultOf(run, null), counts, isFull)
    this.log.info({ directory: directory.id, kind: run.kind, contacts: run.contacts, deleted: run.deleted, contactsPerSecond: rateOf(run) }, 'directory synced')
  }

  /** A page, asked for again when the CRM stumbles. Throws `SyncStopped`. */
  async #fetch(connection: CrmConnection, run: Run, cursor: string | null, stop: AbortSignal): Promise<ContactPage> {
    const since = run.since?.toISOString() ?? null
    for (let attempt = 1; ; attempt += 1) {
      try {
        const options = { requestId: randomUUID(), log: this.log, deadlineMs: this.figures.pageDeadlineMs }
        return await this.deps.gateway.call(connection, options, contactPage, async ({ listContacts }, ctx) => {
          if (!listContacts) throw new CrmError('unsupported')
          return listContacts(ctx, since, cursor)
        })
      } catch (error) {
        // The gateway throws nothing else.
        const failure = error as CrmError
        const pauseMs = failure.retryAfterMs ?? 500 * 2 ** attempt
        const isPassing = failure.isRetryable && failure.code !== 'bad_response'
        if (!isPassing || attempt === pageAttempts || pauseMs > longestPauseMs || stop.aborted) {
          throw new SyncStopped(problemCodeOf(failure), failure.detail, {
            keepsRun: failure.isRetryable && failure.code !== 'bad_response' || failure.code === 'unauthorized',
            ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }), cause: failure,
          })
        }
        await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined)
      }
    }
  }

  async #noteFailure(id: number, token: string, stopped: SyncStopped): Promise<void> {
    const row = await findDirectory(this.deps.database, id)
    if (!row) return
    const ownPauseSeconds = Math.min(row.syncEveryMinutes * 60 * 2 ** row.failures, Math.max(longestRetrySeconds, row.syncEveryMinutes * 60))
    const error = { code: stopped.code, ...(stopped.detail === undefined ? {} : { detail: stopped.detail }) }
    const retryInSeconds = Math.max((stopped.how.retryAfterMs ?? 0) / 1000, ownPauseSeconds)
    await failRun(this.deps.database, id, token, resultOf(row.run ?? notBegun(), error), stopped.how.keepsRun, retryInSeconds)
    this.log.warn({ err: stopped.how.cause, directory: id, code: stopped.code, retryInSeconds }, 'a directory was not synced')
  }
}

/** What a run came to when the CRM failed. With `keepsRun` it goes on later from where it was. */
class SyncStopped extends Error {
  override readonly name = 'SyncStopped'

  constructor(
    readonly code: ProblemCode, readonly detail: string | undefined,
    readonly how: { readonly keepsRun: boolean; readonly retryAfterMs?: number; readonly cause?: CrmError },
  ) {
    super(code)
  }
}

function runOf({ run }: DirectoryRow): Run {
  if (!run) throw new Error('a directory is read without a run')
  return run
}

const notBegun = (): Run =>
  ({ kind: 'incremental', since: null, cursor: null, startedAt: new Date(), pages: 0, contacts: 0, numbers: 0, deleted: 0, workedMs: 0, rewrites: false })

const resultOf = (run: Run, error: LastResult['error']): LastResult => ({
  kind: run.kind, startedAt: run.startedAt.toISOString(), finishedAt: new Date().toISOString(),
  pages: run.pages, contacts: run.contacts, numbers: run.numbers, deleted: run.deleted, contactsPerSecond: rateOf(run), error,
})

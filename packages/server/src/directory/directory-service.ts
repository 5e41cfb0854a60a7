import { z } from 'zod'
import { CrmError, type Contact } from '@linefinder/core'
import type { api, BodyOf } from '@linefinder/core/api'
import type { LookupConnection } from '../contacts/lookup-connection.js'
import { contactLagMsOf } from '../crm/contact-lag.js'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller, Caller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import { deleteNumbersOf, deleteSome, insertNumbers, upsertContacts } from './contact-statements.js'
import type { DirectoryRow, SyncKind } from './directory-row.js'
import {
  deleteDirectory, findDirectory, findDirectoryOfConnection, listDirectories, listDirectoriesOf, listDue, makeDue, markRemoved, storeDirectory, wantFullSyncs, wantSync,
} from './directory-statements.js'
import { DirectorySync, type SyncFigures } from './directory-sync.js'
import { toStore } from './page-writer.js'

const personalMaxContacts = 5000

/** Our own index of a CRM's contacts: who has one, what is in it, and the jobs that keep it. */
export class DirectoryService {
  readonly #sync: DirectorySync
  readonly #audit: AuditTrail
  readonly #stopping = new AbortController()

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'installations' | 'models' | 'jobs' | 'log'>, figures?: SyncFigures) {
    this.#sync = new DirectorySync(deps, deps.log, figures)
    this.#audit = new AuditTrail(deps)
  }

  /** Throws `not_found`, `session_expired` for a revoked connection, `crm_unsupported`, or `already_exists` when another connection feeds the account. */
  async switchOn(by: AdminCaller, connectionId: string, body: BodyOf<typeof api.admin.directories.switchOn>): Promise<{ directory: DirectoryRow; isCreated: boolean }> {
    const { database, models, installations, adapters, jobs } = this.deps
    const connection = await models.connections.findOne({ where: { tenantId: by.tenantId, id: connectionId } })
    if (!connection) throw new ApiError('not_found', { detail: 'The tenant has no such connection.' })
    if (connection.state === 'revoked') throw new ApiError('session_expired', { detail: 'The connection has ended.' })
    const { adapter } = await installations.get(by.tenantId, connection.installationId)
    if (!adapters.get(by.tenantId, adapter).listContacts) throw new CrmError('unsupported', { detail: 'The adapter cannot list contacts.' })
    const scope = connection.kind === 'shared' ? 'account' : 'personal'
    const switchedOn = await database.transaction(async () => {
      const stored = await storeDirectory(database, {
        tenantId: by.tenantId, connectionId, crmAccountId: connection.crmAccountId, scope,
        syncEveryMinutes: body.syncEveryMinutes, fullEveryHours: body.fullEveryHours,
        maxContacts: body.maxContacts ?? (scope === 'personal' ? personalMaxContacts : null),
      })
      if (!stored) throw new ApiError('already_exists', { detail: 'Another connection feeds the directory of this CRM account.' })
      const { isCreated, ...directory } = stored
      await this.#audit.note(by, isCreated ? 'directory.switched_on' : 'directory.changed', `connection:${connectionId}`, { scope })
      await jobs.wake('directory-sync', String(directory.id))
      return { directory, isCreated }
    })
    jobs.lookNow('directory-sync')
    return switchedOn
  }

  /** Lookups no longer see it at once; its rows go by and by. Throws `directory_not_found`. */
  async switchOff(by: AdminCaller, connectionId: string): Promise<void> {
    await this.deps.database.transaction(async () => {
      if (!(await this.remove(by.tenantId, connectionId))) throw new ApiError('directory_not_found')
      await this.#audit.note(by, 'directory.switched_off', `connection:${connectionId}`)
    })
  }

  /** For a connection that ends. `false` when it feeds none. */
  async remove(tenantId: string, connectionId: string): Promise<boolean> {
    const id = await markRemoved(this.deps.database, tenantId, connectionId)
    if (id !== null) await this.deps.jobs.wake('directory-purge', String(id))
    return id !== null
  }

  /** For a connection that has been renewed. */
  async resume(tenantId: string, connectionId: string): Promise<void> {
    for (const id of await makeDue(this.deps.database, tenantId, connectionId)) await this.deps.jobs.wake('directory-sync', String(id))
  }

  /** Throws `directory_not_found`. */
  async requestSync(by: AdminCaller, connectionId: string, kind: SyncKind): Promise<DirectoryRow> {
    const { database, jobs } = this.deps
    const requested = await database.transaction(async () => {
      const known = await findDirectoryOfConnection(database, by.tenantId, connectionId)
      const wanted = known && await wantSync(database, known.id, kind)
      if (!wanted) throw new ApiError('directory_not_found')
      await jobs.wake('directory-sync', String(wanted.id))
      return wanted
    })
    jobs.lookNow('directory-sync')
    return requested
  }

  /** Call it in the transaction that changes how the installation reads numbers, and `lookNow` behind it. */
  async readAnew(tenantId: string, installationId: string): Promise<void> {
    for (const id of await wantFullSyncs(this.deps.database, tenantId, installationId)) await this.deps.jobs.wake('directory-sync', String(id))
  }

  lookNow(): void {
    this.deps.jobs.lookNow('directory-sync')
  }

  /** The one that answers the caller's lookups. Throws `directory_not_found`. */
  async get({ connection }: Caller): Promise<DirectoryRow> {
    const directory = connection.directory && await findDirectory(this.deps.database, connection.directory.id)
    if (!directory) throw new ApiError('directory_not_found')
    return directory
  }

  async list(tenantId: string, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<{ items: DirectoryRow[]; nextCursor: string | null }> {
    const [after = '0'] = decodeCursor(cursor, z.tuple([z.string().regex(/^\d{1,9}$/)])) ?? []
    const rows = await listDirectories(this.deps.database, tenantId, Number(after), limit + 1)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, nextCursor: last && rows.length > limit ? encodeCursor([String(last.id)]) : null }
  }

  /** A contact that we made or changed is there at once, and stays although the CRM's own index may lag behind. */
  async note(connection: LookupConnection, contact: Contact): Promise<void> {
    const { database, adapters } = this.deps
    const directories = await listDirectoriesOf(database, connection.crmAccountId, connection.id)
    if (directories.length === 0) return
    const stored = toStore(contact, phoneOptionsOf(connection.settings))
    const keptUntil = new Date(Date.now() + contactLagMsOf(adapters.get(connection.tenantId, connection.adapter)))
    await database.transaction(async () => {
      for (const { id, generation } of directories) {
        await upsertContacts(database, id, generation, [stored], keptUntil)
        await deleteNumbersOf(database, id, [stored.id])
        await insertNumbers(database, id, [stored])
      }
    })
  }

  /** Begins to take jobs, and looks every `sweepMs` for what nobody was woken for. */
  async start(sweepMs = 30_000): Promise<void> {
    const { jobs, log } = this.deps
    await jobs.work('directory-sync', 2, async id => {
      const { hasMore } = await this.#sync.work(Number(id), this.#stopping.signal)
      if (!hasMore) return
      await jobs.wake('directory-sync', id)
      jobs.lookNow('directory-sync')
    })
    await jobs.work('directory-purge', 1, id => this.#purge(Number(id)))
    const sweep = () => { this.#sweep().catch((error: unknown) => { log.error({ err: error }, 'directories could not be looked through') }) }
    const timer = setInterval(sweep, sweepMs).unref()
    this.#stopping.signal.addEventListener('abort', () => { clearInterval(timer) })
    sweep()
  }

  /** The page under way is still written; another process goes on from there. */
  stop(): void {
    this.#stopping.abort()
  }

  async #sweep(): Promise<void> {
    for (const { id, isRemoved } of await listDue(this.deps.database)) {
      await this.deps.jobs.wake(isRemoved ? 'directory-purge' : 'directory-sync', String(id))
    }
  }

  async #purge(id: number): Promise<void> {
    while ((await deleteSome(this.deps.database, id)) > 0) if (this.#stopping.signal.aborted) return
    await deleteDirectory(this.deps.database, id)
  }
}

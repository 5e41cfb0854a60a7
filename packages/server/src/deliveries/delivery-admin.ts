import { z } from 'zod'
import type { AdminDelivery, Explanation } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import type { Ledger } from '../ledger/ledger.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import { countMatching, discardEntry, findForAdmin, listUndelivered, replayEntry, replayMatching, type UndeliveredFilter, type UndeliveredRow } from './delivery-statements.js'
import { explain } from './explain.js'

const maxReplayed = 10_000

/** What the CRMs do not have yet, for the tenant's admin. */
export class DeliveryAdmin {
  readonly #audit: AuditTrail

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'> & { readonly ledger: Ledger }) {
    this.#audit = new AuditTrail(deps)
  }

  async list(tenantId: string, filter: UndeliveredFilter, page: { cursor?: string | undefined; limit: number }): Promise<{ items: UndeliveredRow[]; nextCursor: string | null }> {
    const [since, afterId] = decodeCursor(page.cursor, sortKey) ?? []
    const after = since === undefined || afterId === undefined ? undefined : { since: new Date(since), id: afterId }
    const rows = await listUndelivered(this.deps.database, tenantId, filter, after, page.limit + 1)
    const items = rows.slice(0, page.limit)
    const last = items.at(-1)
    return { items, nextCursor: last && rows.length > page.limit ? encodeCursor([last.undeliveredSince.toISOString(), last.id]) : null }
  }

  async explain(tenantId: string, id: string): Promise<Explanation> {
    return explain(this.deps.database, await this.#get(tenantId, id), {})
  }

  /** Returns it as it stands then. */
  async replay(by: AdminCaller, id: string): Promise<UndeliveredRow> {
    const row = await this.deps.database.transaction(async () => {
      const replayed = await replayEntry(this.deps.database, by.tenantId, id)
      if (replayed) await this.#audit.note(by, 'delivery.replayed', `ledger:${id}`)
      return replayed
    })
    if (row) await this.deps.ledger.deliver(row, 0)
    return row ?? this.#get(by.tenantId, id)
  }

  async replayAll(by: AdminCaller, filter: UndeliveredFilter): Promise<{ replayed: number; remaining: number }> {
    const { database, ledger } = this.deps
    const matching = await countMatching(database, by.tenantId, filter)
    const connections = await database.transaction(async () => {
      const counts = await replayMatching(database, by.tenantId, filter, maxReplayed)
      await this.#audit.note(by, 'deliveries.replayed', 'ledger', { count: sumOf(counts) })
      return counts
    })
    for (const { connectionId } of connections) ledger.wake(connectionId)
    const replayed = sumOf(connections)
    return { replayed, remaining: Math.max(0, matching - replayed) }
  }

  /** The reason stands in the row and in the audit trail. Throws `conflict_state` for what is delivered, or on its way at this moment. */
  async discard(by: AdminCaller, id: string, reason: string): Promise<UndeliveredRow> {
    const row = await this.deps.database.transaction(async () => {
      const discarded = await discardEntry(this.deps.database, by.tenantId, id, reason)
      if (discarded) await this.#audit.note(by, 'delivery.discarded', `ledger:${id}`, { reason })
      return discarded
    })
    if (row) return row
    await this.#get(by.tenantId, id)
    throw new ApiError('conflict_state')
  }

  async #get(tenantId: string, id: string): Promise<UndeliveredRow> {
    const row = await findForAdmin(this.deps.database, tenantId, id)
    if (!row) throw new ApiError('not_found')
    return row
  }
}

const sortKey = z.tuple([z.iso.datetime(), z.uuid()])

const sumOf = (counts: readonly { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0)

export const toDelivery = (row: UndeliveredRow): AdminDelivery => ({
  id: row.id,
  kind: row.kind,
  phoneSystem: row.phoneSystem,
  key: row.key,
  part: row.part,
  connection: row.connectionId,
  agent: row.agentId,
  status: row.status,
  version: row.version,
  deliveredVersion: row.deliveredVersion,
  attempts: row.attempts,
  lastError: row.lastErrorCode && row.lastErrorAt
    ? { code: row.lastErrorCode, ...(row.lastErrorDetail === null ? {} : { detail: row.lastErrorDetail }), at: row.lastErrorAt.toISOString() }
    : null,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  undeliveredSince: (row.undeliveredSince ?? row.updatedAt).toISOString(),
})

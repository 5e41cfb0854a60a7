import type { CallbackInput } from '@linefinder/core'
import type { CallbackPatch, CallbackResource } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { actorOf, type Caller } from '../http/caller.js'
import type { Accepted } from '../ledger/accepted.js'
import { patchEntry } from '../ledger/claim-statements.js'
import type { Entry, EntryKey } from '../ledger/entry.js'
import type { Ledger } from '../ledger/ledger.js'
import { getFilledEntry, getOwnEntry } from '../ledger/own-entry.js'
import { ownerOf, pageOfEntries, placeOf } from '../ledger/owner.js'
import { standingOf } from '../ledger/standing.js'
import { listCallbacks, removeCallback, type CallbackFilter } from './callback-statements.js'

export interface CallbackKey {
  readonly phoneSystem: string
  readonly callbackId: string
}

export interface CallbackListQuery extends Omit<CallbackFilter, 'after'> {
  readonly cursor?: string | undefined
  /** Instead of the caller's own those that no agent has yet. */
  readonly unassigned: boolean
}

/** Callbacks as clients know them. */
export class CallbackService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'links'> & { readonly ledger: Ledger }) {}

  /**
   * Creates or replaces the callback; it is kept from then on. Its delivery begins at once, and is waited for at most `waitMs`. Throws
   * `owned_by_other`.
   */
  async put(caller: Caller, key: CallbackKey, content: CallbackInput, waitMs: number): Promise<Accepted<CallbackResource>> {
    const row = await this.deps.ledger.claim(ownerOf(caller), entryKeyOf(key), {
      kind: 'callback', content, connectionId: caller.connection.id, occursAt: new Date(content.dueAt), actor: actorOf(caller),
    })
    if (!row) throw new ApiError('owned_by_other')
    return this.#deliver(caller, row, row.isCreated, waitMs)
  }

  /** Merges the patch into the callback, then as `put`. Throws `callback_not_found`, `owned_by_other` or `content_deleted`. */
  async patch(caller: Caller, key: CallbackKey, patch: CallbackPatch, waitMs: number): Promise<Accepted<CallbackResource>> {
    const row = await patchEntry(this.deps.database, ownerOf(caller), entryKeyOf(key), {
      kind: 'callback', changes: patch, connectionId: caller.connection.id, occursAt: patch.dueAt === undefined ? null : new Date(patch.dueAt),
    })
    return this.#deliver(caller, row ?? await this.#getFilled(caller, key), false, waitMs)
  }

  /** Throws `callback_not_found`, `owned_by_other` or `content_deleted`. */
  async get(caller: Caller, key: CallbackKey): Promise<CallbackResource> {
    return this.#resource(caller, await this.#getFilled(caller, key))
  }

  async list(caller: Caller, { cursor, unassigned, ...filter }: CallbackListQuery): Promise<{ items: CallbackResource[]; nextCursor: string | null }> {
    const owner = unassigned ? { ...ownerOf(caller), agentId: null } : ownerOf(caller)
    const rows = await listCallbacks(this.deps.database, owner, { ...filter, after: placeOf(cursor), limit: filter.limit + 1 })
    const { page, nextCursor } = pageOfEntries(rows, filter.limit)
    return { items: page.map(row => this.#resource(caller, row)), nextCursor }
  }

  /** The CRM is told in its own time. Throws `callback_not_found` or `owned_by_other`. */
  async remove(caller: Caller, key: CallbackKey): Promise<void> {
    const row = await removeCallback(this.deps.database, ownerOf(caller), entryKeyOf(key), caller.connection.id)
    if (!row) await getOwnEntry(this.deps.database, ownerOf(caller), 'callback', entryKeyOf(key))
    else await this.deps.ledger.deliver(row, 0)
  }

  async #deliver(caller: Caller, row: Entry<'callback'>, isCreated: boolean, waitMs: number): Promise<Accepted<CallbackResource>> {
    const current = await this.deps.ledger.deliver(row, waitMs)
    return { resource: this.#resource(caller, current), isCreated, isDelivered: current.deliveredVersion >= row.version }
  }

  #getFilled(caller: Caller, key: CallbackKey): Promise<Entry<'callback'>> {
    return getFilledEntry(this.deps.database, ownerOf(caller), 'callback', entryKeyOf(key))
  }

  #resource({ connection }: Caller, row: Entry<'callback'>): CallbackResource {
    return {
      callbackId: row.key, phoneSystem: row.phoneSystem,
      delivery: standingOf(row, row.activity ? this.deps.links.toActivity(connection, row.activity) : {}),
      ...row.content,
    }
  }
}

const entryKeyOf = ({ phoneSystem, callbackId }: CallbackKey): EntryKey => ({ phoneSystem, key: callbackId, part: '' })

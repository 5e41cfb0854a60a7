import { activity, CrmError, type Activity, type CallId, type CallLogInput } from '@linefinder/core'
import type { CallLogPatch, CallLogResource, Explanation } from '@linefinder/core/api'
import type { CallOptions } from '../crm/crm-gateway.js'
import { explain } from '../deliveries/explain.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { actorOf, type Caller } from '../http/caller.js'
import type { Accepted } from '../ledger/accepted.js'
import { patchEntry, type Claimed, type ClaimMode } from '../ledger/claim-statements.js'
import type { Entry, EntryKey } from '../ledger/entry.js'
import { findOwnEntries, listEntries, type ListFilter } from '../ledger/find-statements.js'
import type { Ledger } from '../ledger/ledger.js'
import { refuseNewContact } from '../ledger/new-contact.js'
import { getFilledEntry, getOwnEntry } from '../ledger/own-entry.js'
import { ownerOf, pageOfEntries, placeOf } from '../ledger/owner.js'
import { toResource } from './resource.js'

export interface CallLogKey {
  readonly phoneSystem: string
  readonly callId: CallId
  /** Empty unless the call was split between agents. */
  readonly leg: string
}

export interface ListQuery extends Omit<ListFilter, 'after'> {
  readonly cursor?: string | undefined
}

/** Call logs as clients know them. */
export class CallLogService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'links' | 'gateway'> & { readonly ledger: Ledger }) {}

  /**
   * Creates or replaces the log; it is kept from then on. Its delivery begins at once, and is waited for at most `waitMs`. Throws
   * `owned_by_other`, and `invalid_fields` for a new contact where the installation makes none.
   */
  async put(caller: Caller, key: CallLogKey, content: CallLogInput, waitMs: number): Promise<Accepted<CallLogResource>> {
    const row = await this.#claim(caller, key, content, 'put')
    if (!row) throw new ApiError('owned_by_other')
    return this.#deliver(caller, row, row.isCreated, waitMs)
  }

  /** As `put` where there is no log of the call; `null`, and nothing has changed, where there is one, whoever's it is. */
  async create(caller: Caller, key: CallLogKey, content: CallLogInput, waitMs: number): Promise<Accepted<CallLogResource> | null> {
    const row = await this.#claim(caller, key, content, 'create')
    return row ? this.#deliver(caller, row, row.isCreated, waitMs) : null
  }

  /**
   * Merges the patch into the log, then as `put`. With `takesPart` also into one that an import brought and of which nobody has said
   * everything yet: only what is said reaches the CRM, and the resource has no more. Throws `call_log_not_found`, `owned_by_other` or `content_deleted`.
   */
  async patch(caller: Caller, key: CallLogKey, patch: CallLogPatch, waitMs: number, { takesPart = false } = {}): Promise<Accepted<CallLogResource>> {
    refuseNewContact(caller.connection.settings, patch.newContact)
    const row = await patchEntry(this.deps.database, ownerOf(caller), entryKeyOf(key), {
      kind: 'call', changes: patch, connectionId: caller.connection.id, occursAt: patch.startedAt === undefined ? null : new Date(patch.startedAt), takesPart,
    })
    return this.#deliver(caller, row ?? await this.#getFilled(caller, key), false, waitMs)
  }

  /** Throws `call_log_not_found`, `owned_by_other` or `content_deleted`. */
  async get(caller: Caller, key: CallLogKey): Promise<CallLogResource> {
    return this.#resource(caller, await this.#getFilled(caller, key))
  }

  /** Those of the calls that have a log which is the caller's, or that no agent has yet. Not in order. Of an import's there is little but the activity. */
  async find(caller: Caller, { phoneSystem, leg }: Omit<CallLogKey, 'callId'>, callIds: readonly CallId[]): Promise<CallLogResource[]> {
    const rows = await findOwnEntries(this.deps.database, ownerOf(caller), 'call', { phoneSystem, part: leg }, callIds)
    return rows.map(row => this.#resource(caller, row))
  }

  /** The log with what the CRM holds now; `null` when it has no activity. Throws `CrmError`. */
  async getWithActivity(caller: Caller, key: CallLogKey, options: CallOptions): Promise<CallLogResource & { crmActivity: Activity | null }> {
    const row = await this.#getFilled(caller, key)
    if (!this.deps.adapters.get(caller.tenantId, caller.connection.adapter).getCallLog) throw new CrmError('unsupported')
    const { activity: ref } = row
    const crmActivity = ref && await this.deps.gateway.call(caller.connection, options, activity.nullable(),
      async ({ getCallLog }, ctx) => getCallLog?.(ctx, ref) ?? null)
    return { ...this.#resource(caller, row), crmActivity }
  }

  /** Throws `call_log_not_found` or `owned_by_other`. */
  async explain(caller: Caller, key: CallLogKey): Promise<Explanation> {
    const row = await this.#getOwn(caller, key)
    return explain(this.deps.database, row, row.activity ? this.deps.links.toActivity(caller.connection, row.activity) : {})
  }

  /** The caller's own, latest call first. */
  async list(caller: Caller, { cursor, ...filter }: ListQuery): Promise<{ items: CallLogResource[]; nextCursor: string | null }> {
    const rows = await listEntries(this.deps.database, ownerOf(caller), 'call', { ...filter, after: placeOf(cursor), limit: filter.limit + 1 })
    const { page, nextCursor } = pageOfEntries(rows, filter.limit)
    return { items: page.map(row => this.#resource(caller, row)), nextCursor }
  }

  async #claim(caller: Caller, key: CallLogKey, content: CallLogInput, mode: ClaimMode): Promise<Claimed<'call'> | undefined> {
    refuseNewContact(caller.connection.settings, content.newContact)
    return this.deps.ledger.claim(ownerOf(caller), entryKeyOf(key), {
      kind: 'call', content, connectionId: caller.connection.id, occursAt: new Date(content.startedAt), actor: actorOf(caller),
    }, mode)
  }

  async #deliver(caller: Caller, row: Entry<'call'>, isCreated: boolean, waitMs: number): Promise<Accepted<CallLogResource>> {
    const current = await this.deps.ledger.deliver(row, waitMs)
    return { resource: this.#resource(caller, current), isCreated, isDelivered: current.deliveredVersion >= row.version }
  }

  async #getFilled(caller: Caller, key: CallLogKey): Promise<Entry<'call'>> {
    return getFilledEntry(this.deps.database, ownerOf(caller), 'call', entryKeyOf(key))
  }

  async #getOwn(caller: Caller, key: CallLogKey): Promise<Entry<'call'>> {
    return getOwnEntry(this.deps.database, ownerOf(caller), 'call', entryKeyOf(key))
  }

  #resource({ connection }: Caller, row: Entry<'call'>): CallLogResource {
    return toResource(row, row.activity ? this.deps.links.toActivity(connection, row.activity) : {})
  }
}

const entryKeyOf = ({ phoneSystem, callId, leg }: CallLogKey): EntryKey => ({ phoneSystem, key: callId, part: leg })

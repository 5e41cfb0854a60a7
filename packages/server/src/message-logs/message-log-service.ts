import { CrmError, type MessageLogInput } from '@linefinder/core'
import { maxMessagesPerDay, type MessageLogResource } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import type { Caller } from '../http/caller.js'
import { wrongField } from '../http/wrong-field.js'
import type { Accepted } from '../ledger/accepted.js'
import type { Entry, EntryKey } from '../ledger/entry.js'
import { listEntries, type ListFilter } from '../ledger/find-statements.js'
import type { Ledger } from '../ledger/ledger.js'
import { refuseNewContact } from '../ledger/new-contact.js'
import { getFilledEntry, getOwnEntry } from '../ledger/own-entry.js'
import { ownerOf, pageOfEntries, placeOf } from '../ledger/owner.js'
import { standingOf } from '../ledger/standing.js'
import { claimMessageLog } from './claim-message-log.js'

export interface MessageLogKey {
  readonly phoneSystem: string
  readonly conversationId: string
  /** `2026-03-01`. */
  readonly day: string
}

export interface MessageListQuery extends Omit<ListFilter, 'after'> {
  readonly cursor?: string | undefined
}

/** Days of conversations as clients know them. */
export class MessageLogService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'links'> & { readonly ledger: Ledger }) {}

  /**
   * Adds the messages to the day's; they are kept from then on. Their delivery begins at once, and is waited for at most `waitMs`. Throws
   * `owned_by_other`, `crm_unsupported` where the CRM takes no messages, and `invalid_fields` for a new contact where the installation makes none.
   */
  async put(caller: Caller, key: MessageLogKey, content: MessageLogInput, waitMs: number): Promise<Accepted<MessageLogResource>> {
    const { adapters, database, ledger } = this.deps
    if (!adapters.get(caller.tenantId, caller.connection.adapter).createMessageLog) throw new CrmError('unsupported')
    refuseNewContact(caller.connection.settings, content.newContact)
    const row = await claimMessageLog(database, ownerOf(caller), entryKeyOf(key), {
      content, connectionId: caller.connection.id, occursAt: startOf(key.day),
    })
    if (!row) {
      await getOwnEntry(database, ownerOf(caller), 'message', entryKeyOf(key))
      throw wrongField('body', '/messages', `would be more than ${String(maxMessagesPerDay)} in one day`)
    }
    const current = await ledger.deliver<Entry<'message'>>(row, waitMs)
    return { resource: this.#resource(caller, current), isCreated: row.isCreated, isDelivered: current.deliveredVersion >= row.version }
  }

  /** Throws `message_log_not_found`, `owned_by_other` or `content_deleted`. */
  async get(caller: Caller, key: MessageLogKey): Promise<MessageLogResource> {
    return this.#resource(caller, await getFilledEntry(this.deps.database, ownerOf(caller), 'message', entryKeyOf(key)))
  }

  /** The caller's own, latest day first. */
  async list(caller: Caller, { cursor, ...filter }: MessageListQuery): Promise<{ items: MessageLogResource[]; nextCursor: string | null }> {
    const rows = await listEntries(this.deps.database, ownerOf(caller), 'message', { ...filter, after: placeOf(cursor), limit: filter.limit + 1 })
    const { page, nextCursor } = pageOfEntries(rows, filter.limit)
    return { items: page.map(row => this.#resource(caller, row)), nextCursor }
  }

  #resource({ connection }: Caller, row: Entry<'message'>): MessageLogResource {
    return {
      ...row.content, conversationId: row.key, phoneSystem: row.phoneSystem, day: row.part,
      ...standingOf(row, row.activity ? this.deps.links.toActivity(connection, row.activity) : {}),
    }
  }
}

export const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

const entryKeyOf = ({ phoneSystem, conversationId, day }: MessageLogKey): EntryKey => ({ phoneSystem, key: conversationId, part: day })

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Page, PageQuery } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { actorOf, type AdminCaller, type Caller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import { listAudit, type AuditEntry, type AuditFilter } from './audit-statements.js'
import type { AuditRow } from './models.js'

/** What a tenant's admins can look up later. */
export class AuditTrail {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>) {}

  /**
   * Call it in the transaction of the change, so that both stand or neither does. `subject` is the kind and id of the thing, `action`
   * the kind and what was done. `details` never holds a secret, phone number or note.
   */
  async note(by: Caller | AdminCaller, action: string, subject: string, details: AuditRow['details'] = {}): Promise<void> {
    await this.noteOf(by.tenantId, actorOf(by), action, subject, details)
  }

  /** The same for somebody who is no caller of ours, such as an administrator of a phone system. */
  async noteOf(tenantId: string, actor: string, action: string, subject: string, details: AuditRow['details'] = {}): Promise<void> {
    await this.deps.models.audit.create({ id: randomUUID(), tenantId, actor, action, subject, details })
  }

  /** Newest first. */
  async list(tenantId: string, { cursor, ...filter }: Omit<AuditFilter, 'before'> & PageQuery): Promise<Page<AuditEntry>> {
    const [at, id] = decodeCursor(cursor, sortKey) ?? []
    const before = at === undefined || id === undefined ? undefined : { at, id }
    const rows = await listAudit(this.deps.database, tenantId, { ...filter, before, limit: filter.limit + 1 })
    const items = rows.slice(0, filter.limit)
    const last = items.at(-1)
    return { items, nextCursor: last && rows.length > items.length ? encodeCursor([last.at, last.id]) : null }
  }
}

/** To the microsecond, since several entries are made within a millisecond. PostgreSQL knows no year 0. */
const sortKey = z.tuple([z.iso.datetime({ precision: 6 }).regex(/^(?!0000)/), z.uuid()])

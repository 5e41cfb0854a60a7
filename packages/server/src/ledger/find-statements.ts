import type { CallLogStatus } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import { entryColumns, type Entry, type EntryKey, type EntryKind, type EntryOwner } from './entry.js'

/** Whoever's of the CRM account it is. */
export async function findEntry<Kind extends EntryKind>(
  database: Database, { tenantId, crmAccountId }: EntryOwner, kind: Kind, { phoneSystem, key, part }: EntryKey,
): Promise<Entry<Kind> | undefined> {
  const [row] = await database.query<Entry<Kind>>({
    name: 'find-entry',
    text: `
      SELECT ${entryColumns} FROM ledger
      WHERE tenant_id = $1 AND crm_account_id = $2 AND phone_system = $3 AND key = $4 AND part = $5 AND kind = $6`,
  }, [tenantId, crmAccountId, phoneSystem, key, part, kind])
  return row
}

/** Those with one of the keys that are the owner's, or nobody's yet. */
export const findOwnEntries = <Kind extends EntryKind>(
  database: Database, { tenantId, crmAccountId, agentId }: EntryOwner, kind: Kind, { phoneSystem, part }: Omit<EntryKey, 'key'>, keys: readonly string[],
): Promise<Entry<Kind>[]> => database.query<Entry<Kind>>({
  name: 'find-own-entries',
  text: `
    SELECT ${entryColumns} FROM ledger
    WHERE tenant_id = $1 AND crm_account_id = $2 AND (agent_id IS NULL OR agent_id = $3) AND phone_system = $4 AND key = ANY($5) AND part = $6 AND kind = $7
      AND (content_deleted_at IS NULL OR imported IS NOT NULL)`,
}, [tenantId, crmAccountId, agentId, phoneSystem, keys, part, kind])

export interface ListFilter {
  readonly ids?: readonly string[] | undefined
  readonly since?: Date | undefined
  readonly until?: Date | undefined
  readonly phoneSystem?: string | undefined
  readonly status?: CallLogStatus | undefined
  /** Where the page before ended. */
  readonly after?: { readonly occursAt: Date; readonly id: string } | undefined
  readonly limit: number
}

/** The owner's own, latest first. */
export const listEntries = <Kind extends EntryKind>(database: Database, owner: EntryOwner, kind: Kind, filter: ListFilter): Promise<Entry<Kind>[]> =>
  database.query<Entry<Kind>>({
    name: owner.agentId === null ? 'list-shared-entries' : 'list-agent-entries',
    text: `
      SELECT ${entryColumns} FROM ledger
      WHERE tenant_id = $1 AND crm_account_id = $2 AND ${owner.agentId === null ? 'agent_id IS NULL AND $3::uuid IS NULL' : 'agent_id = $3'}
        AND kind = $12 AND content_deleted_at IS NULL
        AND ($4::text[] IS NULL OR key = ANY($4))
        AND ($5::timestamptz IS NULL OR occurs_at >= $5)
        AND ($6::timestamptz IS NULL OR occurs_at < $6)
        AND ($7::text IS NULL OR phone_system = $7)
        AND ($8::text IS NULL OR status = $8)
        AND ($9::timestamptz IS NULL OR (occurs_at, id) < ($9, $10::uuid))
      ORDER BY occurs_at DESC, id DESC
      LIMIT $11`,
  }, [
    owner.tenantId, owner.crmAccountId, owner.agentId, filter.ids ?? null, filter.since ?? null, filter.until ?? null,
    filter.phoneSystem ?? null, filter.status ?? null, filter.after?.occursAt ?? null, filter.after?.id ?? null, filter.limit, kind,
  ])

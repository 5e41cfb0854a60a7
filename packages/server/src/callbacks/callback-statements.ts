import type { CallbackStatus } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { entryColumns, type Entry, type EntryKey, type EntryOwner } from '../ledger/entry.js'
import type { ListFilter } from '../ledger/find-statements.js'
import { transitions } from '../ledger/transitions.js'

export interface CallbackFilter {
  readonly status: CallbackStatus
  readonly dueAfter?: Date | undefined
  readonly dueBefore?: Date | undefined
  readonly phoneSystem?: string | undefined
  /** Where the page before ended. */
  readonly after?: ListFilter['after']
  readonly limit: number
}

/** The owner's own: open ones by when they are due, others latest first. */
export async function listCallbacks(database: Database, { tenantId, crmAccountId, agentId }: EntryOwner, filter: CallbackFilter): Promise<Entry<'callback'>[]> {
  const isAscending = filter.status === 'open'
  const [comparison, order] = isAscending ? ['>', 'ASC'] : ['<', 'DESC']
  return database.query<Entry<'callback'>>({
    name: `list-${isAscending ? 'open' : 'closed'}-${agentId === null ? 'unassigned' : 'agent'}-callbacks`,
    text: `
      SELECT ${entryColumns} FROM ledger
      WHERE tenant_id = $1 AND crm_account_id = $2 AND ${agentId === null ? 'agent_id IS NULL AND $3::uuid IS NULL' : 'agent_id = $3'}
        AND kind = 'callback' AND part = '' AND content->>'status' = $4
        AND ($5::timestamptz IS NULL OR occurs_at >= $5)
        AND ($6::timestamptz IS NULL OR occurs_at < $6)
        AND ($7::text IS NULL OR phone_system = $7)
        AND ($8::timestamptz IS NULL OR (occurs_at, id) ${comparison} ($8, $9::uuid))
      ORDER BY occurs_at ${order}, id ${order}
      LIMIT $10`,
  }, [
    tenantId, crmAccountId, agentId, filter.status, filter.dueAfter ?? null, filter.dueBefore ?? null, filter.phoneSystem ?? null,
    filter.after?.occursAt ?? null, filter.after?.id ?? null, filter.limit,
  ])
}

const isOpen = `(content->>'status' = 'open')`
const isUnheardOf = `(activity IS NULL AND uncertain_since IS NULL AND status = ANY($7))`
const versionNow = `(version + CASE WHEN ${isOpen} THEN 1 ELSE 0 END)`

/**
 * Frees the callback's key. The row stays, and an open one goes on to be delivered as cancelled, unless the CRM has surely never heard of
 * it. Nothing comes back when there is no such callback, or it is another agent's.
 */
export async function removeCallback(database: Database, owner: EntryOwner, key: EntryKey, connectionId: string): Promise<Entry<'callback'> | undefined> {
  const [row] = await database.query<Entry<'callback'>>({
    name: 'remove-callback',
    text: `
      UPDATE ledger SET
        part = id::text,
        content = CASE WHEN ${isOpen} THEN content || '{"status": "cancelled"}' ELSE content END,
        agent_id = $3,
        connection_id = $6,
        version = ${versionNow},
        delivered_version = CASE WHEN ${isUnheardOf} THEN ${versionNow} ELSE delivered_version END,
        status = CASE WHEN ${isUnheardOf} THEN $8 WHEN ${isOpen} AND status = ANY($9) THEN $10 ELSE status END,
        next_attempt_at = CASE WHEN ${isUnheardOf} THEN NULL WHEN ${isOpen} AND status <> 'delivering' THEN now() ELSE next_attempt_at END,
        undelivered_since = CASE WHEN ${isUnheardOf} THEN NULL WHEN ${isOpen} AND status = 'failed' THEN now() WHEN ${isOpen} THEN coalesce(undelivered_since, now()) ELSE undelivered_since END,
        updated_at = now()
      WHERE tenant_id = $1 AND crm_account_id = $2 AND (agent_id IS NULL OR agent_id = $3)
        AND phone_system = $4 AND key = $5 AND part = '' AND kind = 'callback'
      RETURNING ${entryColumns}`,
  }, [
    owner.tenantId, owner.crmAccountId, owner.agentId, key.phoneSystem, key.key, connectionId,
    transitions.withdraw.from, transitions.withdraw.to, transitions.change.from, transitions.change.to,
  ])
  return row
}

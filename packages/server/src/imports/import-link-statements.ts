import { randomUUID } from 'node:crypto'
import type { ActivityId } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { inLockOrder } from '../ledger/entry.js'
import type { ImportedLink } from './imported.js'
import type { KnownUser } from './import-statements.js'

export interface OwnedLink {
  readonly link: ImportedLink
  readonly owner: KnownUser
}

/** The activity that the ledger has under the link's name: `null` when it has the name without one, `undefined` when it has no such name. */
export async function findActivities(database: Database, tenantId: string, links: readonly OwnedLink[]): Promise<(string | null | undefined)[]> {
  const rows = await database.query<{ turn: number; activityId: string | null; formerId: string | null }>({
    name: 'find-imported-activities',
    text: `
      SELECT asked.turn, l.activity->>'id' AS "activityId", l.imported->'activity'->>'id' AS "formerId"
      FROM json_to_recordset($2) AS asked (turn int, crm_account_id uuid, phone_system text, key text, part text, kind text)
      JOIN ledger l ON l.tenant_id = $1 AND l.crm_account_id = asked.crm_account_id AND l.phone_system = asked.phone_system
        AND l.key = asked.key AND l.part = asked.part AND l.kind = asked.kind`,
  }, [tenantId, JSON.stringify(links.map(({ link, owner }, turn) => ({
    turn, crm_account_id: owner.crmAccountId, phone_system: link.phoneSystem, key: link.key, part: link.part, kind: link.kind,
  })))])
  const byTurn = new Map(rows.map(row => [row.turn, row]))
  return links.map(({ link }, turn) => {
    const row = byTurn.get(turn)
    return row && (row.formerId === link.activityId ? row.formerId : row.activityId)
  })
}

/**
 * Entries that are delivered already, with nothing but the key and the activity: they are not sent by themselves, and whoever says more of
 * them changes that activity. Returns how many were new.
 */
export async function insertLinks(database: Database, tenantId: string, links: readonly OwnedLink[]): Promise<number> {
  const asked = links.map(({ link, owner }) => ({
    id: randomUUID(), crm_account_id: owner.crmAccountId, agent_id: owner.agentId, connection_id: owner.connectionId,
    phone_system: link.phoneSystem, key: link.key, part: link.part, kind: link.kind, occurs_at_ms: link.occursAt.getTime(),
    activity: { id: link.activityId as ActivityId },
    resolution: link.contactId === null ? null : { contactId: link.contactId, how: 'given', candidates: [], source: null, at: link.occursAt.toISOString() },
    snapshot: link.contactId === null ? {} : { contactId: link.contactId },
    imported: link.messageIds === undefined ? {} : { messageIds: link.messageIds },
  }))
  const rows = await database.query({
    name: 'insert-imported-links',
    text: `
      INSERT INTO ledger (
        id, claim_id, tenant_id, crm_account_id, agent_id, connection_id, phone_system, key, part, kind, occurs_at, activity, resolution, delivered_snapshot,
        imported, content, content_deleted_at, status, version, delivered_version, delivered_at)
      SELECT id, id, $1, crm_account_id, agent_id, connection_id, phone_system, key, part, kind, to_timestamp(occurs_at_ms / 1000), activity, resolution, snapshot,
        imported, '{}', now(), 'delivered', 1, 1, to_timestamp(occurs_at_ms / 1000)
      FROM (
        SELECT *, $1 AS tenant_id FROM json_to_recordset($2) AS asked (
          id uuid, crm_account_id uuid, agent_id uuid, connection_id uuid, phone_system text, key text, part text, kind text, occurs_at_ms float8,
          activity jsonb, resolution jsonb, snapshot jsonb, imported jsonb)
      ) asked
      ORDER BY ${inLockOrder}
      ON CONFLICT (tenant_id, crm_account_id, phone_system, key, part, kind) DO NOTHING
      RETURNING id`,
  }, [tenantId, JSON.stringify(asked)])
  return rows.length
}

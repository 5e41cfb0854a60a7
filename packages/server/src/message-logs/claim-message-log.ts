import { randomUUID } from 'node:crypto'
import type { MessageLogInput } from '@linefinder/core'
import { maxMessagesPerDay } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import type { Claimed } from '../ledger/claim-statements.js'
import { entryColumns, type EntryKey, type EntryOwner } from '../ledger/entry.js'
import { transitions } from '../ledger/transitions.js'

export interface MessageClaim {
  readonly content: MessageLogInput
  readonly connectionId: string
  readonly occursAt: Date
  /** What an import brought cannot be added to without writing over it: what is new gets an activity of its own. */
  readonly startsAnew: boolean
}

/** One of each id, the one that was said last, in order of time. */
const merged = (messages: string) => `(
  SELECT jsonb_agg(message ORDER BY (message->>'sentAt')::timestamptz, (message->>'id') COLLATE "C")
  FROM (
    SELECT DISTINCT ON (message->>'id') message
    FROM jsonb_array_elements(${messages}) WITH ORDINALITY AS said (message, turn)
    ORDER BY message->>'id', turn DESC
  ) latest)`

const countOf = (messages: string) => `(SELECT count(DISTINCT message->>'id') FROM jsonb_array_elements(${messages}) message)`

/** Without those that were on the CRM's record when it was imported. */
const fresh = `(CASE WHEN own.imported IS NULL THEN excluded.content->'messages' ELSE coalesce((
  SELECT jsonb_agg(message) FROM jsonb_array_elements(excluded.content->'messages') message
  WHERE NOT coalesce(own.imported->'messageIds', '[]') ? (message->>'id')), '[]') END)`

/** Of a day whose content has been deleted nothing is left. */
const both = `(coalesce(own.content->'messages', '[]') || ${fresh})`
const isNothingNew = `(own.imported IS NOT NULL AND ${fresh} = '[]')`
const isFirstSinceImport = `(own.imported IS NOT NULL AND own.version = 1 AND is_changed AND $16)`

/**
 * As `claimEntries`, but what is said joins what is there: under the row's lock, so that of messages sent at once in several processes none is
 * lost. Nothing comes back when it is another agent's, or would hold too many messages.
 */
export async function claimMessageLog(database: Database, owner: EntryOwner, key: EntryKey, claim: MessageClaim): Promise<Claimed<'message'> | undefined> {
  const [row] = await database.query<Claimed<'message'>>({
    name: 'claim-message-log',
    // OFFSET 0 keeps the planner from computing the merge once for each time that it is named.
    text: `
      WITH claimed AS (
        INSERT INTO ledger AS own
          (id, claim_id, tenant_id, crm_account_id, agent_id, phone_system, key, part, kind, connection_id, content, occurs_at, next_attempt_at, undelivered_since)
        VALUES ($1, $1, $2, $3, $4, $5, $6, $7, 'message', $8, $9::jsonb || jsonb_build_object('messages', ${merged(`$9::jsonb->'messages'`)}), $10, now(), now())
        ON CONFLICT (tenant_id, crm_account_id, phone_system, key, part, kind) DO UPDATE SET
          (content, version, status, next_attempt_at, undelivered_since, claim_id, updated_at, content_deleted_at, imported, activity, delivered_snapshot) = (
            SELECT
              said.content,
              own.version + CASE WHEN is_changed THEN 1 ELSE 0 END,
              CASE WHEN is_changed AND own.status = ANY($12) THEN $13 WHEN own.status = ANY($11) THEN $14 ELSE own.status END,
              CASE WHEN (is_changed OR own.status = ANY($11)) AND own.status <> 'delivering' THEN now() ELSE own.next_attempt_at END,
              CASE WHEN own.status = 'failed' THEN now() WHEN is_changed THEN coalesce(own.undelivered_since, now()) ELSE own.undelivered_since END,
              CASE WHEN is_changed THEN excluded.claim_id ELSE own.claim_id END,
              CASE WHEN is_changed OR own.agent_id IS DISTINCT FROM excluded.agent_id THEN now() ELSE own.updated_at END,
              CASE WHEN said.content ? 'messages' THEN NULL ELSE own.content_deleted_at END,
              CASE WHEN ${isFirstSinceImport} THEN own.imported || jsonb_build_object('activity', own.activity) ELSE own.imported END,
              CASE WHEN NOT ${isFirstSinceImport} THEN own.activity END,
              CASE WHEN NOT ${isFirstSinceImport} THEN own.delivered_snapshot END
            FROM (
              SELECT CASE WHEN ${isNothingNew} THEN own.content ELSE own.content || excluded.content || jsonb_build_object('messages', ${merged(both)}) END AS content OFFSET 0
            ) said,
              LATERAL (SELECT said.content IS DISTINCT FROM own.content AS is_changed OFFSET 0) change
          ),
          agent_id = excluded.agent_id,
          connection_id = excluded.connection_id
        WHERE (own.agent_id IS NULL OR own.agent_id = excluded.agent_id) AND ${countOf(both)} <= $15
        RETURNING *
      )
      SELECT ${entryColumns}, id = $1 AS "isCreated" FROM claimed`,
  }, [
    randomUUID(), owner.tenantId, owner.crmAccountId, owner.agentId, key.phoneSystem, key.key, key.part,
    claim.connectionId, JSON.stringify(claim.content), claim.occursAt,
    transitions.ask.from, transitions.change.from, transitions.change.to, transitions.ask.to, maxMessagesPerDay, claim.startsAnew,
  ])
  return row
}

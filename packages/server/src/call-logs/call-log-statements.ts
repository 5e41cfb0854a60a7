import { randomUUID } from 'node:crypto'
import type { CallLogInput } from '@linefinder/core'
import type { CallLogPatch, CallLogStatus } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import { callLogColumns, type CallLogKey, type CallLogOwner, type CallLogRow } from './call-log-row.js'
import { transitions } from './transitions.js'

export interface ClaimedRow extends CallLogRow {
  readonly isCreated: boolean
}

/** The accepting process tries at once. Should it not get there, somebody else does. */
const lookedAfter = `now() + interval '30 seconds'`

const isChanged = 'own.content IS DISTINCT FROM excluded.content'
const isOtherAgents = 'own.agent_id <> excluded.agent_id'

/**
 * Creates the row or replaces its content, whoever comes first; the version rises only when the content really changed.
 * An agent may claim what is theirs, what was logged without an agent, and, for a call that they answered, what only rang at
 * another's (noted in the audit trail). Nothing comes back when it is another's.
 */
export async function claimCallLog(
  database: Database, owner: CallLogOwner, key: CallLogKey, claim: { connectionId: string; content: CallLogInput; actor: string },
): Promise<ClaimedRow | undefined> {
  const [row] = await database.query<ClaimedRow>({
    name: 'claim-call-log',
    text: `
      WITH claimed AS (
        INSERT INTO call_logs AS own
          (id, claim_id, tenant_id, crm_account_id, agent_id, phone_system, call_id, leg, connection_id, content, started_at, next_attempt_at, undelivered_since)
        VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ${lookedAfter}, now())
        ON CONFLICT (tenant_id, crm_account_id, phone_system, call_id, leg) DO UPDATE SET
          content = excluded.content,
          started_at = excluded.started_at,
          agent_id = excluded.agent_id,
          connection_id = excluded.connection_id,
          version = own.version + CASE WHEN ${isChanged} THEN 1 ELSE 0 END,
          status = CASE WHEN ${isChanged} AND own.status = ANY($11) THEN $12 ELSE own.status END,
          next_attempt_at = CASE WHEN ${isChanged} THEN ${lookedAfter} ELSE own.next_attempt_at END,
          undelivered_since = CASE WHEN ${isChanged} THEN coalesce(own.undelivered_since, now()) ELSE own.undelivered_since END,
          claim_id = CASE WHEN ${isChanged} THEN excluded.claim_id ELSE own.claim_id END,
          claim_took_from = CASE WHEN ${isChanged} THEN CASE WHEN ${isOtherAgents} THEN own.agent_id END ELSE own.claim_took_from END,
          updated_at = CASE WHEN ${isChanged} OR own.agent_id IS DISTINCT FROM excluded.agent_id THEN now() ELSE own.updated_at END
        WHERE own.agent_id IS NULL OR own.agent_id = excluded.agent_id
          OR (${isOtherAgents} AND excluded.content->>'result' = 'answered' AND own.content->>'result' IS DISTINCT FROM 'answered')
        RETURNING *
      ), noted AS (
        INSERT INTO audit (id, tenant_id, actor, action, subject, details)
        SELECT gen_random_uuid(), tenant_id, $13, 'call_log.taken_over', id::text, jsonb_build_object('from', claim_took_from, 'to', agent_id)
        FROM claimed WHERE claim_id = $1 AND claim_took_from IS NOT NULL
      )
      SELECT ${callLogColumns}, id = $1 AS "isCreated" FROM claimed`,
  }, [
    randomUUID(), owner.tenantId, owner.crmAccountId, owner.agentId, key.phoneSystem, key.callId, key.leg,
    claim.connectionId, JSON.stringify(claim.content), new Date(claim.content.startedAt),
    transitions.change.from, transitions.change.to, claim.actor,
  ])
  return row
}

const merged = '(content || $8::jsonb) - $9::text[]'

/**
 * Merges the patch into the newest content (RFC 7396, one level: `from` and `to` are replaced whole), so that two patches at
 * once both count. Nothing comes back when there is no such row, or it is another agent's.
 */
export async function patchCallLog(
  database: Database, owner: CallLogOwner, key: CallLogKey, connectionId: string, patch: CallLogPatch,
): Promise<CallLogRow | undefined> {
  const removed = Object.keys(patch).filter(name => patch[name as keyof CallLogPatch] === null)
  const [row] = await database.query<CallLogRow>({
    name: 'patch-call-log',
    text: `
      UPDATE call_logs SET
        content = ${merged},
        started_at = coalesce($10, started_at),
        agent_id = $3,
        connection_id = $7,
        version = version + CASE WHEN ${merged} IS DISTINCT FROM content THEN 1 ELSE 0 END,
        status = CASE WHEN ${merged} IS DISTINCT FROM content AND status = ANY($11) THEN $12 ELSE status END,
        next_attempt_at = CASE WHEN ${merged} IS DISTINCT FROM content THEN ${lookedAfter} ELSE next_attempt_at END,
        undelivered_since = CASE WHEN ${merged} IS DISTINCT FROM content THEN coalesce(undelivered_since, now()) ELSE undelivered_since END,
        updated_at = CASE WHEN ${merged} IS DISTINCT FROM content OR agent_id IS DISTINCT FROM $3 THEN now() ELSE updated_at END
      WHERE tenant_id = $1 AND crm_account_id = $2 AND (agent_id IS NULL OR agent_id = $3)
        AND phone_system = $4 AND call_id = $5 AND leg = $6
      RETURNING ${callLogColumns}`,
  }, [
    owner.tenantId, owner.crmAccountId, owner.agentId, key.phoneSystem, key.callId, key.leg, connectionId,
    JSON.stringify(patch), removed, patch.startedAt === undefined ? null : new Date(patch.startedAt),
    transitions.change.from, transitions.change.to,
  ])
  return row
}

/** Whoever's of the CRM account it is. */
export async function findCallLog(database: Database, { tenantId, crmAccountId }: CallLogOwner, key: CallLogKey): Promise<CallLogRow | undefined> {
  const [row] = await database.query<CallLogRow>({
    name: 'find-call-log',
    text: `
      SELECT ${callLogColumns} FROM call_logs
      WHERE tenant_id = $1 AND crm_account_id = $2 AND phone_system = $3 AND call_id = $4 AND leg = $5`,
  }, [tenantId, crmAccountId, key.phoneSystem, key.callId, key.leg])
  return row
}

export interface ListFilter {
  readonly ids?: readonly string[] | undefined
  readonly since?: Date | undefined
  readonly until?: Date | undefined
  readonly phoneSystem?: string | undefined
  readonly status?: CallLogStatus | undefined
  /** Where the page before ended. */
  readonly after?: { readonly startedAt: Date; readonly id: string } | undefined
  readonly limit: number
}

/** The owner's own, latest call first. */
export const listCallLogs = (database: Database, owner: CallLogOwner, filter: ListFilter): Promise<CallLogRow[]> =>
  database.query<CallLogRow>({
    name: owner.agentId === null ? 'list-shared-call-logs' : 'list-agent-call-logs',
    text: `
      SELECT ${callLogColumns} FROM call_logs
      WHERE tenant_id = $1 AND crm_account_id = $2 AND ${owner.agentId === null ? 'agent_id IS NULL AND $3::uuid IS NULL' : 'agent_id = $3'}
        AND ($4::text[] IS NULL OR call_id = ANY($4))
        AND ($5::timestamptz IS NULL OR started_at >= $5)
        AND ($6::timestamptz IS NULL OR started_at < $6)
        AND ($7::text IS NULL OR phone_system = $7)
        AND ($8::text IS NULL OR status = $8)
        AND ($9::timestamptz IS NULL OR (started_at, id) < ($9, $10::uuid))
      ORDER BY started_at DESC, id DESC
      LIMIT $11`,
  }, [
    owner.tenantId, owner.crmAccountId, owner.agentId, filter.ids ?? null, filter.since ?? null, filter.until ?? null,
    filter.phoneSystem ?? null, filter.status ?? null, filter.after?.startedAt ?? null, filter.after?.id ?? null, filter.limit,
  ])

import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.js'
import { entryColumns, inLockOrder, type Contents, type Entry, type EntryKey, type EntryKind, type EntryOwner } from './entry.js'
import { transitions } from './transitions.js'

export type Claimed<Kind extends EntryKind> = Entry<Kind> & { readonly isCreated: boolean }

export interface Claim<Kind extends EntryKind> {
  readonly kind: Kind
  readonly content: Contents[Kind]
  readonly connectionId: string
  readonly occursAt: Date
  /** For the audit trail. */
  readonly actor: string
}

/** Somebody's claim to an entry. */
export interface Asked<Kind extends EntryKind = EntryKind> {
  readonly owner: EntryOwner
  readonly key: EntryKey
  readonly claim: Claim<Kind>
}

const isChanged = 'own.content IS DISTINCT FROM excluded.content'
const isOtherAgents = 'own.agent_id <> excluded.agent_id'

/** Also what stands still gets a new try when somebody says it again. */
const isWanted = `(${isChanged} OR own.status = ANY($2))`

/** What names an entry among all tenants' entries of all kinds. */
export const nameOf = ({ tenantId, crmAccountId }: EntryOwner, { phoneSystem, key, part }: EntryKey, kind: EntryKind): string =>
  [tenantId, crmAccountId, phoneSystem, key, part, kind].join('\0')

/** Whether a claim may replace what is there: `create` leaves a row that is there as it is, whoever's it is. */
export type ClaimMode = 'put' | 'create'

/**
 * Creates the rows or replaces their content, whoever comes first; a version rises only when the content really changed. They are due at once.
 * An agent may claim what is theirs, what was logged without an agent, and, for a call that they answered, what only rang at
 * another's (noted in the audit trail). Answers in the order of the claims; `undefined` stands where it is another's, or is there already and the
 * mode is `create`. No two claims may be to one entry. Rows are locked in the order of their names, so that two statements never wait for each other.
 */
export async function claimEntries<Kind extends EntryKind>(database: Database, claims: readonly Asked<Kind>[], mode: ClaimMode = 'put'): Promise<(Claimed<Kind> | undefined)[]> {
  const asked = claims.map(({ owner, key, claim }) => ({
    id: randomUUID(), tenant_id: owner.tenantId, crm_account_id: owner.crmAccountId, agent_id: owner.agentId, phone_system: key.phoneSystem, key: key.key,
    part: key.part, kind: claim.kind, connection_id: claim.connectionId, content: claim.content, occurs_at_ms: claim.occursAt.getTime(), actor: claim.actor,
  }))
  const rows = await database.query<Entry<Kind>>({
    name: 'claim-entries',
    text: `
      WITH asked AS (
        SELECT * FROM json_to_recordset($1) AS asked (
          id uuid, tenant_id text, crm_account_id uuid, agent_id uuid, phone_system text, key text, part text, kind text, connection_id uuid,
          content jsonb, occurs_at_ms float8, actor text)
      ), claimed AS (
        INSERT INTO ledger AS own
          (id, claim_id, tenant_id, crm_account_id, agent_id, phone_system, key, part, kind, connection_id, content, occurs_at, next_attempt_at, undelivered_since)
        SELECT id, id, tenant_id, crm_account_id, agent_id, phone_system, key, part, kind, connection_id, content, to_timestamp(occurs_at_ms / 1000), now(), now()
        FROM asked ORDER BY ${inLockOrder}
        ON CONFLICT (tenant_id, crm_account_id, phone_system, key, part, kind) DO UPDATE SET
          content = excluded.content,
          content_deleted_at = NULL,
          occurs_at = excluded.occurs_at,
          agent_id = excluded.agent_id,
          connection_id = excluded.connection_id,
          version = own.version + CASE WHEN ${isChanged} THEN 1 ELSE 0 END,
          status = CASE WHEN ${isChanged} AND own.status = ANY($3) THEN $4 WHEN own.status = ANY($2) THEN $5 ELSE own.status END,
          next_attempt_at = CASE WHEN ${isWanted} AND own.status <> 'delivering' THEN now() ELSE own.next_attempt_at END,
          undelivered_since = CASE WHEN own.status = 'failed' THEN now() WHEN ${isChanged} THEN coalesce(own.undelivered_since, now()) ELSE own.undelivered_since END,
          claim_id = CASE WHEN ${isChanged} THEN excluded.claim_id ELSE own.claim_id END,
          claim_took_from = CASE WHEN ${isChanged} THEN CASE WHEN ${isOtherAgents} THEN own.agent_id END ELSE own.claim_took_from END,
          updated_at = CASE WHEN ${isChanged} OR own.agent_id IS DISTINCT FROM excluded.agent_id THEN now() ELSE own.updated_at END
        WHERE $6 AND (own.agent_id IS NULL OR own.agent_id = excluded.agent_id
          OR (${isOtherAgents} AND own.kind = 'call' AND excluded.content->>'result' = 'answered' AND own.content->>'result' IS DISTINCT FROM 'answered'))
        RETURNING *
      ), noted AS (
        INSERT INTO audit (id, tenant_id, actor, action, subject, details)
        SELECT gen_random_uuid(), claimed.tenant_id, asked.actor, 'call_log.taken_over', claimed.id::text, jsonb_build_object('from', claim_took_from, 'to', claimed.agent_id)
        FROM claimed JOIN asked ON asked.id = claimed.claim_id WHERE claim_took_from IS NOT NULL
      )
      SELECT ${entryColumns} FROM claimed`,
  }, [JSON.stringify(asked), transitions.ask.from, transitions.change.from, transitions.change.to, transitions.ask.to, mode === 'put'])
  const byName = new Map(rows.map(row => [nameOf(row, row, row.kind), row]))
  return claims.map(({ owner, key, claim }, index) => {
    const row = byName.get(nameOf(owner, key, claim.kind))
    return row && { isCreated: row.id === asked[index]?.id, ...row }
  })
}

export interface Patch {
  readonly kind: EntryKind
  /** `null` removes. */
  readonly changes: Readonly<Record<string, unknown>>
  readonly connectionId: string
  /** `null`: it stays. */
  readonly occursAt: Date | null
  /** Also where an import made the entry and what is known of the call stays incomplete. Default false. */
  readonly takesPart?: boolean
}

/** RFC 7396, one level, and `fields` one level more: `from` and `to` are replaced whole. */
const merged = `((content || ($8::jsonb - 'fields')) - $9::text[] || CASE WHEN jsonb_typeof($8::jsonb->'fields') = 'object'
  THEN jsonb_build_object('fields', jsonb_strip_nulls(coalesce(content->'fields', '{}') || ($8::jsonb->'fields'))) ELSE '{}' END)`
const isPatched = `(${merged} IS DISTINCT FROM content)`
const isWhole = `(${merged} ?& ARRAY['direction', 'from', 'to', 'startedAt'])`

/**
 * Merges the patch into the newest content, so that two patches at once both count. Nothing comes back when there is no such
 * row, or it is another agent's.
 */
export async function patchEntry<Kind extends EntryKind>(database: Database, owner: EntryOwner, key: EntryKey, patch: Patch & { readonly kind: Kind }): Promise<Entry<Kind> | undefined> {
  const removed = Object.keys(patch.changes).filter(name => patch.changes[name] === null)
  const [row] = await database.query<Entry<Kind>>({
    name: 'patch-entry',
    text: `
      UPDATE ledger SET
        content = ${merged},
        content_deleted_at = CASE WHEN ${isWhole} THEN NULL ELSE content_deleted_at END,
        occurs_at = coalesce($10, occurs_at),
        agent_id = $3,
        connection_id = $7,
        version = version + CASE WHEN ${isPatched} THEN 1 ELSE 0 END,
        status = CASE WHEN ${isPatched} AND status = ANY($11) THEN $12 WHEN status = ANY($13) THEN $14 ELSE status END,
        next_attempt_at = CASE WHEN (${isPatched} OR status = ANY($13)) AND status <> 'delivering' THEN now() ELSE next_attempt_at END,
        undelivered_since = CASE WHEN status = 'failed' THEN now() WHEN ${isPatched} THEN coalesce(undelivered_since, now()) ELSE undelivered_since END,
        updated_at = CASE WHEN ${isPatched} OR agent_id IS DISTINCT FROM $3 THEN now() ELSE updated_at END
      WHERE tenant_id = $1 AND crm_account_id = $2 AND (agent_id IS NULL OR agent_id = $3)
        AND (content_deleted_at IS NULL OR (imported IS NOT NULL AND ($16 OR ${isWhole})))
        AND phone_system = $4 AND key = $5 AND part = $6 AND kind = $15
      RETURNING ${entryColumns}`,
  }, [
    owner.tenantId, owner.crmAccountId, owner.agentId, key.phoneSystem, key.key, key.part, patch.connectionId,
    JSON.stringify(patch.changes), removed, patch.occursAt,
    transitions.change.from, transitions.change.to, transitions.ask.from, transitions.ask.to, patch.kind, patch.takesPart ?? false,
  ])
  return row
}

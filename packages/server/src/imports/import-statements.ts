import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.js'

export interface KnownUser {
  readonly connectionId: string
  readonly crmAccountId: string
  readonly agentId: string
  readonly crmUserId: string
  readonly hostname: string
}

export const listKnownUsers = (database: Database, tenantId: string, installationId: string, crmUserIds: readonly string[]): Promise<KnownUser[]> =>
  database.query<KnownUser>({
    name: 'list-known-users',
    text: `
      SELECT id AS "connectionId", crm_account_id AS "crmAccountId", agent_id AS "agentId", crm_user_id AS "crmUserId", hostname FROM connections
      WHERE tenant_id = $1 AND installation_id = $2 AND kind = 'personal' AND crm_user_id = ANY($3)`,
  }, [tenantId, installationId, crmUserIds])

export interface UserToStore {
  readonly connectionId: string
  readonly accountKey: string
  readonly hostname: string
  readonly crmUserId: string
  /** Sealed; `null`: signed out. */
  readonly credentials: string | null
}

/** Agents, accounts that await the CRM's word, and connections that the server looks after at once. An account that is there is taken as it is. */
export async function insertUsers(database: Database, tenantId: string, installationId: string, users: readonly UserToStore[]): Promise<void> {
  const asked = users.map(user => ({
    id: user.connectionId, account_id: randomUUID(), agent_id: randomUUID(), account_key: user.accountKey, hostname: user.hostname, crm_user_id: user.crmUserId,
    crm_user: { id: user.crmUserId, name: user.crmUserId }, credentials: user.credentials, state: user.credentials === null ? 'revoked' : 'healthy',
  }))
  await database.query({
    name: 'insert-imported-users',
    text: `
      WITH asked AS (
        SELECT * FROM json_to_recordset($3) AS asked (
          id uuid, account_id uuid, agent_id uuid, account_key text, hostname text, crm_user_id text, crm_user jsonb, credentials text, state text)
      ), accounts AS (
        INSERT INTO crm_accounts (id, tenant_id, installation_id, account_key, awaits_report)
        SELECT account_id, $1, $2, account_key, true FROM asked ORDER BY account_key
        ON CONFLICT (installation_id, account_key) DO UPDATE SET updated_at = now()
        RETURNING id, account_key
      ), agents_made AS (
        INSERT INTO agents (id, tenant_id, name) SELECT agent_id, $1, crm_user_id FROM asked
      ), noted AS (
        INSERT INTO audit (id, tenant_id, actor, action, subject, details)
        SELECT gen_random_uuid(), $1, 'import', 'connection.imported', 'connection:' || id, jsonb_build_object('state', state) FROM asked
      )
      INSERT INTO connections (id, tenant_id, installation_id, crm_account_id, agent_id, kind, state, hostname, crm_user_id, crm_user, credentials, probe_at)
      SELECT asked.id, $1, $2, accounts.id, asked.agent_id, 'personal', asked.state, asked.hostname, asked.crm_user_id, asked.crm_user, asked.credentials, now()
      FROM asked JOIN accounts USING (account_key)`,
  }, [tenantId, installationId, JSON.stringify(asked)])
}

/** As its CRM user is, so that a probe finds out whether the CRM takes them. */
export async function replaceCredentials(database: Database, tenantId: string, connectionId: string, sealed: string): Promise<void> {
  await database.query({
    name: 'replace-imported-credentials',
    text: `
      WITH replaced AS (
        UPDATE connections SET state = 'healthy', credentials = $3, credentials_version = credentials_version + 1,
          refreshing_until = NULL, refreshing_token = NULL, paused_until = NULL, paused_by = NULL, trial_until = NULL, failures = 0,
          state_changed_at = CASE state WHEN 'healthy' THEN state_changed_at ELSE now() END, probe_at = now(), connected_at = now(), updated_at = now()
        WHERE tenant_id = $1 AND id = $2 RETURNING id
      )
      INSERT INTO audit (id, tenant_id, actor, action, subject) SELECT gen_random_uuid(), $1, 'import', 'connection.credentials_imported', 'connection:' || id FROM replaced`,
  }, [tenantId, connectionId, sealed])
}

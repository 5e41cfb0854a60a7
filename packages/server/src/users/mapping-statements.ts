import type { MappedUser } from '@linefinder/core/api'
import type { Database } from '../database/database.js'

/** In the order of the extensions. */
export const listMappedUsers = (database: Database, tenantId: string, crmAccountId: string): Promise<MappedUser[]> => database.query<MappedUser>({
  name: 'list-mapped-users',
  text: `
    SELECT extension, crm_user_id AS "crmUserId" FROM user_mappings
    WHERE tenant_id = $1 AND crm_account_id = $2 ORDER BY length(extension), extension`,
}, [tenantId, crmAccountId])

/** No two entries may be of one extension. Of two admins who replace at the same time, the later one's stand. */
export const replaceMappedUsers = (database: Database, tenantId: string, crmAccountId: string, entries: readonly MappedUser[]) => database.query({
  name: 'replace-mapped-users',
  text: `
    WITH wanted AS (
      SELECT extension, "crmUserId" AS crm_user_id FROM json_to_recordset($3) AS entry (extension text, "crmUserId" text)
    ), gone AS (
      DELETE FROM user_mappings
      WHERE tenant_id = $1 AND crm_account_id = $2 AND extension NOT IN (SELECT extension FROM wanted)
    )
    INSERT INTO user_mappings AS own (tenant_id, crm_account_id, extension, crm_user_id)
    SELECT $1, $2, extension, crm_user_id FROM wanted ORDER BY extension
    ON CONFLICT (tenant_id, crm_account_id, extension) DO UPDATE SET crm_user_id = excluded.crm_user_id, updated_at = now()
    WHERE own.crm_user_id <> excluded.crm_user_id`,
}, [tenantId, crmAccountId, JSON.stringify(entries)])

/** Whoever replaces the account's mapping waits for others who do, until their transaction ends. */
export const lockMapping = (database: Database, tenantId: string, crmAccountId: string) => database.query({
  name: 'lock-user-mapping',
  text: 'SELECT 1 FROM crm_accounts WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE',
}, [tenantId, crmAccountId])

/** An agent of the tenant, with the CRM user of this account that the agent is connected as. */
export interface KnownAgent {
  readonly id: string
  readonly email: string | null
  readonly extensions: readonly string[]
  /** Usually one. */
  readonly crmUserIds: readonly string[]
}

export const listKnownAgents = (database: Database, tenantId: string, crmAccountId: string): Promise<KnownAgent[]> => database.query<KnownAgent>({
  name: 'list-known-agents',
  text: `
    SELECT a.id, a.email, a.extensions, ARRAY(
      SELECT c.crm_user_id FROM connections c WHERE c.tenant_id = $1 AND c.crm_account_id = $2 AND c.agent_id = a.id
    ) AS "crmUserIds"
    FROM agents a WHERE a.tenant_id = $1`,
}, [tenantId, crmAccountId])

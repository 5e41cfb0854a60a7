import type { CrmUser } from '@linefinder/core'
import type { Database } from '../database/database.js'

export interface Awaiting {
  readonly accountId: string
  readonly connectionId: string
  readonly agentId: string
}

/** The imported connection of which the CRM has not yet said whose account it is in. It stays locked until the transaction ends. */
export async function findAwaiting(
  database: Database, { tenantId, installationId, accountKey }: { readonly tenantId: string; readonly installationId: string; readonly accountKey: string },
): Promise<Awaiting | undefined> {
  const [row] = await database.query<Awaiting>({
    name: 'find-awaiting-account',
    text: `
      SELECT a.id AS "accountId", c.id AS "connectionId", c.agent_id AS "agentId"
      FROM crm_accounts a JOIN connections c ON c.crm_account_id = a.id AND c.kind = 'personal'
      WHERE a.tenant_id = $1 AND a.installation_id = $2 AND a.account_key = $3 AND a.awaits_report
      FOR UPDATE`,
  }, [tenantId, installationId, accountKey])
  return row
}

export async function isAwaiting(database: Database, tenantId: string, connectionId: string): Promise<boolean> {
  const rows = await database.query({
    name: 'is-awaiting-account',
    text: `
      SELECT 1 FROM connections c JOIN crm_accounts a ON a.id = c.crm_account_id
      WHERE c.tenant_id = $1 AND c.id = $2 AND a.awaits_report`,
  }, [tenantId, connectionId])
  return rows.length > 0
}

export async function hasPersonal(database: Database, accountId: string, crmUserId: string): Promise<boolean> {
  const rows = await database.query({
    name: 'has-personal-connection',
    text: `SELECT 1 FROM connections WHERE crm_account_id = $1 AND crm_user_id = $2 AND kind = 'personal'`,
  }, [accountId, crmUserId])
  return rows.length > 0
}

/** An import knew no name. */
export const nameAgent = (database: Database, tenantId: string, agentId: string, { id, name, email }: CrmUser) => database.query({
  name: 'name-imported-agent',
  text: 'UPDATE agents SET name = $4, email = $5, updated_at = now() WHERE tenant_id = $1 AND id = $2 AND name = $3',
}, [tenantId, agentId, id, name, email ?? null])

export const noteReported = (database: Database, tenantId: string, accountId: string) => database.query({
  name: 'note-reported-account',
  text: 'UPDATE crm_accounts SET awaits_report = false, updated_at = now() WHERE tenant_id = $1 AND id = $2',
}, [tenantId, accountId])

export interface Move {
  readonly tenantId: string
  readonly connectionId: string
  readonly from: string
  readonly to: string
}

/** A call that the account knows already, by a colleague, keeps its name there; the one that comes stands beside it under a name that nobody asks for. */
export async function moveToAccount(database: Database, { tenantId, connectionId, from, to }: Move): Promise<void> {
  await database.query({
    name: 'move-connection-to-account',
    text: 'UPDATE connections SET crm_account_id = $3, updated_at = now() WHERE tenant_id = $1 AND id = $2',
  }, [tenantId, connectionId, to])
  await database.query({
    name: 'move-directories-to-account',
    text: 'UPDATE directories SET crm_account_id = $3 WHERE tenant_id = $1 AND connection_id = $2',
  }, [tenantId, connectionId, to])
  await database.query({
    name: 'move-entries-to-account',
    text: `
      UPDATE ledger own SET crm_account_id = $3, part = CASE WHEN EXISTS (
        SELECT 1 FROM ledger other WHERE other.tenant_id = own.tenant_id AND other.crm_account_id = $3 AND other.phone_system = own.phone_system
          AND other.key = own.key AND other.part = own.part AND other.kind = own.kind
      ) THEN own.part || 'import:' || own.id ELSE own.part END
      WHERE tenant_id = $1 AND crm_account_id = $2`,
  }, [tenantId, from, to])
}

/** A shared connection of the same CRM user may stand in it. */
export const deleteUnusedAccount = (database: Database, tenantId: string, accountId: string) => database.query({
  name: 'delete-unused-account',
  text: `
    DELETE FROM crm_accounts a WHERE tenant_id = $1 AND id = $2
      AND NOT EXISTS (SELECT 1 FROM connections WHERE crm_account_id = a.id) AND NOT EXISTS (SELECT 1 FROM ledger WHERE crm_account_id = a.id)`,
}, [tenantId, accountId])

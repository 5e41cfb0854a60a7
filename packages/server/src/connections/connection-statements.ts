import { randomUUID } from 'node:crypto'
import type { CrmUser } from '@linefinder/core'
import type { Database } from '../database/database.js'
import type { ConnectionKind, ConnectionRow, ConnectionState } from './models.js'

/** Makes the admin wait who is about to change the installation, until the transaction ends. */
export const holdInstallation = (database: Database, tenantId: string, id: string) => database.query({
  name: 'hold-installation',
  text: 'SELECT 1 FROM installations WHERE tenant_id = $1 AND id = $2 FOR SHARE',
}, [tenantId, id])

export interface AccountToStore {
  readonly tenantId: string
  readonly installationId: string
  readonly accountKey: string
  readonly externalId: string | null
  readonly name: string | null
}

/**
 * The account's row, made when it is new. It stays locked until the transaction ends: of two connects of one CRM user, the
 * second sees what the first has stored.
 */
export async function lockCrmAccount(database: Database, account: AccountToStore): Promise<string> {
  const [row] = await database.query<{ id: string }>({
    name: 'lock-crm-account',
    text: `
      INSERT INTO crm_accounts (id, tenant_id, installation_id, account_key, external_id, name) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (installation_id, account_key) DO UPDATE SET name = coalesce(excluded.name, crm_accounts.name), updated_at = now()
      RETURNING id`,
  }, [randomUUID(), account.tenantId, account.installationId, account.accountKey, account.externalId, account.name])
  return oneOf(row).id
}

export interface ConnectionOwner {
  readonly crmAccountId: string
  readonly crmUserId: string
  readonly kind: ConnectionKind
}

export async function findConnectionId(database: Database, owner: ConnectionOwner): Promise<string | null> {
  const [row] = await database.query<{ id: string }>({
    name: 'find-connection-of-crm-user',
    text: 'SELECT id FROM connections WHERE crm_account_id = $1 AND crm_user_id = $2 AND kind = $3',
  }, [owner.crmAccountId, owner.crmUserId, owner.kind])
  return row?.id ?? null
}

export interface ConnectionToStore extends ConnectionOwner {
  readonly id: string
  readonly tenantId: string
  readonly installationId: string
  readonly agentId: string | null
  readonly hostname: string
  readonly crmUser: CrmUser
  /** Sealed. */
  readonly credentials: string
}

export async function insertConnection(database: Database, connection: ConnectionToStore): Promise<ConnectionRow> {
  const [row] = await database.query<ConnectionRow>({
    name: 'insert-connection',
    text: `
      INSERT INTO connections (id, tenant_id, installation_id, crm_account_id, agent_id, kind, state, hostname, crm_user_id, crm_user, credentials)
      VALUES ($1, $2, $3, $4, $5, $6, 'healthy', $7, $8, $9, $10)
      RETURNING ${connectionColumns}`,
  }, [
    connection.id, connection.tenantId, connection.installationId, connection.crmAccountId, connection.agentId, connection.kind,
    connection.hostname, connection.crmUserId, JSON.stringify(connection.crmUser), connection.credentials,
  ])
  return oneOf(row)
}

/** The same connection with new credentials, whatever its state was. Whoever is renewing the old ones loses the lease. */
export async function resumeConnection(database: Database, tenantId: string, id: string, crmUser: CrmUser, sealed: string): Promise<ConnectionRow & { stateBefore: ConnectionState }> {
  const [row] = await database.query<ConnectionRow & { stateBefore: ConnectionState }>({
    name: 'resume-connection',
    text: `
      WITH before AS (SELECT id AS before_id, state AS state_before FROM connections WHERE tenant_id = $4 AND id = $1 FOR NO KEY UPDATE)
      UPDATE connections SET state = 'healthy', crm_user = $2, credentials = $3, credentials_version = credentials_version + 1,
        refreshing_until = NULL, refreshing_token = NULL, paused_until = NULL, paused_by = NULL, trial_until = NULL, failures = 0,
        state_changed_at = CASE state WHEN 'healthy' THEN state_changed_at ELSE now() END, probe_at = now() + interval '1 day',
        connected_at = now(), updated_at = now()
      FROM before WHERE id = before_id
      RETURNING ${connectionColumns}, state_before AS "stateBefore"`,
  }, [id, JSON.stringify(crmUser), sealed, tenantId])
  return oneOf(row)
}

/** Forgets the credentials. What is being renewed meanwhile is not stored any more. */
export async function forgetCredentials(database: Database, tenantId: string, id: string): Promise<void> {
  await database.query({
    name: 'forget-credentials',
    text: `
      UPDATE connections SET state = 'revoked', credentials = NULL, credentials_version = credentials_version + 1,
        state_changed_at = CASE state WHEN 'revoked' THEN state_changed_at ELSE now() END, failures = 0, paused_until = NULL, paused_by = NULL, trial_until = NULL,
        refreshing_until = NULL, refreshing_token = NULL, updated_at = now()
      WHERE tenant_id = $1 AND id = $2`,
  }, [tenantId, id])
}

export async function storeCrmUser(database: Database, tenantId: string, id: string, crmUser: CrmUser): Promise<void> {
  await database.query({
    name: 'store-crm-user',
    text: 'UPDATE connections SET crm_user = $3, updated_at = now() WHERE tenant_id = $1 AND id = $2 AND crm_user_id = $4',
  }, [tenantId, id, JSON.stringify(crmUser), crmUser.id])
}

const connectionColumns = `
  id, tenant_id AS "tenantId", installation_id AS "installationId", crm_account_id AS "crmAccountId", agent_id AS "agentId", kind, state,
  state_changed_at AS "stateChangedAt", last_error_code AS "lastErrorCode", last_error_at AS "lastErrorAt", paused_until AS "pausedUntil", failures, hostname, crm_user_id AS "crmUserId", crm_user AS "crmUser", credentials, credentials_version AS "credentialsVersion",
  connected_at AS "connectedAt", created_at AS "createdAt", updated_at AS "updatedAt"`

function oneOf<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('a statement that always returns a row returned none')
  return row
}

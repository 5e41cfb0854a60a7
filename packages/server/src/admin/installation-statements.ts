import type { Database } from '../database/database.js'

/** Makes everyone wait who changes the installation or is about to connect to it, until the transaction ends. */
export const lockInstallation = (database: Database, tenantId: string, id: string) => database.query({
  name: 'lock-installation',
  text: 'SELECT 1 FROM installations WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
}, [tenantId, id])

/** Forgets the credentials, and with them the sessions, of connections to a host that is not among `hosts`. */
export const revokeConnectionsElsewhere = (database: Database, tenantId: string, installationId: string, hosts: readonly string[]) =>
  database.query<{ id: string }>({
    name: 'revoke-connections-elsewhere',
    text: `
      WITH revoked AS (
        UPDATE connections SET state = 'revoked', credentials = NULL, credentials_version = credentials_version + 1,
          state_changed_at = now(), failures = 0, paused_until = NULL, paused_by = NULL, trial_until = NULL,
          refreshing_until = NULL, refreshing_token = NULL, updated_at = now()
        WHERE tenant_id = $1 AND installation_id = $2 AND state <> 'revoked' AND NOT hostname = ANY ($3::text[])
        RETURNING id
      ), ended AS (
        DELETE FROM sessions WHERE connection_id IN (SELECT id FROM revoked)
      ), forgotten AS (
        DELETE FROM oauth_codes WHERE connection_id IN (SELECT id FROM revoked)
      )
      SELECT id FROM revoked`,
  }, [tenantId, installationId, hosts])

/** Whoever is signing in there at this moment has to start again. */
export const endSignInsElsewhere = (database: Database, tenantId: string, installationId: string, hosts: readonly string[]) =>
  database.query({
    name: 'end-sign-ins-elsewhere',
    text: `
      WITH states AS (
        DELETE FROM oauth_states WHERE tenant_id = $1 AND installation_id = $2 AND NOT hostname = ANY ($3::text[])
      )
      DELETE FROM connect_links WHERE tenant_id = $1 AND installation_id = $2 AND NOT hostname = ANY ($3::text[])`,
  }, [tenantId, installationId, hosts])

export const usesOf = (database: Database, tenantId: string, installationId: string) =>
  database.query<{ hasConnections: boolean; hasCallLogs: boolean }>({
    name: 'uses-of-installation',
    text: `
      SELECT
        EXISTS (SELECT 1 FROM connections WHERE tenant_id = $1 AND installation_id = $2 AND state <> 'revoked') AS "hasConnections",
        EXISTS (
          SELECT 1 FROM ledger l JOIN crm_accounts a ON a.id = l.crm_account_id
          WHERE l.tenant_id = $1 AND a.installation_id = $2
        ) AS "hasCallLogs"`,
  }, [tenantId, installationId])

/** Sessions go with them. */
export const deleteConnectionsOf = (database: Database, tenantId: string, installationId: string) => database.query({
  name: 'delete-connections-of-installation',
  text: 'DELETE FROM connections WHERE tenant_id = $1 AND installation_id = $2',
}, [tenantId, installationId])

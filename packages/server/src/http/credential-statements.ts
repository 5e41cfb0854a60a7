import type { CrmUser } from '@linefinder/core'
import type { ApiKeyScope } from '@linefinder/core/api'
import type { ConnectionKind, ConnectionState } from '../connections/models.js'
import type { Database } from '../database/database.js'

export interface ConnectionColumns {
  connectionId: string
  tenantId: string
  installationId: string
  adapter: string
  settings: Record<string, unknown>
  isInstallationEnabled: boolean
  crmAccountId: string
  agentId: string | null
  kind: ConnectionKind
  state: ConnectionState
  hostname: string
  crmUser: CrmUser
  connectedAt: Date
}

export interface SessionColumns extends ConnectionColumns {
  clientAppId: string
  phoneSystem: string
  webOrigins: string[]
  expiresAt: Date
  isExpired: boolean
}

export interface ApiKeyColumns {
  id: string
  tenantId: string
  name: string
  scopes: ApiKeyScope[]
}

const connectionColumns = `
  c.id AS "connectionId", c.tenant_id AS "tenantId", c.installation_id AS "installationId", i.adapter, i.settings,
  i.enabled AS "isInstallationEnabled", c.crm_account_id AS "crmAccountId", c.agent_id AS "agentId", c.kind, c.state,
  c.hostname, c.crm_user AS "crmUser", c.connected_at AS "connectedAt"`

/** The session with its connection. A used session slides by one day at most once a day: the check stays a read. */
export async function findSession(database: Database, tokenHash: Buffer): Promise<SessionColumns[]> {
  const rows = await database.query<SessionColumns & { isDueToSlide: boolean }>({
    name: 'find-session',
    text: `
      SELECT ${connectionColumns}, s.client_app_id AS "clientAppId", a.phone_system AS "phoneSystem", a.web_origins AS "webOrigins",
        s.expires_at AS "expiresAt", s.expires_at <= now() AS "isExpired",
        s.expires_at < least(s.ends_at, now() + interval '89 days') AS "isDueToSlide"
      FROM sessions s
      JOIN client_apps a ON a.id = s.client_app_id
      JOIN connections c ON c.id = s.connection_id AND c.tenant_id = s.tenant_id
      JOIN installations i ON i.id = c.installation_id
      WHERE s.token_hash = $1`,
  }, [tokenHash])
  const [row] = rows
  if (row && !row.isExpired && row.isDueToSlide) await slideSession(database, tokenHash)
  return rows
}

const slideSession = (database: Database, tokenHash: Buffer) => database.query({
  name: 'slide-session',
  text: `UPDATE sessions SET expires_at = least(ends_at, now() + interval '90 days') WHERE token_hash = $1`,
}, [tokenHash])

/** The key; notes its use, at most once a minute. */
export async function findApiKey(database: Database, keyHash: Buffer): Promise<ApiKeyColumns[]> {
  const rows = await database.query<ApiKeyColumns & { isDueToNote: boolean }>({
    name: 'find-api-key',
    text: `
      SELECT id, tenant_id AS "tenantId", name, scopes,
        last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS "isDueToNote"
      FROM api_keys WHERE key_hash = $1`,
  }, [keyHash])
  if (rows[0]?.isDueToNote) {
    await database.query({ name: 'note-api-key', text: 'UPDATE api_keys SET last_used_at = now() WHERE key_hash = $1' }, [keyHash])
  }
  return rows
}

export const findSharedConnection = (database: Database, tenantId: string, id: string) =>
  database.query<ConnectionColumns>({
    name: 'find-shared-connection',
    text: `
      SELECT ${connectionColumns}
      FROM connections c JOIN installations i ON i.id = c.installation_id
      WHERE c.tenant_id = $1 AND c.id = $2 AND c.kind = 'shared' AND c.state <> 'revoked'`,
  }, [tenantId, id])

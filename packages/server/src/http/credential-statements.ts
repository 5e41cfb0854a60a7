import type { CrmUser } from '@linefinder/core'
import type { ApiKeyScope } from '@linefinder/core/api'
import type { ConnectionKind, ConnectionState } from '../connections/models.js'
import { Batch } from '../database/batch.js'
import type { Database } from '../database/database.js'

/** All three are null where there is none. */
export interface DirectoryColumns {
  directoryId: number | null
  directorySyncedAt: Date | null
  directoryAnswersMisses: boolean | null
}

export interface ConnectionColumns extends DirectoryColumns {
  connectionId: string
  tenantId: string
  installationId: string
  adapter: string
  /** JSON. */
  settings: string
  sealedSecrets: string | null
  isInstallationEnabled: boolean
  crmAccountId: string
  agentId: string | null
  kind: ConnectionKind
  state: ConnectionState
  failures: number
  pausedUntil: Date | null
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

/** Of `directoryJoin`. */
export const directoryColumns = `
  d.id AS "directoryId", d.synced_at AS "directorySyncedAt",
  d.complete_at IS NOT NULL AND d.synced_at > now() - make_interval(mins => 3 * d.sync_every_minutes + 10) AS "directoryAnswersMisses"`

const connectionColumns = `
  c.id AS "connectionId", c.tenant_id AS "tenantId", c.installation_id AS "installationId", i.adapter, i.settings::text AS settings,
  i.secrets AS "sealedSecrets",
  i.enabled AS "isInstallationEnabled", c.crm_account_id AS "crmAccountId", c.agent_id AS "agentId", c.kind, c.state,
  c.failures, c.paused_until AS "pausedUntil", c.hostname, c.crm_user AS "crmUser", c.connected_at AS "connectedAt",
  ${directoryColumns}`

/**
 * The directory that answers the connection `c`: its account's before its own. It answers misses while it agreed with the CRM
 * not long ago: three syncs may fail.
 */
export const directoryJoin = `
  LEFT JOIN directories d ON d.id = (
    SELECT id FROM directories
    WHERE crm_account_id = c.crm_account_id AND (scope = 'account' OR connection_id = c.id) AND removed_at IS NULL
    ORDER BY scope LIMIT 1)`

/**
 * Finds sessions with their connections, those of all requests that arrive together in one statement. A used session slides by
 * one day at most once a day: the check stays a read.
 */
export const sessionFinder = (database: Database): Batch<Buffer, SessionColumns | undefined> =>
  new Batch(tokenHash => tokenHash.toString('latin1'), async tokenHashes => {
    const rows = await database.query<SessionColumns & { tokenHash: Buffer; isDueToSlide: boolean }>({
      name: 'find-sessions',
      text: `
        SELECT ${connectionColumns}, s.client_app_id AS "clientAppId", a.phone_system AS "phoneSystem", a.web_origins AS "webOrigins",
          s.token_hash AS "tokenHash", s.expires_at AS "expiresAt", s.expires_at <= now() AS "isExpired",
          s.expires_at < least(s.ends_at, now() + interval '89 days') AS "isDueToSlide"
        FROM sessions s
        JOIN client_apps a ON a.id = s.client_app_id
        JOIN connections c ON c.id = s.connection_id AND c.tenant_id = s.tenant_id
        JOIN installations i ON i.id = c.installation_id
        ${directoryJoin}
        WHERE s.token_hash = ANY($1::bytea[])`,
    }, [tokenHashes])
    for (const { isExpired, isDueToSlide, tokenHash } of rows) if (!isExpired && isDueToSlide) await slideSession(database, tokenHash)
    return tokenHashes.map(wanted => rows.find(({ tokenHash }) => tokenHash.equals(wanted)))
  })

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
      ${directoryJoin}
      WHERE c.tenant_id = $1 AND c.id = $2 AND c.kind = 'shared' AND c.state <> 'revoked'`,
  }, [tenantId, id])

import type { CrmUser } from '@linefinder/core'
import type { Database } from '../database/database.js'
import type { ConnectionState } from './models.js'

export interface SessionToStore {
  readonly tokenHash: Buffer
  readonly clientAppId: string
  readonly tenantId: string
  readonly connectionId: string
}

export interface NewSession {
  readonly expiresAt: Date
  readonly connectionId: string
  readonly installationId: string
  readonly adapter: string
  readonly state: ConnectionState
  readonly crmUser: CrmUser
}

/** `null` when the connection has been revoked meanwhile. The lock keeps it from being revoked between the look and the row. */
export async function insertSession(database: Database, session: SessionToStore): Promise<NewSession | null> {
  const [row] = await database.query<NewSession>({
    name: 'insert-session',
    text: `
      WITH connection AS (
        SELECT c.id, c.tenant_id, c.installation_id, i.adapter, c.state, c.crm_user
        FROM connections c JOIN installations i ON i.id = c.installation_id
        WHERE c.tenant_id = $3 AND c.id = $4 AND c.state <> 'revoked'
        FOR SHARE OF c
      ), session AS (
        INSERT INTO sessions (token_hash, client_app_id, tenant_id, connection_id, expires_at, ends_at)
        SELECT $1, $2, tenant_id, id, now() + interval '90 days', now() + interval '1 year' FROM connection
        RETURNING expires_at
      )
      SELECT session.expires_at AS "expiresAt", connection.id AS "connectionId", connection.installation_id AS "installationId",
        connection.adapter, connection.state, connection.crm_user AS "crmUser"
      FROM session, connection`,
  }, [session.tokenHash, session.clientAppId, session.tenantId, session.connectionId])
  return row ?? null
}

export const deleteSession = (database: Database, tokenHash: Buffer) => database.query({
  name: 'delete-session',
  text: 'DELETE FROM sessions WHERE token_hash = $1',
}, [tokenHash])

export const deleteSessionsOf = (database: Database, connectionId: string) => database.query({
  name: 'delete-sessions-of-connection',
  text: 'DELETE FROM sessions WHERE connection_id = $1',
}, [connectionId])

/** Codes that nobody has traded yet: they would make a session of a connection that has ended. */
export const deleteCodesOf = (database: Database, connectionId: string) => database.query({
  name: 'delete-codes-of-connection',
  text: 'DELETE FROM oauth_codes WHERE connection_id = $1',
}, [connectionId])

/** They stay a month, so that their clients are told `session_expired` and not that they never were. */
export const deleteExpiredSessions = (database: Database) => database.query({
  name: 'delete-expired-sessions',
  text: `
    DELETE FROM sessions WHERE token_hash IN (
      SELECT token_hash FROM sessions WHERE expires_at <= now() - interval '30 days' LIMIT 100 FOR UPDATE SKIP LOCKED)`,
}, [])

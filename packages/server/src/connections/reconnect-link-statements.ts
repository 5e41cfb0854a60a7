import type { CrmUser } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { hashToken, newToken } from '../secrets/token.js'
import type { ConnectionKind } from './models.js'

/** A link that is still good, and the connection that it renews. */
export interface ReconnectLink {
  readonly linkHash: Buffer
  readonly tenantId: string
  readonly connectionId: string
  readonly installationId: string
  readonly hostname: string
  readonly kind: ConnectionKind
  readonly crmUser: CrmUser
  readonly accountKey: string
  /** An import made the connection, and the CRM has not said yet which account it is in. */
  readonly awaitsReport: boolean
}

/** A link that renews once, within a day. Only its hash is stored. */
export async function insertReconnectLink(database: Database, tenantId: string, connectionId: string): Promise<{ link: string; expiresAt: Date }> {
  await deleteExpiredLinks(database)
  const link = newToken()
  const [row] = await database.query<{ expiresAt: Date }>({
    name: 'insert-reconnect-link',
    text: `
      INSERT INTO reconnect_links (link_hash, tenant_id, connection_id, expires_at)
      VALUES ($1, $2, $3, now() + interval '24 hours') RETURNING expires_at AS "expiresAt"`,
  }, [hashToken(link), tenantId, connectionId])
  if (!row) throw new Error('a reconnect link was not stored')
  return { link, expiresAt: row.expiresAt }
}

export async function findReconnectLink(database: Database, linkHash: Buffer): Promise<ReconnectLink | null> {
  const [row] = await database.query<ReconnectLink>({
    name: 'find-reconnect-link',
    text: `
      SELECT l.link_hash AS "linkHash", c.tenant_id AS "tenantId", c.id AS "connectionId", c.installation_id AS "installationId", c.hostname, c.kind,
        c.crm_user AS "crmUser", a.account_key AS "accountKey", a.awaits_report AS "awaitsReport"
      FROM reconnect_links l
      JOIN connections c ON c.id = l.connection_id AND c.tenant_id = l.tenant_id
      JOIN crm_accounts a ON a.id = c.crm_account_id
      WHERE l.link_hash = $1 AND l.expires_at > now()`,
  }, [linkHash])
  return row ?? null
}

/** Uses the link up. `false` when somebody else has, or its connection was ended meanwhile. */
export async function takeReconnectLink(database: Database, linkHash: Buffer): Promise<boolean> {
  const rows = await database.query({
    name: 'take-reconnect-link',
    text: 'DELETE FROM reconnect_links WHERE link_hash = $1 RETURNING 1',
  }, [linkHash])
  return rows.length > 0
}

export const deleteReconnectLinksOf = (database: Database, tenantId: string, connectionId: string) => database.query({
  name: 'delete-reconnect-links-of-connection',
  text: 'DELETE FROM reconnect_links WHERE tenant_id = $1 AND connection_id = $2',
}, [tenantId, connectionId])

const deleteExpiredLinks = (database: Database) => database.query({
  name: 'delete-expired-reconnect-links',
  text: `
    DELETE FROM reconnect_links WHERE link_hash IN (
      SELECT link_hash FROM reconnect_links WHERE expires_at <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`,
}, [])

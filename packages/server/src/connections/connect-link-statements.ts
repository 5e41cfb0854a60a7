import type { Database } from '../database/database.js'
import { hashToken, newToken } from '../secrets/token.js'

export interface ConnectLink {
  readonly tenantId: string
  readonly installationId: string
  readonly hostname: string
}

/** A link that works once, for ten minutes. Only its hash is stored. */
export async function insertConnectLink(database: Database, wanted: ConnectLink): Promise<{ link: string; expiresAt: Date }> {
  await deleteExpiredLinks(database)
  const link = newToken()
  const [row] = await database.query<{ expiresAt: Date }>({
    name: 'insert-connect-link',
    text: `
      INSERT INTO connect_links (link_hash, tenant_id, installation_id, hostname, expires_at)
      VALUES ($1, $2, $3, $4, now() + interval '10 minutes') RETURNING expires_at AS "expiresAt"`,
  }, [hashToken(link), wanted.tenantId, wanted.installationId, wanted.hostname])
  if (!row) throw new Error('a connect link was not stored')
  return { link, expiresAt: row.expiresAt }
}

/** Uses the link up, also when it has expired. */
export async function takeConnectLink(database: Database, link: string): Promise<ConnectLink | null> {
  const [row] = await database.query<ConnectLink & { isExpired: boolean }>({
    name: 'take-connect-link',
    text: `
      DELETE FROM connect_links WHERE link_hash = $1
      RETURNING tenant_id AS "tenantId", installation_id AS "installationId", hostname, expires_at <= now() AS "isExpired"`,
  }, [hashToken(link)])
  return row && !row.isExpired ? row : null
}

const deleteExpiredLinks = (database: Database) => database.query({
  name: 'delete-expired-links',
  text: `
    DELETE FROM connect_links WHERE link_hash IN (
      SELECT link_hash FROM connect_links WHERE expires_at <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`,
}, [])

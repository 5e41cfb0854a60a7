import type { Database } from '../database/database.js'
import { hashToken, newToken } from '../secrets/token.js'

/** What a client app trades for a session, and what it must show to do so. */
export interface OneTimeCode {
  readonly tenantId: string
  readonly clientAppId: string
  readonly connectionId: string
  readonly redirectUri: string
  readonly codeChallenge: string
}

/** A code that works once, for a minute. Only its hash is stored. */
export async function insertOneTimeCode(database: Database, { tenantId, clientAppId, connectionId, redirectUri, codeChallenge }: OneTimeCode): Promise<string> {
  await deleteExpiredCodes(database)
  const code = newToken()
  await database.query({
    name: 'insert-one-time-code',
    text: `
      INSERT INTO oauth_codes (code_hash, tenant_id, client_app_id, connection_id, redirect_uri, code_challenge, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, now() + interval '60 seconds')`,
  }, [hashToken(code), tenantId, clientAppId, connectionId, redirectUri, codeChallenge])
  return code
}

/** Uses the code up, whatever comes of it. `null` when it is unknown, used or expired. */
export async function takeOneTimeCode(database: Database, code: string): Promise<OneTimeCode | null> {
  const [row] = await database.query<OneTimeCode & { isExpired: boolean }>({
    name: 'take-one-time-code',
    text: `
      DELETE FROM oauth_codes WHERE code_hash = $1
      RETURNING tenant_id AS "tenantId", client_app_id AS "clientAppId", connection_id AS "connectionId",
        redirect_uri AS "redirectUri", code_challenge AS "codeChallenge", expires_at <= now() AS "isExpired"`,
  }, [hashToken(code)])
  return row && !row.isExpired ? row : null
}

const deleteExpiredCodes = (database: Database) => database.query({
  name: 'delete-expired-codes',
  text: `
    DELETE FROM oauth_codes WHERE code_hash IN (
      SELECT code_hash FROM oauth_codes WHERE expires_at <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`,
}, [])

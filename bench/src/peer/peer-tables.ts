import type pg from 'pg'

/** What the benchmark knows of the peer's tables; nothing else of it names one of them. */

/** Users whose account at the phone company is known look their contacts up in the peer's table first. `null`: none. */
export const setAccount = (client: pg.Client, account: string | null) => client.query('UPDATE users SET "rcAccountId" = $1', [account])

export const emptyPeerCalls = (client: pg.Client) => client.query('TRUNCATE "callLogs"')

export const emptyPeerContacts = (client: pg.Client) => client.query('TRUNCATE "accountData"')

export async function storePeerCalls(client: pg.Client, count: number): Promise<void> {
  await client.query(`
    INSERT INTO "callLogs" (id, "sessionId", "extensionNumber", "hashedExtensionId", platform, "thirdPartyLogId", "userId", "contactId", "createdAt", "updatedAt")
    SELECT 'telephony-' || n, 'stored-' || n, '', '', 'bench', 'a' || n, (SELECT id FROM users LIMIT 1), 'c' || n % 1000, now(), now() FROM generate_series(0, $1::int - 1) n`, [count])
}

/** Rows that know the session, in whichever of its tables for calls. */
export async function countPeerCalls(client: pg.Client, prefix: string): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM "callLogs" WHERE "sessionId" LIKE $1 || '%'`, [prefix])
  return row?.count ?? 0
}

/** Somebody whose access token the peer takes for one that has run out. */
export const insertExpiredUser = (client: pg.Client, id: string, hostname: string, accessToken: string, refreshToken: string) => client.query(`
  INSERT INTO users (id, hostname, platform, "accessToken", "refreshToken", "tokenExpiry", "platformAdditionalInfo", "createdAt", "updatedAt")
  VALUES ($1, $2, 'acme', $3, $4, now() - interval '1 hour', '{}', now(), now())`, [id, hostname, accessToken, refreshToken])

export const expireUsers = (client: pg.Client) => client.query(`UPDATE users SET "tokenExpiry" = now() - interval '1 hour'`)

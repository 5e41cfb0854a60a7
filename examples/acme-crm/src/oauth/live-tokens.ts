import type { Database } from '../database/open-database.js'

/** Refresh tokens stay, as when every access token had run out at once. */
export async function deleteAccessTokens(database: Database): Promise<void> {
  await database.query(`delete from oauth_records where model = 'AccessToken'`)
}

/** As when an admin disconnects every app. */
export async function deleteGrants(database: Database): Promise<void> {
  await database.query(`delete from oauth_records where grant_id is not null or model = 'Grant'`)
}

import { existsSync } from 'node:fs'
import pg from 'pg'

/**
 * Finds a real PostgreSQL and a browser once for the whole run. Tests read `LINEFINDER_TEST_POSTGRES` and
 * `LINEFINDER_TEST_BROWSER`, which are empty where there is none.
 */
export default async function globalSetup() {
  process.env['LINEFINDER_TEST_POSTGRES'] = (await findPostgres()) ?? ''
  process.env['LINEFINDER_TEST_BROWSER'] = findBrowser() ?? ''
}

/** `TEST_BROWSER`, else Debian's Chromium. */
const findBrowser = () => [process.env['TEST_BROWSER'], '/usr/bin/chromium'].find(path => path && existsSync(path))

/** `TEST_DATABASE_URL`, else one on 127.0.0.1:5432 for user postgres. `null` when there is none. */
async function findPostgres() {
  const asked = process.env['TEST_DATABASE_URL']
  const url = asked ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  try {
    await client.connect()
    await client.query('SELECT 1')
    return url
  } catch (error) {
    if (asked) throw new Error('TEST_DATABASE_URL is set, but no PostgreSQL answers there', { cause: error })
    return null
  } finally {
    await client.end().catch(() => undefined)
  }
}

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { dumpNewDatabase } from './dump-new-database.js'
import { findTryton } from './find-tryton.js'

/**
 * Finds a real PostgreSQL, a browser, a Tryton and App Connect's own server once for the whole run. Tests read `LINEFINDER_TEST_POSTGRES`,
 * `LINEFINDER_TEST_BROWSER`, `LINEFINDER_TEST_TRYTON` and `LINEFINDER_TEST_PEER`, which are empty where there is none. `LINEFINDER_TEST_DUMP` is an
 * embedded database whose tables are there.
 */
export default async function globalSetup({ testPathPatterns: { patterns } }) {
  process.env['LINEFINDER_TEST_DUMP'] = await dumpNewDatabase()
  process.env['LINEFINDER_TEST_POSTGRES'] = (await findPostgres()) ?? ''
  process.env['LINEFINDER_TEST_PEER'] = existsSync(peerPackage) ? 'installed' : ''
  process.env['LINEFINDER_TEST_BROWSER'] = findBrowser() ?? ''
  const isTrytonAsked = patterns.length === 0 || patterns.some(pattern => pattern.includes('tryton'))
  process.env['LINEFINDER_TEST_TRYTON'] = isTrytonAsked ? (await findTryton(trytonCache)) ?? '' : ''
  if (isTrytonAsked && process.env['CI'] === 'true' && process.env['LINEFINDER_TEST_TRYTON'] === '') throw new Error('In CI the tests against Tryton must run, and there is none: see .ci/run.')
}

/** Installed by `npm run bench -- peer`, or by hand; never by a test. */
const peerPackage = fileURLToPath(new URL('../bench/peer/node_modules/@app-connect/core/package.json', import.meta.url))

const trytonCache = fileURLToPath(new URL('../node_modules/.cache/linefinder-tryton/', import.meta.url))

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

import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** Whether the tests that need a real PostgreSQL can run. */
export const hasPostgres = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== ''

/** A database of its own on the real PostgreSQL, dropped by `drop`. */
export async function createPostgresDatabase(): Promise<{ url: string; drop(): Promise<void>; dump(): Promise<string> }> {
  const admin = process.env['LINEFINDER_TEST_POSTGRES'] ?? ''
  const name = `linefinder_test_${randomUUID().replaceAll('-', '')}`
  const url = new URL(admin)
  url.pathname = `/${name}`
  await query(admin, `CREATE DATABASE ${name}`)
  return { url: url.href, drop: async () => { await query(admin, `DROP DATABASE ${name} WITH (FORCE)`) }, dump: () => dump(url.href) }
}

/** Every row of every table as text, bytes in hexadecimal and as characters. */
async function dump(url: string): Promise<string> {
  const tables = await query(url, `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`)
  const rows = await Promise.all(tables.map(({ name }) => query(url, `SELECT t::text AS row FROM "${String(name)}" t`)))
  return rows.flat().map(({ row }) => String(row)).join('\n')
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** A database of its own on the real PostgreSQL, dropped by `drop`. */
export async function createPostgres(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = process.env['LINEFINDER_TEST_POSTGRES'] ?? ''
  const name = `linefinder_test_${randomUUID().replaceAll('-', '')}`
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: admin })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await run(`CREATE DATABASE ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) }
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { BenchError } from './bench-error.js'

export interface BenchDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** Where a real PostgreSQL is looked for. Its user must be allowed to create databases. */
export const postgresUrl = (): string => process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** A database of its own. Throws `no_postgres` when none answers. */
export async function createDatabase(): Promise<BenchDatabase> {
  const admin = postgresUrl()
  const name = `linefinder_bench_${randomUUID().replaceAll('-', '')}`
  await query(admin, `CREATE DATABASE ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.href, drop: async () => { await query(admin, `DROP DATABASE ${name} WITH (FORCE)`) } }
}

/** Version and the settings that decide how fast it writes. Throws `no_postgres` when none answers. */
export async function describePostgres(): Promise<Record<string, string>> {
  const settings = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'work_mem', 'max_wal_size']
  const rows = await query(postgresUrl(), `SELECT name, current_setting(name) AS value FROM unnest('{${settings.join(',')}}'::text[]) AS name`)
  return Object.fromEntries(rows.map(({ name, value }) => [String(name), String(value)]))
}

/** After a load, PostgreSQL tidies up for a while; this lets it do so now, for all that is measured afterwards. */
export async function settle(databaseUrl: string): Promise<void> {
  await query(databaseUrl, 'VACUUM ANALYZE')
  await query(databaseUrl, 'CHECKPOINT')
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  try {
    await client.connect()
  } catch (cause) {
    throw new BenchError('no_postgres', `No PostgreSQL answers at ${new URL(url).host}. Start one, or say where it is in TEST_DATABASE_URL.`, { cause })
  }
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

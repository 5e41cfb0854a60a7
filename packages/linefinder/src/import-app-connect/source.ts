import pg from 'pg'
import { z } from 'zod'
import { CommandError } from '../command-error.js'
import { columns, selectPlatforms, type SourceTable } from './source-rows.js'

const batchSize = 1000
const connectTimeoutMs = 10_000
const statementTimeoutMs = 300_000

/** App Connect's database as it was at one moment. Nothing is written to it. */
export interface Source {
  readonly platforms: readonly { readonly platform: string; readonly users: number }[]
  has(table: SourceTable): boolean
  hasColumn(table: SourceTable, column: string): boolean
  /** In batches, none of which the client holds longer than it is looked at. `select` takes the platform's name, or nothing for `null`. */
  read<Row>(select: string, platform: string | null, schema: z.ZodType<Row>): AsyncGenerator<Row[]>
  close(): Promise<void>
}

/** Throws `CommandError` when it does not answer, refuses, or has not the tables. A password can also come from PGPASSWORD or ~/.pgpass. */
export async function openSource(url: string): Promise<Source> {
  const client = new pg.Client({
    connectionString: url, application_name: 'linefinder import-app-connect', connectionTimeoutMillis: connectTimeoutMs, query_timeout: statementTimeoutMs,
  })
  // What ends the connection is told by the statement that meets it.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new CommandError(`App Connect’s database at ${addressOf(url)} cannot be opened: ${messageOf(error)}`, { cause: error })
  }
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const there = await columnsOf(client)
    refuseOtherTables(there, addressOf(url))
    const { rows: platforms } = await client.query<{ platform: string; users: number }>(selectPlatforms)
    let cursors = 0
    return {
      platforms,
      has: table => there.has(table),
      hasColumn: (table, column) => there.get(table)?.has(column) ?? false,
      async *read(select, platform, schema) {
        const cursor = `rows_${String(++cursors)}`
        await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${select}`, platform === null ? [] : [platform])
        for (;;) {
          const { rows } = await client.query(`FETCH ${String(batchSize)} FROM ${cursor}`)
          if (rows.length === 0) break
          yield z.array(schema).parse(rows)
        }
        await client.query(`CLOSE ${cursor}`)
      },
      close: () => client.end(),
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

async function columnsOf(client: pg.Client): Promise<Map<string, Set<string>>> {
  const { rows } = await client.query<{ table: string; column: string }>(`
    SELECT table_name AS table, column_name AS column FROM information_schema.columns
    WHERE table_schema = ANY(current_schemas(false)) AND table_name = ANY($1)`, [Object.keys(columns)])
  const there = new Map<string, Set<string>>()
  for (const { table, column } of rows) there.set(table, (there.get(table) ?? new Set()).add(column))
  return there
}

/** Messages and settings came later; a database without users and calls is another one. */
function refuseOtherTables(there: ReadonlyMap<string, ReadonlySet<string>>, address: string): void {
  const missing = Object.entries(columns).flatMap(([table, names]) => {
    const found = there.get(table)
    if (!found) return table === 'users' || table === 'callLogs' ? [`the table "${table}"`] : []
    return names.filter(name => !found.has(name)).map(name => `the column "${table}"."${name}"`)
  })
  if (missing.length > 0) throw new CommandError(`The database at ${address} is not App Connect’s, or of a version that is not known here: it lacks ${missing.join(', ')}.`)
}

/** Never with what stands before the host. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) throw new CommandError('--from must be an address such as postgres://reader@db.example.com/appconnect')
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/** Node tells of several addresses that were tried by an error without words. */
const messageOf = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : error instanceof Error && error.message !== '' ? error.message : String(error)

import { mkdir } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { schema } from './schema.js'

export type Database = PGlite

/** What both the database and an open transaction can do. */
export type Queryable = Pick<PGlite, 'query'>

/** @param dataDir a folder that is created when absent; without it everything is gone at the end. */
export async function openDatabase(dataDir?: string): Promise<Database> {
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true })
  const database = dataDir === undefined ? new PGlite() : new PGlite(dataDir)
  await database.exec(schema)
  await database.exec('delete from oauth_records where expires_at < now(); delete from web_sessions where expires_at < now()')
  return database
}

/** The first row, or null when there is none. */
export async function findRow<Row>(database: Queryable, sql: string, params: unknown[] = []): Promise<Row | null> {
  const { rows } = await database.query<Row>(sql, params)
  return rows[0] ?? null
}

/** For statements that always return a row, such as `insert … returning`. */
export async function getRow<Row>(database: Queryable, sql: string, params: unknown[] = []): Promise<Row> {
  const row = await findRow<Row>(database, sql, params)
  if (row === null) throw new Error('The statement returned no row')
  return row
}

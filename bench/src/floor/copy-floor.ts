import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { directoryTables } from '../directory-tables.js'

/** Writes the rows of the directory's tables into files of the folder, as COPY reads them. */
export const saveTables = (databaseUrl: string, folder: string): Promise<void> => withClient(databaseUrl, async client => {
  for (const table of directoryTables) {
    await pipeline(client.query(to(`COPY ${table} TO STDOUT`)), createWriteStream(join(folder, table)))
  }
})

/** The least that could store these rows: COPY into tables with the same columns and indexes, by one connection. Returns the seconds. */
export const copyIntoFloor = (databaseUrl: string, folder: string): Promise<number> => withClient(databaseUrl, async client => {
  for (const table of directoryTables) await client.query(`CREATE TABLE floor_${table} (LIKE ${table} INCLUDING ALL)`)
  await client.query('CHECKPOINT')
  const startedAt = performance.now()
  for (const table of directoryTables) {
    await pipeline(createReadStream(join(folder, table)), client.query(from(`COPY floor_${table} FROM STDIN`)))
  }
  return (performance.now() - startedAt) / 1000
})

async function withClient<Result>(databaseUrl: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createPostgresDatabase, hasPostgres } from '../testing/test-server.js'
import type { Database } from './database.js'
import { migrate } from './migrate.js'
import { openDatabase } from './open-database.js'

const inPostgres = hasPostgres ? it : it.skip
let database: Database
let drop: () => Promise<void>

beforeAll(async () => {
  if (!hasPostgres) return
  const postgres = await createPostgresDatabase()
  drop = postgres.drop
  database = await openDatabase({ url: postgres.url })
  await migrate(database)
})
afterAll(async () => {
  if (!hasPostgres) return
  await database.close()
  await drop()
})

const insertTenant = { name: 'insert-tenant', text: 'INSERT INTO tenants (id, name) VALUES ($1, $1)' }

inPostgres('carries a transaction on when another one, open at the same time, has ended', async () => {
  let endFirst = () => { /* Replaced at once. */ }
  const firstMayEnd = new Promise<void>(resolve => { endFirst = resolve })
  const first = database.transaction(async () => {
    await database.query(insertTenant, ['first'])
    await firstMayEnd
  })
  const second = database.transaction(async () => {
    await database.query(insertTenant, ['second'])
    endFirst()
    await first
    await database.query(insertTenant, ['second, later'])
    throw new Error('changed my mind')
  })
  await expect(second).rejects.toThrow('changed my mind')
  expect(await database.query({ text: 'SELECT id FROM tenants ORDER BY id' }, [])).toEqual([{ id: 'first' }])
})

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Database } from './database.js'
import { migrate } from './migrate.js'
import { openDatabase } from './open-database.js'

let database: Database
beforeAll(async () => {
  database = await openDatabase({ embedded: {} })
  await migrate(database)
})
afterAll(() => database.close())

const countTenants = { name: 'count-tenants', text: 'SELECT count(*)::int AS n FROM tenants' }
const insertTenant = (id: string) => database.sequelize.query('INSERT INTO tenants (id, name) VALUES ($1, $1)', { bind: [id] })

it('runs each migration once', async () => {
  expect(await migrate(database)).toEqual([])
})

it('carries the transaction to both doors', async () => {
  await database.transaction(async () => {
    await insertTenant('inside')
    expect(await database.query(countTenants, [])).toEqual([{ n: 1 }])
  })
  expect(await database.query(countTenants, [])).toEqual([{ n: 1 }])
})

it('rolls back when the work throws', async () => {
  const work = database.transaction(async () => {
    await insertTenant('gone')
    throw new Error('changed my mind')
  })
  await expect(work).rejects.toThrow('changed my mind')
  expect(await database.query(countTenants, [])).toEqual([{ n: 1 }])
})

it('fails at once, instead of hanging, for a query inside a transaction but outside its connection', async () => {
  const work = database.transaction(() => database.sequelize.query('SELECT 1', { transaction: null }))
  await expect(work).rejects.toThrow('outside the open transaction')
})

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

it('keeps statements of many requests apart, on either door and beside transactions', async () => {
  const add = { text: 'SELECT $1::int + $2::int AS sum' }
  const join = { text: `SELECT array_to_string($1::text[], '') AS joined` }
  const answers = await Promise.all(Array.from({ length: 300 }, async (_, index) => {
    switch (index % 4) {
      case 0: return database.query(add, [index, 1])
      case 1: return database.query(join, [[String(index), '!']])
      case 2: return (await database.sequelize.query('SELECT $1::int * 2 AS twice', { bind: [index] }))[0]
      default: return database.transaction(async () => {
        await database.sequelize.query('SELECT $1::text', { bind: ['x'] })
        return database.query(add, [index, 2])
      })
    }
  }))
  answers.forEach((answer, index) => {
    expect(answer).toEqual([[{ sum: index + 1 }], [{ joined: `${String(index)}!` }], [{ twice: index * 2 }], [{ sum: index + 2 }]][index % 4])
  })
})

it('leaves no transaction open when a script fails', async () => {
  await expect(database.runScript('BEGIN; SELECT 1 / 0; COMMIT')).rejects.toThrow('division by zero')
  expect(await database.query({ text: 'SELECT 1 AS one' }, [])).toEqual([{ one: 1 }])
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type LinefinderServer } from '../create-server.js'
import { createPostgresDatabase, hasPostgres } from '../testing/test-server.js'

;(hasPostgres ? describe : describe.skip)('the job queue of a server with a database of its own', () => {
  let server: LinefinderServer
  let drop: () => Promise<void>
  beforeAll(async () => {
    const postgres = await createPostgresDatabase()
    drop = postgres.drop
    server = await createServer({ adapters: [], database: { url: postgres.url } })
  })
  afterAll(async () => {
    await server.stop()
    await drop()
  })

  const names = async () => (await server.services.database.query<{ name: string }>({ text: 'SELECT name FROM pgboss.queue ORDER BY name' }, [])).map(({ name }) => name)

  it('is opened when the server begins, whoever serves its app', async () => {
    await expect(names()).rejects.toThrow('does not exist')
    await Promise.all([server.begin(), server.begin()])
    expect(await names()).toEqual(['directory-purge', 'directory-sync', 'ledger-delivery', 'webhook-delivery'])
  })
})

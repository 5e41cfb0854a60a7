import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { KeyRing } from '../secrets/key-ring.js'
import { connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

;(hasPostgres ? describe : describe.skip)('the mapping of users over two processes on one database', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  let [key, connection] = ['', '']
  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    const keys = KeyRing.newKey('test')
    const start = () => startTestServer({ crm, adapters: [fakeAdapter('apiKey')], database: { url: database.url }, keys })
    servers = [await start(), await start()]
    key = await servers[0]!.addKey(['admin'])
    connection = await connectShared(servers[0]!, await servers[0]!.install('fake-apikey'))
  })
  afterAll(async () => {
    for (const each of servers) await each.stop()
    await database.drop()
    await crm.stop()
  })

  const path = () => `/v1/admin/connections/${connection}/user-mapping`

  it('is always one admin’s whole, also when 20 replace it at once', async () => {
    // Each has extensions of its own and one that all have.
    const entriesOf = (n: number) => ['100', ...[0, 1, 2].map(each => String(200 + 10 * n + each))].map(extension => ({ extension, crmUserId: `u${String(n)}` }))
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) =>
      request(servers[n % 2]!.url).put(path()).auth(key, { type: 'bearer' }).send({ entries: entriesOf(n) })))
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map((_, n) => [200, { entries: entriesOf(n) }]))
    const { body } = await request(servers[0]!.url).get(path()).auth(key, { type: 'bearer' }).expect(200)
    expect(Array.from({ length: 20 }, (_, n) => ({ entries: entriesOf(n) }))).toContainEqual(body)
  })
})

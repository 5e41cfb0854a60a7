import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

;(hasPostgres ? describe : describe.skip)('calls of one new number over two processes', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  let agents: string[]
  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    const keys = KeyRing.newKey('test')
    const start = () => startTestServer({ crm, adapters: [fakeAdapter('apiKey')], database: { url: database.url }, keys })
    servers = [await start(), await start()]
    const installation = await servers[0]!.install('fake-apikey', { settings: { country: 'NL', createContacts: 'automatic' } })
    agents = [await connectAgent(servers[0]!, installation), await connectAgent(servers[0]!, installation, { user: 'u2' })]
  })
  afterAll(async () => {
    for (const each of servers) await each.stop()
    await database.drop()
    await crm.stop()
  })

  it('make one contact, although the CRM does not show it and two agents log them', async () => {
    crm.isIndexLate = true
    crm.latencyMs = 50
    for (const round of [1, 2, 3]) {
      const number = `+3141374174${String(round)}`
      const call = { direction: 'inbound', from: { number, name: 'New' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z' }
      const answers = await Promise.all(Array.from({ length: 8 }, (_, n) =>
        request(servers[n % 2]!.url).put(`/v1/call-logs/${String(round)}-${String(n)}`).auth(agents[n % 4 < 2 ? 0 : 1]!, { type: 'bearer' }).set('Prefer', 'wait=20').send(call)))
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
      const made = crm.contacts.filter(({ phones }) => phones.some(phone => phone.number === number))
      expect(made).toHaveLength(1)
      expect(new Set(answers.map(({ body }) => body.contact.id))).toEqual(new Set([made[0]!.id]))
    }
  })
})

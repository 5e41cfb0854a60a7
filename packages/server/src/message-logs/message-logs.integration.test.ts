import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeMessageMembers } from '../testing/fake-members.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

;(hasPostgres ? describe : describe.skip)('message logs over two processes on one database', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  let [token, other] = ['', '']
  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    const keys = KeyRing.newKey('test')
    const start = () => startTestServer({ crm, adapters: [fakeAdapter('apiKey', fakeMessageMembers)], database: { url: database.url }, keys })
    servers = [await start(), await start()]
    const installation = await servers[0]!.install('fake-apikey')
    token = await connectAgent(servers[0]!, installation)
    other = await connectAgent(servers[0]!, installation, { user: 'u2' })
  })
  afterAll(async () => {
    for (const each of servers) await each.stop()
    await database.drop()
    await crm.stop()
  })

  const message = (n: number, text = 'hello') => ({
    id: `m${String(n).padStart(2, '0')}`, kind: 'sms', direction: 'inbound', from: { number: '+31612345678' }, to: { number: '+31413700700' },
    sentAt: `2026-03-02T09:${String(n).padStart(2, '0')}:00Z`, text,
  })
  const put = (server: number, conversation: string, body: object, as = token) =>
    request(servers[server]!.url).put(`/v1/message-logs/${conversation}/2026-03-02`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=20').send(body)
  const get = async (conversation: string) =>
    (await request(servers[0]!.url).get(`/v1/message-logs/${conversation}/2026-03-02`).auth(token, { type: 'bearer' }).expect(200)).body
  const inCrm = (conversation: string) => crm.messageLogs.filter(({ conversationId }) => conversationId === conversation)

  it('loses none of 20 messages that are sent at once, and makes one activity', async () => {
    crm.latencyMs = 50
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    const answers = await Promise.all(numbers.map(n => put(n % 2, 'race', { messages: [message(n)] })))
    for (const each of servers) await each.server.services.idle()
    crm.latencyMs = 0
    expect(answers.map(({ status }) => status).sort()).toEqual([...numbers.slice(1).map(() => 200), 201])
    const messages = numbers.map(n => message(n))
    expect(await get('race')).toMatchObject({ messages, version: 20, deliveredVersion: 20, status: 'delivered' })
    expect(inCrm('race')).toEqual([expect.objectContaining({ messages })])
  })

  it('counts one message that all processes send at once as one', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(n % 2, 'same', { messages: [message(1)] })))
    expect(await get('same')).toMatchObject({ messages: [message(1)], version: 1 })
    expect(inCrm('same')).toHaveLength(1)
  })

  it('lets one of two agents who begin a day at once have it', async () => {
    for (const n of [1, 2, 3, 4, 5]) {
      const answers = await Promise.all([put(0, `both-${String(n)}`, { messages: [message(1)] }), put(1, `both-${String(n)}`, { messages: [message(2)] }, other)])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    }
  })
})

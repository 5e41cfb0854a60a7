import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

const call = {
  direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', result: 'answered',
}

;(hasPostgres ? describe : describe.skip)('call logs over two processes on one database', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  let [token, other] = ['', '']
  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    const keys = KeyRing.newKey('test')
    const start = () => startTestServer({ crm, adapters: [fakeAdapter('apiKey')], database: { url: database.url }, keys })
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

  const put = (server: number, callId: string, body: object = call, as = token) =>
    request(servers[server]!.url).put(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
  const get = async (callId: string) => (await request(servers[0]!.url).get(`/v1/call-logs/${callId}`).auth(token, { type: 'bearer' }).expect(200)).body
  const sql = (text: string, ...bind: unknown[]) => servers[0]!.server.services.database.sequelize.query(text, { bind })

  it('makes one activity of 50 identical requests at once, and answers all of them', async () => {
    crm.latencyMs = 100
    const before = crm.counts.activities
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => put(n % 2, 'race')))
    crm.latencyMs = 0
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 49 }, () => 200), 201])
    expect(new Set(answers.map(({ body }) => `${String(body.status)} ${String(body.version)} ${String(body.activity.id)}`)).size).toBe(1)
    expect(crm.counts.activities - before).toBe(1)
  })

  it('lets one of two agents who claim the same call at once have it', async () => {
    for (const n of [1, 2, 3, 4, 5]) {
      const answers = await Promise.all([put(0, `both-${String(n)}`), put(1, `both-${String(n)}`, call, other)])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    }
  })

  it('takes over a lease that a dead process left behind, and looks before it creates', async () => {
    await put(0, 'dead').expect(201)
    const [activity] = crm.activities.slice(-1)
    await sql(`UPDATE ledger SET status = 'delivering', delivered_version = 0, activity = NULL, delivering_token = gen_random_uuid(),
      delivering_until = now() - interval '1 second', next_attempt_at = now() WHERE key = 'dead'`)
    const before = crm.counts.activities
    expect((await put(1, 'dead').expect(200)).body).toMatchObject({ status: 'delivered', activity: { id: activity!.id } })
    expect(crm.counts.activities).toBe(before)
    const [rows] = await sql(`SELECT operation FROM deliveries d JOIN ledger c ON c.id = d.entry_id WHERE c.key = 'dead' ORDER BY d.started_at`)
    expect(rows).toEqual([{ operation: 'create' }, { operation: 'probe' }])
  })

  it('takes over the lease of a process that died before the CRM was told', async () => {
    await put(0, 'unsent').expect(201)
    const [activity] = crm.activities.splice(-1)
    await sql(`UPDATE ledger SET status = 'delivering', delivered_version = 0, activity = NULL, delivering_token = gen_random_uuid(),
      delivering_until = now() - interval '1 second', next_attempt_at = now() WHERE key = 'unsent'`)
    await put(1, 'unsent', { ...call, note: 'changed' }).expect(200)
    expect(crm.activities.filter(({ externalId }) => externalId === activity!.externalId)).toEqual([expect.objectContaining({ note: 'changed' })])
  })

  it('loses none of the patches that different processes make of different fields at once', async () => {
    await put(0, 'patched').expect(201)
    const fields = [{ note: 'n' }, { subject: 's' }, { disposition: 'd' }, { durationSeconds: 7 }, { contactId: 'c' }, { result: 'missed' }, { endedAt: '2026-03-01T10:01:00Z' }]
    const answers = await Promise.all(fields.map((field, n) =>
      request(servers[n % 2]!.url).patch('/v1/call-logs/patched').auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send(field)))
    expect(answers.map(({ status }) => status)).toEqual(fields.map(() => 200))
    for (const each of servers) await each.server.services.idle()
    expect(await get('patched')).toMatchObject({ ...Object.assign({}, ...fields), version: 8, deliveredVersion: 8, status: 'delivered' })
    expect(crm.activities.at(-1)).toMatchObject({ note: 'n', subject: 's' })
  })
})

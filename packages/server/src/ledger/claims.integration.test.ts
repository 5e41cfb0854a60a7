import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

const call = {
  direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', result: 'missed',
}

;(hasPostgres ? describe : describe.skip)('claims that arrive together and are written in one statement', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  let [ann, bob] = ['', '']
  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    const keys = KeyRing.newKey('test')
    const start = () => startTestServer({ crm, adapters: [fakeAdapter('apiKey')], database: { url: database.url }, keys })
    servers = [await start(), await start()]
    const installation = await servers[0]!.install('fake-apikey')
    ann = await connectAgent(servers[0]!, installation, { user: 'ann' })
    bob = await connectAgent(servers[0]!, installation, { user: 'bob' })
    // What is accepted is looked at, not what the CRM makes of it.
    await servers[0]!.server.services.database.query({ text: `UPDATE connections SET paused_until = now() + interval '1 hour'` }, [])
  }, 60_000)
  afterAll(async () => {
    for (const each of servers) await each.stop()
    await database.drop()
    await crm.stop()
  })

  const put = (token: string, callId: string, body: object = call, server = 0) =>
    request(servers[server]!.url).put(`/v1/call-logs/${callId}`).auth(token, { type: 'bearer' }).send(body)

  it('answer each with its own row, whoever else is refused or takes one over', async () => {
    await Promise.all([put(ann, 'answered', { ...call, result: 'answered' }), put(ann, 'rang')])
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, (_, n) => put(n % 2 === 0 ? ann : bob, `own-${String(n)}`, { ...call, note: `note ${String(n)}` })),
      put(bob, 'answered', { ...call, result: 'answered' }),
      put(bob, 'rang', { ...call, result: 'answered' }),
      put(bob, 'rang-not'),
    ])
    expect(answers.slice(0, 20).map(({ body }) => `${String(body.callId)} ${String(body.note)} ${String(body.version)}`))
      .toEqual(Array.from({ length: 20 }, (_, n) => `own-${String(n)} note ${String(n)} 1`))
    expect(answers.slice(20).map(({ status, body }) => [status, body.version ?? body.code])).toEqual([[409, 'owned_by_other'], [202, 2], [202, 1]])
    const audit = await servers[0]!.server.services.models.audit.findAll({ where: { action: 'call_log.taken_over' } })
    expect(audit.map(entry => entry.get())).toEqual([expect.objectContaining({ actor: expect.stringMatching(/^connection:/), details: { from: expect.any(String), to: expect.any(String) } })])
  })

  it('count each change of one call, the last of which stays, and no repetition', async () => {
    const answers = await Promise.all(['a', 'a', 'b', 'b', 'a'].map(note => put(ann, 'same', { ...call, note })))
    expect(answers.every(({ status }) => status === 202)).toBe(true)
    const { body } = await request(servers[0]!.url).get('/v1/call-logs/same').auth(ann, { type: 'bearer' }).expect(200)
    expect(answers.map(answer => answer.body.version)).toContain(body.version)
    expect(body.version).toBeLessThanOrEqual(5)
  })

  it('never wait for each other in two processes that claim the same calls in opposite orders', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `both-${String(n)}`)
    for (const round of [1, 2, 3]) {
      const answers = await Promise.all([
        ...ids.map(id => put(ann, id, { ...call, note: `first ${String(round)}` }, 0)),
        ...ids.toReversed().map(id => put(ann, id, { ...call, note: `second ${String(round)}` }, 1)),
      ])
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    }
  })
})

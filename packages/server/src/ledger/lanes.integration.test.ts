import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { CrmError } from '@linefinder/core'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

const call = {
  direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', result: 'answered',
}

;(hasPostgres ? describe : describe.skip)('lanes over two processes on one database', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  /** Attempts that speak with the CRM, and the most there were at once. */
  const speaking = { now: 0, most: 0 }
  let isFailing = false

  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    const usual = fakeAdapter('apiKey')
    const counting = fakeAdapter('apiKey', {
      id: 'fake-counting',
      async createCallLog(ctx, log) {
        speaking.now += 1
        speaking.most = Math.max(speaking.most, speaking.now)
        try {
          if (isFailing) throw new CrmError('unreachable')
          return await usual.createCallLog(ctx, log)
        } finally {
          speaking.now -= 1
        }
      },
    })
    const keys = KeyRing.newKey('test')
    const start = () => startTestServer({ crm, adapters: [counting], database: { url: database.url }, keys })
    servers = [await start(), await start()]
  }, 60_000)
  afterAll(async () => {
    for (const each of servers) await each.stop()
    await database.drop()
    await crm.stop()
  })
  afterEach(() => {
    Object.assign(speaking, { now: 0, most: 0 })
    crm.latencyMs = 0
    isFailing = false
  })

  const connect = async (settings: Record<string, unknown>, user: string) => {
    const installation = await servers[0]!.install('fake-counting', { settings: { country: 'NL', ...settings } })
    return connectAgent(servers[0]!, installation, { user })
  }
  const put = (server: number, token: string, callId: string, body: object = call, prefer = 'wait=0') =>
    request(servers[server % 2]!.url).put(`/v1/call-logs/${callId}`).auth(token, { type: 'bearer' }).set('Prefer', prefer).send(body)
  const sql = <Row extends object>(text: string, values: unknown[] = []) => servers[0]!.server.services.database.query<Row>({ text }, values)
  const deliveredOf = async (prefix: string) =>
    (await sql<{ count: number }>(`SELECT count(*)::int AS count FROM ledger WHERE key LIKE $1 AND status = 'delivered'`, [`${prefix}%`]))[0]?.count

  it('speak with the CRM as often at once as the installation allows, and deliver everything once', async () => {
    const token = await connect({ maxParallelDeliveries: 3 }, 'limited')
    crm.latencyMs = 20
    const before = crm.counts.activities
    await Promise.all(Array.from({ length: 60 }, (_, n) => put(n, token, `l-${String(n)}`)))
    await until(async () => await deliveredOf('l-') === 60 ? true : null)
    expect(speaking.most).toBe(3)
    expect(crm.counts.activities - before).toBe(60)
  })

  it('ask nothing of the database for a connection that was closed a moment ago', async () => {
    const token = await connect({}, 'closed')
    await sql(`UPDATE connections SET paused_until = now() + interval '1 hour' WHERE crm_user_id = 'closed'`)
    await put(0, token, 'closed-0')
    await servers[0]!.server.services.idle()
    const before = await statementsOf('find-lane')
    for (let n = 1; n < 20; n += 1) await put(0, token, `closed-${String(n)}`).expect(202)
    await servers[0]!.server.services.idle()
    expect(await statementsOf('find-lane') - before).toBeLessThan(5)
    expect(await deliveredOf('closed-')).toBe(0)
  })

  it('ask a CRM that fails by few attempts at a time', async () => {
    const token = await connect({ maxParallelDeliveries: 20 }, 'failing')
    isFailing = true
    await put(0, token, 'f-0', call, 'wait=5').expect(202)
    speaking.most = 0
    await Promise.all(Array.from({ length: 40 }, (_, n) => put(0, token, `f-${String(n + 1)}`)))
    await servers[0]!.server.services.idle()
    expect(speaking.most).toBeLessThanOrEqual(2)
  })

  it('take nothing more once their process stops, but what somebody waits for', async () => {
    const stopping = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
    const token = await connectAgent(stopping, await stopping.install('fake-apikey'))
    crm.latencyMs = 100
    for (let n = 0; n < 30; n += 1) await request(stopping.url).put(`/v1/call-logs/s-${String(n)}`).auth(token, { type: 'bearer' }).send(call).expect(202)
    const before = crm.counts.activities
    await stopping.stop()
    expect(crm.counts.activities - before).toBeLessThan(10)
  })

  /** How often the first process has run a statement: the driver counts what it has prepared by name. */
  async function statementsOf(name: string): Promise<number> {
    const { database: opened } = servers[0]!.server.services
    const seen = counted.get(opened) ?? new Map<string, number>()
    if (!counted.has(opened)) {
      counted.set(opened, seen)
      const query = opened.query.bind(opened)
      opened.query = async (statement, values) => {
        seen.set(statement.name ?? '', (seen.get(statement.name ?? '') ?? 0) + 1)
        return query(statement, values)
      }
    }
    return seen.get(name) ?? 0
  }
  const counted = new Map<object, Map<string, number>>()
})

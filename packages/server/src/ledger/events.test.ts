import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { CrmError } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { forgetHealth } from '../testing/forget-health.js'
import { scrape, scraperKey, valueOf } from '../testing/scrape.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'

let crm: FakeCrm
let receiver: WebhookReceiver
let test: TestServer
let agent = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  receiver = await WebhookReceiver.start()
  const usual = fakeAdapter('apiKey')
  test = await startTestServer({
    crm, otherCrms: [receiver], runsJobs: true, metricsKey: scraperKey,
    adapters: [{
      ...usual,
      async createCallLog(ctx, log) {
        if (log.subject === 'refused') throw new CrmError('rejected')
        return usual.createCallLog(ctx, log)
      },
    }],
  })
  agent = await connectAgent(test, await test.install('fake-apikey'))
  await request(test.url).post('/v1/admin/webhooks').auth(await test.addKey(['admin']), { type: 'bearer' })
    .send({ url: `${receiver.origin}/in`, events: null, enabled: true, description: '' }).expect(201)
})
afterAll(async () => {
  await test.stop()
  await receiver.stop()
  await crm.stop()
})
afterEach(async () => {
  crm.fault = 'none'
  await forgetHealth(test)
  receiver.received.length = 0
})

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', note: 'secret note' }
const put = (id: string, body: object = call) => request(test.url).put(`/v1/call-logs/${id}`).auth(agent, { type: 'bearer' }).set('Prefer', 'wait=5').send(body)
const told = (type: string) => until(() => {
  const event = receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> }).find(each => each.type === type)
  return Promise.resolve(event ?? null)
})

describe('a tenant’s own systems', () => {
  it('are told when the CRM has a log, and when it cannot get it, without what stands in it', async () => {
    const { body } = await put('w-1').expect(201)
    expect(await told('call_log.delivered')).toMatchObject({ data: { callId: 'w-1', leg: '', phoneSystem: 'pbx', version: 1, status: 'delivered', activity: { id: body.activity.id }, errorCode: null } })
    await put('w-2', { ...call, subject: 'refused' }).expect(202)
    expect(await told('call_log.failed')).toMatchObject({ data: { callId: 'w-2', status: 'failed', activity: null, errorCode: 'crm_rejected' } })
    expect(JSON.stringify(receiver.received)).not.toMatch(/secret note|413741741/)
  }, 30_000)

  it('are told of a contact that was made through us', async () => {
    const { body } = await request(test.url).post('/v1/contacts').auth(agent, { type: 'bearer' }).send({ name: 'Secret name', phone: '0413 555 555' }).expect(201)
    expect(await told('contact.created')).toMatchObject({ data: { contactId: body.id, connectionId: expect.any(String) } })
    expect(JSON.stringify(receiver.received)).not.toContain('Secret name')
  }, 30_000)

  it('are told that a connection is in trouble, and that it has recovered', async () => {
    crm.fault = 'rate_limited'
    await put('w-3').expect(202)
    expect(await told('connection.degraded')).toMatchObject({ data: { state: 'degraded', kind: 'personal', errorCode: 'crm_rate_limited', installationId: expect.any(String) } })
    crm.fault = 'none'
    await test.server.services.database.query({ text: `UPDATE connections SET paused_until = now() - interval '1 second'` }, [])
    await test.server.services.database.query({ text: `UPDATE ledger SET next_attempt_at = now() WHERE status = 'retrying'` }, [])
    expect(await told('connection.recovered')).toMatchObject({ data: { state: 'healthy', errorCode: null } })
    expect(await told('call_log.delivered')).toMatchObject({ data: { callId: 'w-3' } })
  }, 40_000)
})

it('counts attempts by how they end', async () => {
  const before = await scrape(test)
  await put('m-1').expect(201)
  await put('m-1', { ...call, note: 'later' }).expect(200)
  await put('m-2', { ...call, subject: 'refused' }).expect(202)
  const after = await scrape(test)
  const rise = (operation: string, outcome: string) => {
    const name = `linefinder_delivery_attempts_total{kind="call",operation="${operation}",outcome="${outcome}"}`
    return valueOf(after, name) - valueOf(before, name)
  }
  expect([rise('create', 'delivered'), rise('update', 'delivered'), rise('create', 'failed')]).toEqual([1, 1, 1])
})

describe('a lane whose pause is over', () => {
  it('makes one attempt, and is open when that goes well', async () => {
    crm.fault = 'rate_limited'
    for (const id of ['h-1', 'h-2', 'h-3', 'h-4']) await put(id).set('Prefer', 'wait=0').expect(202)
    await test.server.services.ledger.idle()
    const paused = async () => (await test.server.services.database.query<{ paused: boolean }>({ text: `SELECT paused_until > now() AS paused FROM connections` }, []))[0]?.paused
    expect(await paused()).toBe(true)
    const before = crm.counts.activities
    crm.fault = 'none'
    crm.latencyMs = 200
    await test.server.services.database.query({ text: `UPDATE ledger SET next_attempt_at = now() WHERE status IN ('pending', 'retrying')` }, [])
    await test.server.services.database.query({ text: `UPDATE connections SET paused_until = now() - interval '1 second'` }, [])
    await until(async () => {
      const rows = await test.server.services.database.query<{ status: string }>({ text: `SELECT status FROM ledger WHERE key LIKE 'h-%'` }, [])
      return rows.every(({ status }) => status === 'delivered') ? true : null
    })
    crm.latencyMs = 0
    expect(crm.counts.activities - before).toBe(4)
  }, 40_000)
})

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import type { SessionToken } from '@linefinder/core/api'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser, pathOf } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'

let crm: FakeCrm
let receiver: WebhookReceiver
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  receiver = await WebhookReceiver.start()
  test = await startTestServer({ crm, otherCrms: [receiver], adapters: [fakeAdapter('oauth2')], runsJobs: true })
})
afterAll(async () => {
  await test.stop()
  await receiver.stop()
  await crm.stop()
})

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', result: 'answered' }
const typesTold = () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
const told = (type: string) => until(async () => typesTold().includes(type) ? true : null)

it('a grant revoked amid calls: they wait, and all arrive once the agent has connected again; the webhook tells of both', async () => {
  const installation = await test.install('fake-oauth2')
  const admin = await test.addKey(['admin'])
  await request(test.url).post('/v1/admin/webhooks').auth(admin, { type: 'bearer' })
    .send({ url: `${receiver.origin}/in`, events: ['connection.needs_reconnect', 'connection.recovered', 'call_log.failed'], enabled: true, description: '' }).expect(201)
  const { token, connection }: SessionToken = await new OAuthBrowser(test, crm).connect(installation)
  const put = (id: string) => request(test.url).put(`/v1/call-logs/${id}`).auth(token, { type: 'bearer' }).send(call)

  const ids = Array.from({ length: 40 }, (_, n) => `c-${String(n)}`)
  for (const [n, id] of ids.entries()) {
    // In the middle of it the CRM's admin takes the access away.
    if (n === 15) crm.revokeGrants()
    await put(id).expect(202)
  }
  await told('connection.needs_reconnect')
  const waiting = async () => (await request(test.url).get('/v1/admin/deliveries?limit=100').auth(admin, { type: 'bearer' }).expect(200)).body.items
  expect((await waiting()).length).toBeGreaterThanOrEqual(25)

  const { body: link } = await request(test.url).post(`/v1/connections/${connection.id}/reconnect-link`).auth(admin, { type: 'bearer' }).expect(201)
  const browser = new OAuthBrowser(test, crm)
  const { headers } = await browser.open(pathOf(link.url)).expect(302)
  await browser.open(pathOf(crm.authorize(headers['location']!))).expect(200)

  await until(async () => (await waiting()).length === 0 ? true : null)
  await told('connection.recovered')
  expect(crm.activities).toHaveLength(40)
  expect(new Set(crm.activities.map(({ externalId }) => externalId)).size).toBe(40)
  expect(typesTold()).not.toContain('call_log.failed')
}, 90_000)

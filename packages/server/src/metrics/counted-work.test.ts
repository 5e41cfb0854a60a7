import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { rise, scrape, scraperKey } from '../testing/scrape.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let session = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  crm.contacts.push({ id: 'c1', name: 'Jan de Vries', type: 'person', phones: [{ number: '0413 741741' }] } as never)
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), fakeAdapter('oauth2')], metricsKey: scraperKey })
  session = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(() => {
  crm.fault = 'none'
  crm.latencyMs = 0
})

const lookUp = (query: Record<string, string>) => request(test.url).get('/v1/contacts').query(query).auth(session, { type: 'bearer' })
const lookups = (source: string, outcome: string) => `linefinder_lookups_total{source="${source}",outcome="${outcome}"}`

describe('lookups', () => {
  it('are counted by who answered, and whether anybody has the number', async () => {
    await rise(test, lookups('crm', 'hit'), 1, () => lookUp({ phone: '+31413741741' }).expect(200))
    await rise(test, lookups('remembered', 'hit'), 1, () => lookUp({ phone: '+31413741741' }).expect(200))
    await rise(test, lookups('crm', 'miss'), 1, () => lookUp({ phone: '+31209990001' }).expect(200))
  })

  it('are counted when there is no answer', async () => {
    await rise(test, lookups('none', 'invalid'), 1, () => lookUp({ phone: 'nobody' }).expect(422))
    await rise(test, lookups('none', 'miss'), 1, () => lookUp({ phone: 'anonymous' }).expect(200))
    await rise(test, lookups('none', 'pending'), 1, () => lookUp({ phone: '+31209990002', deadline_ms: '0' }).expect(200))
    crm.fault = 'error'
    await rise(test, lookups('crm', 'failed'), 1, () => lookUp({ phone: '+31209990003' }).expect(502))
  })

  it('in bulk are counted each', async () => {
    const numbers = ['+31413741741', '+31413741741', 'nobody', '+31209990001'].map(phone => ({ phone }))
    const send = () => request(test.url).post('/v1/contacts/lookup').auth(session, { type: 'bearer' }).send({ numbers }).expect(200)
    await rise(test, lookups('remembered', 'hit'), 2, send)
    await rise(test, lookups('none', 'invalid'), 1, send)
    await rise(test, lookups('remembered', 'miss'), 1, send)
  })
})

describe('renewals of credentials', () => {
  const refreshes = (outcome: string) => `linefinder_token_refreshes_total{adapter="fake-oauth2",outcome="${outcome}"}`

  it('are counted by how they ended', async () => {
    const { token } = await new OAuthBrowser(test, crm).connect(await test.install('fake-oauth2'))
    const me = () => request(test.url).get('/v1/me').auth(token, { type: 'bearer' })
    await rise(test, refreshes('ok'), 1, () => {
      crm.expireAccessTokens()
      return me().expect(200)
    })
    await rise(test, refreshes('unauthorized'), 1, () => {
      crm.revokeGrants()
      return me().expect(401)
    })
  })
})

it('counts attempts to deliver as the ledger tells them', async () => {
  const { metrics } = test.server.services
  await rise(test, 'linefinder_delivery_attempts_total{kind="call",operation="create",outcome="delivered"}', 2, async () => {
    metrics.countDelivery('call', 'create', 'delivered')
    metrics.countDelivery('call', 'create', 'delivered')
  })
  expect(await scrape(test)).toContain('# TYPE linefinder_delivery_attempts_total counter\n')
})

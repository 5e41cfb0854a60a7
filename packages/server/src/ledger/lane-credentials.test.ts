import { afterAll, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import type { SessionToken } from '@linefinder/core/api'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { storeConnection, storeSession } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('oauth2'), fakeAdapter('apiKey')], runsJobs: true })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const call = { direction: 'inbound', to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', result: 'answered' }
/** From a number of its own: who it is must be asked before the call is told. */
const put = (token: string, id: string, from: string) => request(test.url).put(`/v1/call-logs/${id}`).auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send({ ...call, from: { number: from } })

it('an access token that expires between two calls is refused once, and those right after it go by the new one', async () => {
  const { token }: SessionToken = await new OAuthBrowser(test, crm).connect(await test.install('fake-oauth2'))
  await put(token, 'before', '+31413741740').expect(201)
  const refused = () => crm.requestIds.length - crm.counts.people - crm.counts.activities - crm.counts.me
  const { refresh } = crm.counts
  const before = refused()

  crm.expireAccessTokens()
  for (const n of [1, 2, 3]) await put(token, `after ${String(n)}`, `+3141374174${String(n)}`).expect(201)
  expect(refused() - before).toBe(1)
  expect(crm.counts.refresh - refresh).toBe(1)
})

it('a call right after the credentials were changed by somebody else goes by those that stand there now', async () => {
  const { database, vault } = test.server.services
  const connection = await storeConnection(test, await test.install('fake-apikey'), { hostname: crm.host })
  const token = await storeSession(test, connection.id)
  await put(token, 'with the right key', '+31413741744').expect(201)

  await database.query({ text: 'UPDATE connections SET credentials = $2, credentials_version = credentials_version + 1 WHERE id = $1' },
    [connection.id, vault.seal(connection.id, { type: 'fields', fields: { key: 'wrong-key' } })])
  const { body } = await put(token, 'with the wrong key', '+31413741745').expect(202)
  expect(body.lastError).toMatchObject({ code: 'needs_reconnect' })
})

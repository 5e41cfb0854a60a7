import { afterAll, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import { defaultLimits } from '../http/rate-limit.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  // Each smaller than it ships, so that the two on one endpoint can be told apart.
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], limits: { connectionsPerAddress: 14, connectionsPerHost: 10 } })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const connect = (body: object) => request(test.url).post('/v1/connections').send({ client_id: test.clientId, ...body })

it('ships with limits against guessing', () => {
  expect(defaultLimits).toEqual({ connectionsPerAddress: 10, connectionsPerHost: 60, sessionsPerAddress: 30 })
})

it('limits guesses at one installation and host, however it is spelt, then guesses from one address', async () => {
  const installation = await test.install('fake-apikey')
  const guess = (n: number) => connect({ installation: n % 2 ? installation : installation.toUpperCase(), host: crm.host, fields: { key: `guess-${String(n)}` } })
  for (let n = 0; n < 10; n += 1) await guess(n).expect(401)
  const logins = crm.requestIds.length
  const { body, headers } = await guess(10).expect(429)
  expect(body).toMatchObject({ code: 'too_many_requests', status: 429, retryable: true })
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  expect(crm.requestIds).toHaveLength(logins)

  const other = await test.install('fake-apikey')
  for (let n = 0; n < 3; n += 1) await connect({ installation: other, fields: { key: 'guess' } }).expect(401)
  expect((await connect({ installation: other, fields: { key: 'good-key' } }).expect(429)).body.code).toBe('too_many_requests')
})

it('counts a body of any size and shape', async () => {
  const response = await connect({ installation: { a: 'x'.repeat(100_000) } })
  expect([422, 429]).toContain(response.status)
})

it('limits guesses at codes', async () => {
  const trade = () => request(test.url).post('/v1/sessions').send({ client_id: test.clientId, code: 'guess', code_verifier: 'v'.repeat(43), redirect_uri: test.redirectUri })
  for (let n = 0; n < 30; n += 1) await trade().expect(400)
  expect((await trade().expect(429)).body.code).toBe('too_many_requests')
})

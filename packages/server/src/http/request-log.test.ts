import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { pino } from 'pino'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeConnection, storeSession } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let session: string
let adminKey: string
const lines: Record<string, unknown>[] = []
beforeAll(async () => {
  const stream = new PassThrough()
  stream.on('data', (chunk: Buffer) => { for (const line of chunk.toString().trim().split('\n')) lines.push(JSON.parse(line)) })
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], log: pino({ level: 'trace' }, stream) })
  adminKey = await test.addKey(['admin'])
  session = await storeSession(test, (await storeConnection(test, await test.install('fake-apikey'), { hostname: crm.host })).id)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

/** The lines of a request, once its last one is there. */
async function linesOf(id: string): Promise<Record<string, unknown>[]> {
  const isOf = (line: Record<string, unknown>) => (line['req'] as { id?: string } | undefined)?.id === id
  for (let turn = 0; turn < 500 && !lines.some(line => isOf(line) && 'responseTime' in line); turn += 1) await new Promise(setImmediate)
  return lines.filter(isOf)
}

it('says who asked for what and how it ended', async () => {
  await request(test.url).get('/v1/contacts').query({ name: 'Nobody' }).auth(session, { type: 'bearer' }).set('X-Request-Id', 'log-1').expect(200)
  expect(await linesOf('log-1')).toMatchObject([{
    tenant: 't1', req: { id: 'log-1', method: 'GET', path: '/v1/contacts' }, res: { status: 200 }, responseTime: expect.any(Number),
  }])
})

it('keeps tokens, cookies, numbers and codes out', async () => {
  await request(test.url).get('/v1/contacts').query({ phone: '+31201234567' }).auth(session, { type: 'bearer' })
    .set('Cookie', 'flow=cookie-secret').set('X-Request-Id', 'log-2').expect(200)
  await request(test.url).get('/v1/oauth/callback').query({ state: 'state-secret', code: 'code-secret' })
    .set('Cookie', 'flow=cookie-secret').set('X-Request-Id', 'log-3').expect(400)
  await request(test.url).get(`/v1/authorize/${'l'.repeat(43)}`).set('X-Request-Id', 'log-4').expect(400)
  await request(test.url).post('/v1/admin/connections').auth(adminKey, { type: 'bearer' }).set('X-Request-Id', 'log-5')
    .send({ installation: await test.install('fake-apikey'), fields: { key: 'field-secret' } }).expect(401)
  for (const id of ['log-2', 'log-3', 'log-4', 'log-5']) expect(await linesOf(id)).not.toEqual([])
  const text = JSON.stringify(lines)
  for (const secret of [session, adminKey, 'cookie-secret', '31201234567', 'state-secret', 'code-secret', 'l'.repeat(43), 'field-secret', 'good-key']) {
    expect(text).not.toContain(secret)
  }
})

it('keeps them out of what it says of a failing CRM', async () => {
  crm.fault = 'error'
  await request(test.url).get('/v1/contacts').query({ phone: '+31209876543' }).auth(session, { type: 'bearer' }).set('X-Request-Id', 'log-6').expect(502)
  crm.fault = 'none'
  expect(await linesOf('log-6')).not.toEqual([])
  const text = JSON.stringify(lines)
  for (const secret of [session, '31209876543', '209876543', 'good-key']) expect(text).not.toContain(secret)
})

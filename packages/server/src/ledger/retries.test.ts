import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeCallLog, storeConnection } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

let crm: FakeCrm
let test: TestServer
let impatient: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], runsJobs: true })
  impatient = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], runsJobs: true, giveUpAfterHours: 1e-9 })
})
afterAll(async () => {
  await test.stop()
  await impatient.stop()
  await crm.stop()
})
afterEach(() => {
  crm.fault = 'none'
  crm.activities.length = 0
})

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', result: 'answered' }
const put = (token: string, id: string, at = test, note = 'first') =>
  request(at.url).put(`/v1/call-logs/${id}`).auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send({ ...call, note })
const get = async (token: string, id: string, at = test) => (await request(at.url).get(`/v1/call-logs/${id}`).auth(token, { type: 'bearer' }).expect(200)).body
const delivered = (token: string, id: string, at = test) => until(async () => {
  const log = await get(token, id, at)
  return log.status === 'delivered' ? log : null
})

it('tries again by itself what the CRM did not take, with the last edit, once', async () => {
  const token = await connectAgent(test, await test.install('fake-apikey'))
  crm.fault = 'error'
  expect((await put(token, 'c1').expect(202)).body).toMatchObject({ status: 'retrying' })
  await put(token, 'c1', test, 'second').expect(202)
  crm.fault = 'none'
  expect(await delivered(token, 'c1')).toMatchObject({ version: 2, deliveredVersion: 2, lastError: null })
  expect(crm.activities).toMatchObject([{ note: 'second' }])
}, 60_000)

it('comes back no sooner than the CRM asks for', async () => {
  const token = await connectAgent(test, await test.install('fake-apikey'))
  crm.fault = 'rate_limited'
  await put(token, 'c1', test, 'paced').expect(202)
  const [row] = await test.server.services.database.query<{ seconds: number }>({
    text: `SELECT extract(epoch FROM next_attempt_at - last_error_at)::float8 AS seconds FROM ledger WHERE status = 'retrying' ORDER BY created_at DESC LIMIT 1`,
  }, [])
  expect(row?.seconds).toBeGreaterThanOrEqual(7)
})

it('looks after what a process accepted and did not get to', async () => {
  const connection = await storeConnection(test, await test.install('fake-apikey'), { hostname: crm.host })
  const id = await storeCallLog(test, connection, 'left behind')
  const { database } = test.server.services
  await database.query({ text: `UPDATE ledger SET next_attempt_at = now() - interval '1 second', content = $2 WHERE id = $1` }, [id, JSON.stringify(call)])
  await until(async () => (await database.query({ text: `SELECT 1 FROM ledger WHERE id = $1 AND status = 'delivered'` }, [id])).length > 0 ? true : null)
  expect(crm.activities.filter(({ note }) => note === undefined)).toHaveLength(1)
}, 60_000)

it('waits for an agent whose credentials are refused, and sends everything out once they have reconnected', async () => {
  const installation = await test.install('fake-apikey')
  const token = await connectAgent(test, installation, { user: 'u1', fields: { key: 'bad-key' } })
  for (const id of ['c1', 'c2']) expect((await put(token, id, test, 'of the agent').set('Prefer', 'wait=1').expect(202)).body).toMatchObject({ deliveredVersion: 0 })
  crm.user = { id: 'u1', name: 'Ann Agent', email: 'ann@example.test' }
  await test.server.services.models.crmAccounts.update({ accountKey: `${crm.host}|account:account-1` }, { where: { installationId: installation } })
  await request(test.url).post('/v1/connections').send({ client_id: test.clientId, installation, fields: { key: 'good-key' } }).expect(201)
  for (const id of ['c1', 'c2']) await delivered(token, id)
  expect(crm.activities.filter(({ note }) => note === 'of the agent')).toHaveLength(2)
}, 60_000)

it('has failed when it is too old, is kept, and is tried again when somebody asks', async () => {
  const token = await connectAgent(impatient, await impatient.install('fake-apikey'))
  crm.fault = 'error'
  expect((await put(token, 'c1', impatient).expect(202)).body).toMatchObject({ status: 'failed' })
  crm.fault = 'none'
  await put(token, 'c1', impatient).expect(200)
  expect(await get(token, 'c1', impatient)).toMatchObject({ status: 'delivered' })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import type { CrmAdapter } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { rise, scrape, scraperKey, valueOf } from '../testing/scrape.js'
import { storeConnection, storeSession } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** Keeps a private field, which its members reach only as members of this very object. */
class SecretiveFinder {
  #found: never[] = []

  async findContact(): Promise<never[]> {
    return this.#found
  }
}
const { findContact: _, ...others } = fakeAdapter('basic')
const frozen: CrmAdapter = Object.freeze(Object.assign(new SecretiveFinder(), { ...others, id: 'frozen' }))

let crm: FakeCrm
let test: TestServer
let session = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), fakeAdapter('oauth2'), frozen], metricsKey: scraperKey })
  session = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(() => { crm.fault = 'none' })

const lookUp = (query: Record<string, string>, token = session) => request(test.url).get('/v1/contacts').query(query).auth(token, { type: 'bearer' })

describe('GET /metrics on the port of the API', () => {
  it('is protected', async () => {
    const { body } = await request(test.url).get('/metrics').expect(401)
    expect(body.code).toBe('unauthenticated')
    await request(test.url).get('/metrics').auth('another-key-of-a-scraper', { type: 'bearer' }).expect(401)
    await request(test.url).get('/metrics').query({ access_token: scraperKey }).expect(401)
    await request(test.url).get('/metrics').auth(session, { type: 'bearer' }).expect(401)
    await request(test.url).get('/metrics').auth(await test.addKey(['admin']), { type: 'bearer' }).expect(401)
  })

  it('answers in Prometheus’ text format', async () => {
    const response = await request(test.url).get('/metrics').auth(scraperKey, { type: 'bearer' }).expect(200)
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(response.headers['cache-control']).toBe('no-store')
    for (const line of response.text.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? \S+|)$/)
  })

  it('tells of the process and its connections to the database', async () => {
    const text = await scrape(test)
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \S+$/m)
    expect(text).toContain('# TYPE nodejs_gc_duration_seconds histogram')
    expect(valueOf(text, 'linefinder_database_pool_connections{door="pg"}')).toBeGreaterThan(0)
    expect(valueOf(text, 'linefinder_database_pool_connections{door="sequelize"}')).toBeGreaterThan(0)
    expect(text).toMatch(/^linefinder_database_pool_waiting_requests\{door="pg"\} 0$/m)
  })

  it('names no tenant, connection, number or person', async () => {
    await lookUp({ phone: '+31209990001' }).expect(200)
    const text = await scrape(test)
    for (const secret of ['t1', 'app1', '31209990001', 'ann', session]) expect(text).not.toContain(`"${secret}"`)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
    expect([...text.matchAll(/(\w+)="/g)].map(([, label]) => label).filter(label => !labels.includes(String(label)))).toEqual([])
  })
})

const labels = [
  'route', 'method', 'status', 'adapter', 'operation', 'outcome', 'source', 'kind', 'state', 'door', 'le',
  // Of the process.
  'space', 'type', 'version', 'major', 'minor', 'patch',
]

it('does not exist without a key', async () => {
  const other = await startTestServer({ crm, adapters: [] })
  await request(other.url).get('/metrics').expect(404)
  await request(other.url).get('/metrics').auth('undefined', { type: 'bearer' }).expect(404)
  await other.stop()
})

describe('with a port of its own', () => {
  it('is there, and nowhere else', async () => {
    const other = await startTestServer({ crm, adapters: [], metricsPort: 0, metricsKey: scraperKey })
    const url = new URL(other.server.metricsUrl()!)
    expect(url.hostname).toBe('127.0.0.1')
    const { text, headers } = await request(url.origin).get('/metrics').expect(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toContain('linefinder_ledger_entries{state="failed"} 0')
    await request(url.origin).get('/v1/adapters').expect(404)
    await request(url.origin).post('/metrics').expect(404)
    await request(other.url).get('/metrics').auth(scraperKey, { type: 'bearer' }).expect(404)
    await other.stop()
    await expect(fetch(url)).rejects.toThrow()
  })
})

describe('requests', () => {
  it('are counted by declared path, method and status, once answered', async () => {
    await rise(test, 'linefinder_http_requests_total{route="/v1/call-logs/{callId}",method="GET",status="404"}', 2, async () => {
      await request(test.url).get('/v1/call-logs/one').auth(session, { type: 'bearer' }).expect(404)
      await request(test.url).get('/v1/call-logs/two').auth(session, { type: 'bearer' }).expect(404)
    })
    await rise(test, 'linefinder_http_requests_total{route="/v1/me",method="GET",status="401"}', 1, () => request(test.url).get('/v1/me').expect(401))
  })

  it('are timed', async () => {
    await rise(test, 'linefinder_http_request_duration_seconds_count{route="/healthz",method="GET"}', 1, () => request(test.url).get('/healthz').expect(200))
    const text = await scrape(test)
    expect(valueOf(text, 'linefinder_http_request_duration_seconds_sum{route="/healthz",method="GET"}')).toBeGreaterThan(0)
    expect(text).toContain('linefinder_http_request_duration_seconds_bucket{le="+Inf",route="/healthz",method="GET"}')
  })

  it('to addresses that do not exist make no series', async () => {
    await request(test.url).get('/v1/made-up').expect(404)
    expect(await scrape(test)).not.toContain('made-up')
  })
})

describe('operations of adapters', () => {
  it('are counted by their member and how they ended', async () => {
    const failed = 'linefinder_crm_requests_total{adapter="fake-apikey",operation="findContact",outcome="server_error"}'
    await rise(test, 'linefinder_crm_requests_total{adapter="fake-apikey",operation="findContact",outcome="ok"}', 1, () => lookUp({ phone: '+31209990002' }).expect(200))
    crm.fault = 'error'
    await rise(test, failed, 1, () => lookUp({ phone: '+31209990003' }).expect(502))
  })

  it('that answer nonsense are not ok', async () => {
    crm.fault = 'garbage'
    await rise(test, 'linefinder_crm_requests_total{adapter="fake-apikey",operation="searchContacts",outcome="bad_response"}', 1, () => lookUp({ name: 'Jan' }).expect(502))
  })

  it('are timed', async () => {
    await rise(test, 'linefinder_crm_request_duration_seconds_count{adapter="fake-apikey",operation="getUserInfo"}', 1, () =>
      request(test.url).get('/v1/me').auth(session, { type: 'bearer' }).expect(200))
  })

  it('of a log’s delivery are named as well', async () => {
    await rise(test, 'linefinder_crm_requests_total{adapter="fake-apikey",operation="createCallLog",outcome="ok"}', 1, () =>
      request(test.url).put('/v1/call-logs/call-1').auth(session, { type: 'bearer' }).set('Prefer', 'wait=10')
        .send({ direction: 'inbound', from: { number: '+31612345678' }, to: { number: '+31413741741' }, startedAt: '2026-01-05T10:00:00Z', result: 'answered' }).expect(201))
  })

  it('work on an adapter that is frozen and keeps private fields', async () => {
    const { id } = await storeConnection(test, await test.install('frozen'), { hostname: crm.host })
    const token = await storeSession(test, id)
    await rise(test, 'linefinder_crm_requests_total{adapter="frozen",operation="findContact",outcome="ok"}', 1, () => lookUp({ phone: '+31209990004' }, token).expect(200))
  })
})

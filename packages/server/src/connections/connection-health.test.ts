import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { CrmError, crmUser } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { connectionOf } from './connection-of.js'

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({
    crm,
    adapters: [fakeAdapter('apiKey', {
      async createContact({ http }) { return (await http.post<never>('/people/nobody/numbers', {})).data },
    }), fakeAdapter('apiKey', {
      id: 'fake-refusing-in-words',
      async searchContacts({ http }, name) {
        await http.get('/people', { params: { name } })
        throw new CrmError('unauthorized')
      },
    })],
  })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(() => { crm.fault = 'none' })

/** An agent with a connection of its own, and what can be asked over it. */
async function agent(fields?: Record<string, string>, adapter = 'fake-apikey') {
  const token = await connectAgent(test, await test.install(adapter), fields === undefined ? {} : { fields })
  const get = (path: string) => request(test.url).get(path).auth(token, { type: 'bearer' })
  const { body } = await get('/v1/connection').expect(200)
  const id = body.id as string
  return {
    id,
    ask: () => get('/v1/contacts?name=x'),
    createContact: () => request(test.url).post('/v1/contacts').auth(token, { type: 'bearer' }).send({ name: 'New', phone: '0413741741' }),
    me: () => get('/v1/me'),
    standing: async () => (await get('/v1/connection').expect(200)).body,
    endPause: () => sql(`UPDATE connections SET paused_until = now() WHERE id = $1`, id),
    fail: async (times: number, fault: FakeCrm['fault'] = 'error') => {
      crm.fault = fault
      for (let n = 0; n < times; n += 1) await get('/v1/contacts?name=x')
      crm.fault = 'none'
    },
    audited: async () => (await sql<{ action: string }>(`SELECT action FROM audit WHERE subject = $1 ORDER BY created_at`, `connection:${id}`)).map(({ action }) => action),
  }
}

const sql = <Row extends object>(text: string, id: string) => test.server.services.database.query<Row>({ text }, [id])
const secondsUntil = (instant: string) => (Date.parse(instant) - Date.now()) / 1000

describe('GET /v1/connection', () => {
  it('is for sessions', async () => {
    await request(test.url).get('/v1/connection').expect(401)
    await request(test.url).get('/v1/connection').auth(await test.addKey(['admin']), { type: 'bearer' }).expect(401)
  })

  it('tells how the connection fares without asking the CRM', async () => {
    const { id, standing } = await agent()
    crm.fault = 'error'
    expect(await standing()).toEqual({
      id, installation: expect.any(String), adapter: 'fake-apikey', host: crm.host, state: 'healthy', stateChangedAt: expect.any(String),
      lastError: null, pausedUntil: null, connectedAt: expect.any(String),
    })
  })

  it('tells of refused credentials', async () => {
    const { ask, standing, audited } = await agent({ key: 'bad-key' })
    await ask().expect(401)
    expect(await standing()).toMatchObject({ state: 'needs_reconnect', lastError: { code: 'needs_reconnect' }, pausedUntil: null })
    expect(await audited()).toEqual(['connection.needs_reconnect'])
  })

  it('tells of credentials that the CRM refuses in an answer with another status than 401', async () => {
    const { ask, standing, audited } = await agent(undefined, 'fake-refusing-in-words')
    await ask().expect(401)
    expect(await standing()).toMatchObject({ state: 'needs_reconnect', lastError: { code: 'needs_reconnect' } })
    expect(await audited()).toEqual(['connection.needs_reconnect'])
  })
})

describe('a CRM that is down', () => {
  it.each([['error', 'crm_server_error'], ['reset', 'crm_connection_lost']] as const)('is left alone after five failures by %s', async (fault, code) => {
    const { ask, standing, fail } = await agent()
    await fail(4, fault)
    expect(await standing()).toMatchObject({ state: 'healthy', lastError: { code }, pausedUntil: null })
    await fail(1, fault)
    const { state, pausedUntil } = await standing()
    expect(state).toBe('degraded')
    expect(secondsUntil(pausedUntil)).toBeGreaterThan(3)
    expect(secondsUntil(pausedUntil)).toBeLessThanOrEqual(6.25)
    const before = crm.counts.people
    const { body, headers } = await ask().expect(503)
    expect(body.code).toBe('crm_unavailable')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(crm.counts.people).toBe(before)
  })

  it('begins to count anew after a success', async () => {
    const { ask, standing, fail } = await agent()
    await fail(4)
    await ask().expect(200)
    await fail(4)
    expect(await standing()).toMatchObject({ state: 'healthy' })
  })

  it('is well again when the call after the pause succeeds', async () => {
    const { ask, me, standing, fail, endPause, audited } = await agent()
    await fail(5)
    await endPause()
    await ask().expect(200)
    expect(await standing()).toMatchObject({ state: 'healthy', lastError: { code: 'crm_server_error' }, pausedUntil: null })
    expect((await me().expect(200)).body.connection).toMatchObject({ state: 'healthy' })
    expect(await audited()).toEqual(['connection.recovered'])
  })

  it('is left alone for twice as long when that call fails, five minutes at most', async () => {
    const { id, standing, fail, endPause } = await agent()
    await fail(5)
    await endPause()
    await fail(1)
    expect(secondsUntil((await standing()).pausedUntil)).toBeGreaterThan(7)
    await sql(`UPDATE connections SET failures = 2000, paused_until = now() WHERE id = $1`, id)
    await fail(1)
    expect(secondsUntil((await standing()).pausedUntil)).toBeGreaterThan(235)
    expect(secondsUntil((await standing()).pausedUntil)).toBeLessThanOrEqual(300)
  })

  it('is well again, too, when the connection was read before it failed', async () => {
    const { id, standing, fail, endPause } = await agent()
    const { services } = test.server
    const connection = await connectionOf(services, { tenantId: test.tenantId, connectionId: id })
    await fail(5)
    await endPause()
    expect(await services.health.admit(test.tenantId, id)).toEqual({ admitted: true })
    await services.gateway.call(connection, { requestId: 'r', log: services.log, isAdmitted: true }, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
    expect(await standing()).toMatchObject({ state: 'healthy' })
  })

  it('gets one call of many that come when the pause is over', async () => {
    const { ask, fail, endPause } = await agent()
    await fail(5)
    await endPause()
    const before = crm.counts.people
    crm.latencyMs = 200
    const answers = await Promise.all(Array.from({ length: 10 }, ask))
    crm.latencyMs = 0
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 503)])
    expect(crm.counts.people).toBe(before + 1)
    await ask().expect(200)
  })
})

describe('a CRM that limits requests', () => {
  it('is left alone at once, for as long as it asks', async () => {
    const { ask, standing, fail } = await agent()
    await fail(1, 'rate_limited')
    const { state, pausedUntil, lastError } = await standing()
    expect({ state, code: lastError.code }).toEqual({ state: 'degraded', code: 'crm_rate_limited' })
    expect(secondsUntil(pausedUntil)).toBeGreaterThan(5)
    expect(secondsUntil(pausedUntil)).toBeLessThanOrEqual(7)
    const { body, headers } = await ask().expect(503)
    expect(body.code).toBe('crm_rate_limited')
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(7)
  })

  it('is left alone although a call from before still succeeds', async () => {
    const { id, standing, fail } = await agent()
    await fail(1, 'rate_limited')
    await test.server.services.health.noteSuccess(id, test.tenantId)
    expect(await standing()).toMatchObject({ state: 'degraded', pausedUntil: expect.any(String) })
  })

  it('is asked by everybody who waits once that time is over, and by one of what works in the background', async () => {
    const { id, ask, fail, endPause } = await agent()
    await fail(1, 'rate_limited')
    const { health } = test.server.services
    expect(await health.admit(test.tenantId, id)).toEqual({ admitted: false, retryAt: expect.any(Date) })
    await endPause()
    expect(await health.admit(test.tenantId, id)).toEqual({ admitted: true })
    expect(await health.admit(test.tenantId, id)).toMatchObject({ admitted: false })
    await ask().expect(200)
    expect(await health.admit(test.tenantId, id)).toEqual({ admitted: true })
  })
})

describe('what says nothing of the CRM', () => {
  it('is an answer about one record: it is as good as a success', async () => {
    const { createContact, standing, fail } = await agent()
    await fail(4)
    await createContact().expect(404)
    await fail(4)
    expect(await standing()).toMatchObject({ state: 'healthy' })
    for (let n = 0; n < 6; n += 1) await createContact().expect(404)
    expect(await standing()).toMatchObject({ state: 'healthy' })
  })

  it('is a caller who has no time', async () => {
    const { id, standing } = await agent()
    const { services } = test.server
    const connection = await connectionOf(services, { tenantId: test.tenantId, connectionId: id })
    crm.fault = 'hang'
    for (let n = 0; n < 6; n += 1) {
      const call = services.gateway.call(connection, { requestId: 'r', log: services.log, deadlineMs: 5 }, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
      await expect(call).rejects.toMatchObject({ code: 'timeout' })
    }
    expect(await standing()).toMatchObject({ state: 'healthy', lastError: null })
  })

  it('is the same failure told twice', async () => {
    const { id, standing } = await agent()
    const { health } = test.server.services
    const error = new CrmError('server_error')
    for (let n = 0; n < 6; n += 1) await health.noteFailure(id, test.tenantId, error)
    expect(await standing()).toMatchObject({ state: 'healthy', lastError: { code: 'crm_server_error' } })
  })

  it('is another tenant’s word', async () => {
    const { id, standing } = await agent()
    for (let n = 0; n < 6; n += 1) await test.server.services.health.noteFailure(id, 'other', new CrmError('server_error'))
    expect(await standing()).toMatchObject({ state: 'healthy', lastError: null })
  })
})

it('costs a call over a connection that is well no statement', async () => {
  const { ask } = await agent()
  const { database } = test.server.services
  const query = database.query.bind(database)
  const names: (string | undefined)[] = []
  // The instance's own property hides the method for a moment.
  database.query = ((statement, values) => {
    names.push(statement.name)
    return query(statement, values)
  }) as typeof database.query
  await ask().expect(200)
  Reflect.deleteProperty(database, 'query')
  expect(names).toEqual(['find-sessions', 'read-credentials'])
})

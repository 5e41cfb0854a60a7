import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { CrmError } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let [admin, agent, strict, other] = ['', '', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const usual = fakeAdapter('apiKey')
  test = await startTestServer({
    crm,
    adapters: [usual, fakeAdapter('apiKey', {
      id: 'fake-strict',
      async createCallLog(ctx, log) {
        if (log.subject === undefined) throw new CrmError('rejected', { detail: 'The subject is missing.' })
        return usual.createCallLog(ctx, log)
      },
    })],
  })
  await test.addTenant('t2')
  admin = await test.addKey(['admin'])
  other = await test.addKey(['admin'], 't2')
  agent = await connectAgent(test, await test.install('fake-apikey'))
  strict = await connectAgent(test, await test.install('fake-strict'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(() => { crm.fault = 'none' })

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', note: 'secret note' }
const put = (id: string, body: object = call, token = agent) =>
  request(test.url).put(`/v1/call-logs/${id}`).auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
const explain = async (id: string, token = agent) => (await request(test.url).get(`/v1/call-logs/${id}/explain`).auth(token, { type: 'bearer' }).expect(200)).body
const asAdmin = (method: 'get' | 'post', path: string, body?: object, key = admin) =>
  request(test.url)[method](`/v1/admin/deliveries${path}`).auth(key, { type: 'bearer' }).send(body)
const listed = async (query = '') => (await asAdmin('get', query).expect(200)).body.items as { id: string; key: string }[]
const idOf = async (key: string) => (await listed('?limit=100')).find(each => each.key === key)!.id

describe('protection', () => {
  const someId = '3f2b8a52-8a8f-4b3e-9d0a-1d7b0f6f0c11'
  it.each([['get', ''], ['get', `/${someId}/explain`], ['post', `/${someId}/replay`], ['post', '/replay'], ['post', `/${someId}/discard`]] as const)('%s %s wants an admin key', async (method, path) => {
    await request(test.url)[method](`/v1/admin/deliveries${path}`).expect(401)
    await asAdmin(method, path, {}, agent).expect(401)
    await asAdmin(method, path, {}, await test.addKey(['log'])).expect(403)
  })

  it('explains a log to nobody but its owner', async () => {
    await put('p-1').expect(201)
    await request(test.url).get('/v1/call-logs/p-1/explain').expect(401)
    await request(test.url).get('/v1/call-logs/p-1/explain').auth(strict, { type: 'bearer' }).expect(404)
  })

  it('shows and changes nothing of another tenant', async () => {
    crm.fault = 'error'
    await put('p-2').expect(202)
    const id = await idOf('p-2')
    expect((await asAdmin('get', '', undefined, other).expect(200)).body.items).toEqual([])
    await asAdmin('get', `/${id}/explain`, undefined, other).expect(404)
    await asAdmin('post', `/${id}/replay`, {}, other).expect(404)
    await asAdmin('post', `/${id}/discard`, { reason: 'x' }, other).expect(404)
    expect((await asAdmin('post', '/replay', {}, other).expect(202)).body).toEqual({ replayed: 0, remaining: 0 })
  })
})

describe('the explanation of a call log', () => {
  it('tells every attempt, what it told by name, and how it ended', async () => {
    crm.fault = 'error'
    await put('e-1').expect(202)
    const failing = await explain('e-1')
    expect(failing).toMatchObject({ status: 'retrying', lastError: { code: 'crm_server_error' }, connection: { pausedUntil: null }, undeliveredSince: expect.any(String) })
    expect(failing.summary).toMatch(/^It is tried again at \d{4}-.*The CRM failed\.$/)
    crm.fault = 'none'
    await put('e-1').expect(200)
    await put('e-1', { ...call, note: 'another secret' }).expect(200)
    const { attempts, ...rest } = await explain('e-1')
    expect(rest).toMatchObject({ status: 'delivered', summary: 'The CRM has it.', undeliveredSince: null, lastError: null, activity: { id: expect.any(String) } })
    expect(attempts.map(({ version, attempt, operation, outcome, changed, error }: Record<string, unknown>) => ({ version, attempt, operation, outcome, changed, error }))).toEqual([
      { version: 2, attempt: 1, operation: 'update', outcome: 'delivered', changed: ['note'], error: null },
      { version: 1, attempt: 2, operation: 'probe', outcome: 'delivered', changed: [], error: null },
      { version: 1, attempt: 1, operation: 'create', outcome: 'retry', changed: [], error: { code: 'crm_server_error' } },
    ])
    expect(JSON.stringify({ attempts, rest })).not.toMatch(/secret|413741741/)
  })

  it('says in the adapter’s words why the CRM refuses', async () => {
    await put('e-2', call, strict).expect(202)
    expect(await explain('e-2', strict)).toMatchObject({
      status: 'failed', lastError: { code: 'crm_rejected', detail: 'The subject is missing.' }, nextAttemptAt: null,
      summary: 'It is not tried again by itself. The CRM rejects the data. Change what the CRM names as wrong.',
      attempts: [{ outcome: 'failed', error: { code: 'crm_rejected', detail: 'The subject is missing.' } }],
    })
  })
})

describe('what the CRM does not have yet', () => {
  it('is listed longest waiting first, by state, kind, connection, code and age, page by page', async () => {
    crm.fault = 'error'
    for (const id of ['l-1', 'l-2', 'l-3']) await put(id).expect(202)
    await put('l-4', call, strict).expect(202)
    const keys = (items: { key: string }[]) => items.map(({ key }) => key).filter(key => key.startsWith('l-'))
    expect(keys(await listed())).toEqual(['l-1', 'l-2', 'l-3', 'l-4'])
    expect(keys(await listed('?status=retrying&kind=call&code=crm_server_error'))).toEqual(['l-1', 'l-2', 'l-3'])
    expect(keys(await listed('?status=failed&code=crm_rejected'))).toEqual(['l-4'])
    expect(keys(await listed('?kind=message'))).toEqual([])
    expect(keys(await listed('?undelivered_before=2026-01-01T00:00:00Z'))).toEqual([])
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await asAdmin('get', `?limit=1${cursor}`).expect(200)
      seen.push(...body.items.map(({ key }: { key: string }) => key))
      cursor = body.nextCursor === null ? '' : `&cursor=${String(body.nextCursor)}`
    } while (cursor !== '')
    expect(seen).toEqual((await listed('?limit=100')).map(({ key }) => key))
    expect(JSON.stringify(await listed())).not.toMatch(/secret|413741741/)
    await asAdmin('get', '?code=nonsense').expect(422)
  })

  it('is tried again when the admin says so, one by one', async () => {
    crm.fault = 'error'
    await put('r-1').expect(202)
    const id = await idOf('r-1')
    crm.fault = 'none'
    expect((await asAdmin('post', `/${id}/replay`).expect(202)).body).toMatchObject({ id, key: 'r-1', status: 'pending' })
    await test.server.services.idle()
    expect(await explain('r-1')).toMatchObject({ status: 'delivered' })
    expect((await asAdmin('post', `/${id}/replay`).expect(202)).body).toMatchObject({ status: 'delivered' })
  })

  it('is tried again in bulk', async () => {
    crm.fault = 'error'
    for (const id of ['r-2', 'r-3']) await put(id).expect(202)
    crm.fault = 'none'
    const { body } = await asAdmin('post', '/replay', { code: 'crm_server_error' }).expect(202)
    expect(body.replayed).toBeGreaterThanOrEqual(2)
    expect(body.remaining).toBe(0)
    await test.server.services.idle()
    for (const id of ['r-2', 'r-3']) expect(await explain(id)).toMatchObject({ status: 'delivered' })
  })

  it('is given up for a reason that is kept, until its client changes it', async () => {
    await put('d-1', call, strict).expect(202)
    const id = await idOf('d-1')
    await asAdmin('post', `/${id}/discard`, { reason: ' ' }).expect(422)
    expect((await asAdmin('post', `/${id}/discard`, { reason: 'A test call.' }).expect(200)).body).toMatchObject({ status: 'failed', lastError: { code: 'discarded', detail: 'A test call.' } })
    expect(await explain('d-1', strict)).toMatchObject({ summary: expect.stringContaining('An administrator gave it up') })
    const entries = await test.server.services.models.audit.findAll({ where: { action: 'delivery.discarded' } })
    expect(entries.map(each => each.get())).toEqual([expect.objectContaining({ subject: `ledger:${id}`, details: { reason: 'A test call.' } })])
    expect((await put('d-1', { ...call, subject: 'Call' }, strict).expect(200)).body).toMatchObject({ status: 'delivered' })
    expect((await asAdmin('post', `/${id}/discard`, { reason: 'Too late.' }).expect(409)).body.code).toBe('conflict_state')
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let [admin, agent] = ['', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  await test.addTenant('t2')
  admin = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(async () => { agent = await connectAgent(test, await test.install('fake-apikey')) })
afterEach(async () => {
  crm.fault = 'none'
  await sql('DELETE FROM ledger')
})

const call = { direction: 'inbound', from: { number: '+31413741741', name: 'Jan' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', note: 'secret note' }
const put = (id: string, body: object = call) => request(test.url).put(`/v1/call-logs/${id}`).auth(agent, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
const patch = (id: string, body: object) => request(test.url).patch(`/v1/call-logs/${id}`).auth(agent, { type: 'bearer' }).send(body)
const get = (path: string) => request(test.url).get(`/v1/call-logs${path}`).auth(agent, { type: 'bearer' })
const ask = (what: 'export' | 'erase', body: object, key = admin) => request(test.url).post(`/v1/admin/personal-data/${what}`).auth(key, { type: 'bearer' }).send(body)
const sql = (text: string) => test.server.services.database.query<Record<string, unknown>>({ text }, [])
const keysOf = (body: { entries: { key: string }[] }) => body.entries.map(({ key }) => key)
const everything = async () => JSON.stringify([await sql('SELECT * FROM ledger'), await sql('SELECT * FROM deliveries'), await sql('SELECT * FROM audit')])

describe('protection', () => {
  it.each(['export', 'erase'] as const)('%s wants an admin key of the tenant', async what => {
    await request(test.url).post(`/v1/admin/personal-data/${what}`).send({ phone: '+31413741741' }).expect(401)
    await ask(what, { phone: '+31413741741' }, await test.addKey(['log'])).expect(403)
    await put('mine').expect(201)
    const { body } = await ask(what, { phone: '+31413741741' }, await test.addKey(['admin'], 't2')).expect(200)
    expect(body.entries).toEqual(what === 'export' ? [] : 0)
    expect((await get('/mine').expect(200)).body.note).toBe('secret note')
  })

  it('wants one whole number or one contact', async () => {
    for (const body of [{}, { phone: '+31413741741', contactId: 'c1' }, { phone: '741741' }, { phone: 'nobody' }]) await ask('export', body).expect(422)
    await ask('export', { phone: '0413 741741', country: 'NL' }).expect(200)
  })
})

describe('what is kept of a person', () => {
  it('is found by the number in any spelling and place, and by the contact', async () => {
    await put('x-1').expect(201)
    await put('x-2', { ...call, from: { number: '+31201234567' }, to: { number: '0413-741 741' }, direction: 'outbound' }).expect(201)
    await put('x-3', { ...call, from: { number: '+31201111111' }, contactId: 'c-9' }).expect(201)
    await put('x-4', { ...call, from: { number: '+32413741741' } }).expect(201)
    const { body } = await ask('export', { phone: '+31 413 741 741' }).expect(200)
    expect(keysOf(body)).toEqual(['x-1', 'x-2'])
    expect(body).toMatchObject({ isComplete: true, entries: [{ kind: 'call', status: 'delivered', content: { note: 'secret note' }, activity: { id: expect.any(String) } }, {}] })
    expect(keysOf((await ask('export', { contactId: 'c-9' }).expect(200)).body)).toEqual(['x-3'])
  })

  it('is deleted, and nothing of it is left but the key, by which the call is not logged a second time', async () => {
    const { body: { activity } } = await put('y-1').expect(201)
    await put('y-2', { ...call, from: { number: '+31201111111' } }).expect(201)
    expect((await ask('erase', { phone: '+31413741741' }).expect(200)).body).toEqual({ entries: 1, contacts: 0 })
    const { body: { entries } } = await ask('export', { phone: '+31413741741' }).expect(200)
    expect(entries).toEqual([])
    expect((await get('/y-1').expect(410)).body.code).toBe('content_deleted')
    expect((await patch('y-1', { note: 'more' }).expect(410)).body.code).toBe('content_deleted')
    expect((await get('').expect(200)).body.items.map(({ callId }: { callId: string }) => callId)).toEqual(['y-2'])
    await put('y-2', { ...call, from: { number: '+31201111111' }, note: 'other' }).expect(200)
    expect(await everything()).not.toMatch(/413741741|secret note/)

    const before = crm.counts.activities
    expect((await put('y-1', { ...call, note: 'again' }).expect(200)).body).toMatchObject({ activity: { id: activity.id }, note: 'again' })
    expect(crm.counts.activities).toBe(before)
    expect(crm.activities.find(({ id }) => id === activity.id)).toMatchObject({ note: 'again' })
  })

  it('does not reach the CRM any more when it has not yet', async () => {
    crm.fault = 'error'
    await put('z-1').expect(202)
    await ask('erase', { phone: '+31413741741' }).expect(200)
    crm.fault = 'none'
    const before = crm.counts.activities
    await request(test.url).post('/v1/admin/deliveries/replay').auth(admin, { type: 'bearer' }).send({ status: 'retrying' }).expect(202)
    await test.server.services.idle()
    expect(crm.counts.activities).toBe(before)
    expect((await get('/z-1/explain').expect(200)).body).toMatchObject({ status: 'failed', lastError: { code: 'content_deleted' } })
  })

  it('goes from the directory and from what is remembered as well', async () => {
    crm.contacts.push({ id: 'p-1' as never, name: 'Jan', phones: [{ number: '0413741741' }] })
    await request(test.url).get('/v1/contacts?phone=%2B31413741741').auth(agent, { type: 'bearer' }).expect(200)
    expect((await sql(`SELECT contacts FROM lookups WHERE number = '+31413741741'`))).toHaveLength(1)
    await ask('erase', { phone: '+31413741741' }).expect(200)
    expect(await sql(`SELECT contacts FROM lookups WHERE number = '+31413741741'`)).toEqual([])
    crm.contacts.length = 0
  })
})

describe('retention', () => {
  const run = (days: number, more: object = {}, isDryRun = false) => test.server.services.retention.run({ days, tenantId: null, includesFailed: false, ...more }, isDryRun)

  it('empties what the CRM has had for so many days, and keeps the rest', async () => {
    for (const id of ['r-1', 'r-2']) await put(id).expect(201)
    crm.fault = 'error'
    await put('r-3').expect(202)
    crm.fault = 'none'
    await sql(`UPDATE ledger SET updated_at = now() - interval '40 days' WHERE key IN ('r-1', 'r-3')`)
    expect(await run(30, {}, true)).toBe(1)
    expect((await get('/r-1').expect(200)).body.note).toBe('secret note')
    expect(await run(30, { tenantId: 't2' })).toBe(0)
    expect(await run(30)).toBe(1)
    expect(await run(30)).toBe(0)
    await get('/r-1').expect(410)
    for (const id of ['r-2', 'r-3']) expect((await get(`/${id}`).expect(200)).body.note).toBe('secret note')
    await put('r-1').expect(200)
    expect(crm.activities.filter(({ note }) => note === 'secret note').length).toBeGreaterThan(0)
  })

  it('empties what has failed only when told to', async () => {
    crm.fault = 'error'
    await put('r-4').expect(202)
    await sql(`UPDATE ledger SET status = 'failed', next_attempt_at = NULL, updated_at = now() - interval '40 days'`)
    expect(await run(30)).toBe(0)
    expect(await run(30, { includesFailed: true })).toBe(1)
    await get('/r-4').expect(410)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import type { LogField } from '@linefinder/core'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const stage: LogField = { name: 'stage', label: 'Stage', type: 'select', options: [{ value: 's1', label: 'Lead' }, { value: 's2', label: 'Customer' }] }
const order: LogField = { name: 'order', label: 'Order', type: 'select', options: [{ value: 'o7', label: 'Order 7' }] }

let crm: FakeCrm
let test: TestServer
let [token, plain] = ['', '']
let told: unknown
beforeAll(async () => {
  crm = await FakeCrm.start()
  const usual = fakeAdapter('apiKey')
  test = await startTestServer({
    crm,
    adapters: [usual, fakeAdapter('apiKey', {
      id: 'fake-fields',
      fields: async (_ctx, { kind, contactId }) => kind === 'message' ? [] : [
        stage, { name: 'seats', label: 'Seats', type: 'number' },
        ...(contactId === 'c7' ? [order] : []),
      ],
      listDispositions: async () => [{ value: 'sold', label: 'Sold' }],
      async createCallLog(ctx, log) {
        told = log.fields
        return usual.createCallLog(ctx, log)
      },
    })],
  })
  token = await connectAgent(test, await test.install('fake-fields'))
  plain = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const get = (path: string, as = token) => request(test.url).get(path).auth(as, { type: 'bearer' })
const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z' }
const put = (callId: string, changes: object, as = token) =>
  request(test.url).put(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send({ ...call, ...changes })

describe.each(['/v1/log-fields', '/v1/dispositions'])('GET %s', path => {
  it('wants a session, or a key that may log', async () => {
    await request(test.url).get(path).expect(401)
    const shared = await connectShared(test, await test.install('fake-fields'))
    await get(path, await test.addKey(['lookup'])).set('Linefinder-Connection', shared).expect(403)
    await get(path, await test.addKey(['log'])).set('Linefinder-Connection', shared).expect(200)
  })

  it('says so where the CRM has none', async () => {
    expect((await get(path, plain).expect(422)).body.code).toBe('crm_unsupported')
  })
})

describe('the CRM’s own fields', () => {
  it('are those of a call, or of a message', async () => {
    expect((await get('/v1/log-fields').expect(200)).body.items).toEqual([stage, { name: 'seats', label: 'Seats', type: 'number' }])
    expect((await get('/v1/log-fields?kind=message').expect(200)).body.items).toEqual([])
    await get('/v1/log-fields?kind=fax').expect(422)
  })

  it('can depend on the contact', async () => {
    expect((await get('/v1/log-fields?contact_id=c7').expect(200)).body.items.map(({ name }: LogField) => name)).toEqual(['stage', 'seats', 'order'])
  })

  it('come with dispositions', async () => {
    expect((await get('/v1/dispositions').expect(200)).body).toEqual({ items: [{ value: 'sold', label: 'Sold' }] })
  })
})

describe('values for them', () => {
  it('go to the CRM as they are', async () => {
    const fields = { stage: 's2', seats: 3 }
    await put('v-1', { fields }).expect(201)
    expect(told).toEqual(fields)
  })

  it('are checked against the fields of the contact that the call is on', async () => {
    expect((await put('v-2', { fields: { order: 'o7' } }).expect(202)).body)
      .toMatchObject({ status: 'failed', lastError: { code: 'crm_rejected', detail: '"order" is no field of this CRM’s activities.' } })
    await put('v-2', { fields: { order: 'o7' }, contactId: 'c7' }).expect(200)
  })

  it.each([
    [{ stage: 's3' }, '"Stage" must be one of the field’s options.'],
    [{ seats: 'three' }, '"Seats" must be a number.'],
  ])('that are wrong fail the log before the CRM has it: %j', async (fields, detail) => {
    const before = crm.counts.activities
    expect((await put(`v-${Object.keys(fields)[0] ?? ''}`, { fields }).expect(202)).body).toMatchObject({ status: 'failed', lastError: { code: 'crm_rejected', detail } })
    expect(crm.counts.activities).toBe(before)
  })

  it('pass unchecked where the adapter knows no fields', async () => {
    await put('v-4', { fields: { any: 'thing' } }, plain).expect(201)
  })
})

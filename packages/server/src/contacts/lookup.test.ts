import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { request as send, Agent } from 'node:http'
import request from 'supertest'
import { contact } from '@linefinder/core'
import type { LookupItem } from '@linefinder/core/api'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { forgetLookups } from '../testing/forget-lookups.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

let crm: FakeCrm
let test: TestServer
let [token, installation] = ['', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  installation = await test.install('fake-apikey', { settings: { country: 'NL', ownNumbers: ['020 7654321'], areaCode: '413' } })
  token = await connectAgent(test, installation)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(async () => {
  crm.fault = 'none'
  crm.latencyMs = 0
  crm.contacts.length = 0
  crm.unindexed.clear()
  await test.server.services.contacts.idle()
  await forgetLookups(test)
  crm.counts.people = 0
})

const addContact = (id: string, ...numbers: string[]) =>
  crm.contacts.push(contact.parse({ id, name: `Contact ${id}`, phones: numbers.map(number => ({ number })) }))
const find = (query: string, as = token) => request(test.url).get(`/v1/contacts?${query}`).auth(as, { type: 'bearer' })
const lookup = (numbers: object[], more: object = {}) => request(test.url).post('/v1/contacts/lookup').auth(token, { type: 'bearer' }).send({ numbers, ...more })
const create = (body: object) => request(test.url).post('/v1/contacts').auth(token, { type: 'bearer' }).send(body)

describe('protection', () => {
  it('of lookups in bulk and of adding a number', async () => {
    await request(test.url).post('/v1/contacts/lookup').send({ numbers: [{ phone: '1' }] }).expect(401)
    await request(test.url).post('/v1/contacts/1/numbers').send({ number: '0413741741' }).expect(401)
    const shared = await connectShared(test, installation, { user: 'robot' })
    const withKey = (path: string, key: string) => request(test.url).post(path).auth(key, { type: 'bearer' }).set('Linefinder-Connection', shared)
    await withKey('/v1/contacts/lookup', await test.addKey(['lookup'])).send({ numbers: [{ phone: '0413741741' }] }).expect(200)
    await withKey('/v1/contacts/lookup', await test.addKey(['log'])).send({ numbers: [{ phone: '0413741741' }] }).expect(403)
    await withKey('/v1/contacts/1/numbers', await test.addKey(['lookup'])).send({ number: '0413741741' }).expect(401)
  })
})

describe('the deadline', () => {
  it('answers pending, and the search goes on and is found when asked again', async () => {
    addContact('1', '+31413741741')
    crm.latencyMs = 300
    const early = await find('phone=%2B31413741741&deadline_ms=20').expect(200)
    expect(early.body).toEqual({ status: 'pending', contacts: [], isAmbiguous: false, number: '+31413741741', source: null, ageSeconds: 0 })
    expect(early.headers['retry-after']).toBe('2')
    await test.server.services.contacts.idle()
    const { body, headers } = await find('phone=%2B31413741741&deadline_ms=0').expect(200)
    // Nothing is known without asking the database, which takes longer than no time.
    expect(['pending', 'complete']).toContain(body.status)
    expect(headers['cache-control']).toBe('no-store')
    expect((await find('phone=%2B31413741741').expect(200)).body).toMatchObject({ status: 'complete', source: 'remembered', contacts: [{ id: '1' }] })
    expect(crm.counts.people).toBe(1)
  })

  it('makes no miss of a CRM that says nothing, nor of one that fails', async () => {
    addContact('1', '+31413741741')
    crm.fault = 'hang'
    expect((await find('phone=%2B31413741741&deadline_ms=20').expect(200)).body.status).toBe('pending')
    crm.fault = 'error'
    crm.hangUp()
    await test.server.services.contacts.idle()
    await find('phone=%2B31413741742').expect(502)
    crm.fault = 'none'
    expect((await find('phone=%2B31413741741').expect(200)).body).toMatchObject({ source: 'crm', contacts: [{ id: '1' }] })
    expect((await find('phone=%2B31413741742').expect(200)).body).toMatchObject({ source: 'crm', contacts: [] })
  })
})

describe('one question', () => {
  it('is asked of the CRM once, however many ask it at the same time', async () => {
    addContact('1', '+31413741741')
    crm.latencyMs = 200
    const agent = new Agent({ keepAlive: true, maxSockets: 200 })
    const statuses = await Promise.all(Array.from({ length: 1000 }, () => new Promise<string>((resolve, reject) => {
      send(`${test.url}/v1/contacts?phone=%2B31413741741&deadline_ms=30000`, { agent, headers: { Authorization: `Bearer ${token}` } }, response => {
        let text = ''
        response.on('data', (chunk: Buffer) => { text += chunk.toString() })
        response.on('end', () => { resolve(`${String(response.statusCode)} ${String((JSON.parse(text) as { contacts: { id: string }[] }).contacts[0]?.id)}`) })
      }).on('error', reject).end()
    })))
    agent.destroy()
    expect(new Set(statuses)).toEqual(new Set(['200 1']))
    expect(crm.counts.people).toBe(1)
  }, 60_000)

  it('has an answer that is remembered for a short time, a miss as well', async () => {
    addContact('1', '+31413741741')
    for (const phone of ['%2B31413741741', '0413%20741741']) await find(`phone=${phone}`).expect(200)
    expect(crm.counts.people).toBe(1)
    await find('phone=%2B31413741742').expect(200)
    const afterMiss = crm.counts.people
    expect((await find('phone=%2B31413741742').expect(200)).body).toMatchObject({ source: 'remembered', contacts: [] })
    expect(crm.counts.people).toBe(afterMiss)
    expect((await find('phone=%2B31413741742&fresh=true').expect(200)).body).toMatchObject({ source: 'crm' })
  })

  it('has an answer of its connection’s own, which no other sees', async () => {
    addContact('1', '+31413741741')
    await find('phone=%2B31413741741').expect(200)
    const colleague = await connectAgent(test, installation, { user: 'u2' })
    expect((await find('phone=%2B31413741741', colleague).expect(200)).body).toMatchObject({ source: 'crm' })
  })
})

describe('a contact made through us', () => {
  it('ends the miss that was remembered, and is found although the CRM’s search does not show it yet', async () => {
    await find('phone=%2B31413741741').expect(200)
    const { body } = await create({ name: 'New', phone: '0413 741741' }).expect(201)
    crm.unindexed.add(body.id)
    expect((await find('phone=%2B31413741741').expect(200)).body).toMatchObject({ source: 'crm', contacts: [{ id: body.id }] })
  })

  it('is not hidden by a search that began before', async () => {
    // The search asks for one spelling after the other, so it goes on for longer than creating takes.
    crm.latencyMs = 400
    const before = find('phone=%2B31413741741&deadline_ms=30000').then(({ body }) => body)
    const { database } = test.server.services
    await until(async () => (await database.query({ text: 'SELECT 1 FROM lookups WHERE searching_until > now()' }, [])).length > 0 ? true : null)
    const { body } = await create({ name: 'New', phone: '0413 741741' }).expect(201)
    crm.unindexed.add(body.id)
    crm.latencyMs = 0
    // Whoever asks now shares the old search, which takes in what was made meanwhile.
    expect((await find('phone=%2B31413741741').expect(200)).body).toMatchObject({ contacts: [{ id: body.id }] })
    await before
    expect((await find('phone=%2B31413741741').expect(200)).body).toMatchObject({ contacts: [{ id: body.id }] })
  })

  it('or changed: a number added to it is found', async () => {
    addContact('1', '+31413741741')
    await find('phone=%2B31612345678').expect(200)
    await request(test.url).post('/v1/contacts/1/numbers').auth(token, { type: 'bearer' }).send({ number: '06-12345678' }).expect(201)
    expect((await find('phone=%2B31612345678').expect(200)).body).toMatchObject({ contacts: [{ id: '1', matchedNumber: '+31612345678' }] })
    await request(test.url).post('/v1/contacts/nobody/numbers').auth(token, { type: 'bearer' }).send({ number: '06-12345679' }).expect(404)
  })
})

describe('numbers of a special kind', () => {
  it('withheld ones are nobody’s, and the CRM is not asked', async () => {
    for (const phone of ['anonymous', '%2B266696687', 'Restricted']) {
      expect((await find(`phone=${phone}`).expect(200)).body).toMatchObject({ status: 'complete', contacts: [], source: null, reason: 'withheld' })
    }
    expect(crm.counts.people).toBe(0)
  })

  it('own main lines are nobody’s', async () => {
    addContact('1', '020 7654321')
    expect((await find('phone=%2B31207654321').expect(200)).body).toMatchObject({ contacts: [], source: null, reason: 'own_number' })
  })

  it('local ones are completed by the area code', async () => {
    addContact('1', '0413741741')
    expect((await find('phone=741741').expect(200)).body).toMatchObject({ number: '+31413741741', contacts: [{ id: '1' }] })
  })

  it('an extension may come apart', async () => {
    addContact('1', '+31413741741')
    expect((await find('phone=%2B31413741741&extension=5').expect(200)).body).toMatchObject({ contacts: [{ id: '1' }] })
  })
})

describe('in bulk', () => {
  it('answers in the order asked, each for itself', async () => {
    addContact('1', '+31413741741')
    addContact('2', '+31413741742')
    const { body } = await lookup([{ phone: '0413 741742' }, { phone: 'nobody' }, { phone: '+31413741741' }, { phone: 'anonymous' }, { phone: '02 123 45 67', country: 'BE' }]).expect(200)
    expect((body.items as LookupItem[]).map(({ phone, status, number, contacts, error, reason }) => [phone, status, number, contacts.map(({ id }) => id), error?.code ?? reason])).toEqual([
      ['0413 741742', 'complete', '+31413741742', ['2'], undefined],
      ['nobody', 'invalid', null, [], 'invalid_fields'],
      ['+31413741741', 'complete', '+31413741741', ['1'], undefined],
      ['anonymous', 'complete', null, [], 'withheld'],
      ['02 123 45 67', 'complete', '+3221234567', [], undefined],
    ])
  })

  it('says in its place what the CRM failed on, and what is pending', async () => {
    crm.fault = 'error'
    expect((await lookup([{ phone: '0413741741' }]).expect(200)).body.items[0]).toMatchObject({ status: 'failed', error: { code: 'crm_server_error' } })
    crm.fault = 'none'
    crm.latencyMs = 300
    expect((await lookup([{ phone: '0413741743' }, { phone: '0413741744' }], { deadlineMs: 10 }).expect(200)).body.items).toMatchObject([{ status: 'pending' }, { status: 'pending' }])
  })

  it('takes 500 numbers at most', async () => {
    await lookup([]).expect(422)
    await lookup(Array.from({ length: 501 }, () => ({ phone: '0413741741' }))).expect(422)
  })
})

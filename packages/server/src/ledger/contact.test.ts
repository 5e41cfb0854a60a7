import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { contact, CrmError } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeMessageMembers, fakeTaskMembers } from '../testing/fake-members.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let token: string
/** Of an agent of an installation with these settings. */
const connect = async (settings: Record<string, unknown>, adapter = 'fake-apikey') =>
  connectAgent(test, await test.install(adapter, { settings: { country: 'NL', ownNumbers: ['+31201234567'], ...settings } }))

beforeAll(async () => {
  crm = await FakeCrm.start()
  const usual = fakeAdapter('apiKey', { contactLagMs: 0, ...fakeMessageMembers, ...fakeTaskMembers })
  test = await startTestServer({
    crm,
    adapters: [
      usual, fakeAdapter('apiKey', { id: 'fake-slow-index', contactLagMs: 60_000 }),
      fakeAdapter('apiKey', { id: 'fake-choosy', async createContact() { throw new CrmError('rejected', { detail: 'A contact needs a company.' }) } }),
    ],
  })
  token = await connect({})
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => {
  crm.contacts.length = 0
  crm.activities.length = 0
})
afterEach(() => {
  crm.fault = 'none'
  crm.isIndexLate = false
  crm.unindexed.clear()
})

let taken = 0
/** A number and a call id that no other test has. */
const next = () => {
  taken += 1
  return { number: `+3141374${String(1000 + taken)}`, callId: `c-${String(taken)}` }
}
const addContact = (number: string, changes: object = {}) => {
  const added = contact.parse({ id: `c${String(crm.contacts.length + 1)}`, name: 'Jan', phones: [{ number }], ...changes })
  crm.contacts.push(added)
  return added.id
}
const callOf = (number: string) => ({ direction: 'inbound', from: { number, name: 'CNAM' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z' })
const send = (method: 'put' | 'patch', callId: string, body: object, as = token) =>
  request(test.url)[method](`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
const put = (callId: string, body: object, as = token) => send('put', callId, body, as)
const patch = (callId: string, body: object, as = token) => send('patch', callId, body, as)

describe('a call that names no contact', () => {
  it('goes on the record of the one who has the other party’s number, inbound and outbound', async () => {
    const { number, callId } = next()
    const id = addContact(number)
    expect((await put(callId, callOf(number)).expect(201)).body).toMatchObject({ contact: { id, how: 'only', candidates: [id] } })
    const outbound = { direction: 'outbound', from: { number: '+31201234567' }, to: { number }, startedAt: '2026-03-01T10:00:00Z' }
    expect((await put(`${callId}-out`, outbound).expect(201)).body.contact).toMatchObject({ id, how: 'only' })
    expect(crm.activities.map(({ contactId }) => contactId)).toEqual([id, id])
    expect((await patch(callId, { note: 'x' }).expect(200)).body.contactId).toBeUndefined()
  })

  it('goes on nobody’s when nobody has it, and the number is not asked for again', async () => {
    const { number, callId } = next()
    const before = crm.counts.people
    expect((await put(callId, callOf(number)).expect(201)).body).toMatchObject({ status: 'delivered', contact: { id: null, how: 'nobody', candidates: [] } })
    const asked = crm.counts.people - before
    await patch(callId, { note: 'later' }).expect(200)
    expect(crm.counts.people - before).toBe(asked)
    expect(crm.activities).toHaveLength(1)
    expect(crm.contacts).toHaveLength(0)
  })

  it.each(['anonymous', '+31201234567'])('asks nobody for %s', async number => {
    const before = crm.counts.people
    expect((await put(next().callId, { ...callOf(number), newContact: {} }).expect(201)).body.contact).toMatchObject({ id: null, how: 'nobody' })
    expect(crm.counts.people).toBe(before)
    expect(crm.contacts).toHaveLength(0)
  })

  it('is tried again when the CRM cannot say', async () => {
    const { number, callId } = next()
    const id = addContact(number)
    crm.fault = 'error'
    expect((await put(callId, callOf(number)).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_server_error' }, contact: null })
    crm.fault = 'none'
    expect((await put(callId, callOf(number)).expect(200)).body.contact).toMatchObject({ id, how: 'only' })
  })

  it('is left alone where clients always choose', async () => {
    const { number, callId } = next()
    addContact(number)
    const as = await connect({ contactMatching: 'off' })
    const before = crm.counts.people
    expect((await put(callId, callOf(number), as).expect(201)).body).toMatchObject({ status: 'delivered', contact: null })
    expect(crm.counts.people).toBe(before)
  })
})

describe('a number that several have', () => {
  it('waits for somebody to say whose record it is, and goes out on that', async () => {
    const { number, callId } = next()
    const ids = [addContact(number, { name: 'A' }), addContact(number, { name: 'B' })]
    const { body } = await put(callId, callOf(number)).expect(202)
    expect(body).toMatchObject({ status: 'failed', activity: null, lastError: { code: 'contact_ambiguous', detail: '2 contacts have the number.' }, contact: { id: null, how: 'ambiguous', candidates: ids } })
    expect(crm.activities).toHaveLength(0)
    expect((await patch(callId, { contactId: ids[1] }).expect(200)).body).toMatchObject({ status: 'delivered', lastError: null, contact: { id: ids[1], how: 'given', candidates: ids } })
    expect(crm.activities).toMatchObject([{ contactId: ids[1] }])
  })

  it('is looked at again with the next change', async () => {
    const { number, callId } = next()
    const [kept] = [addContact(number), addContact(number)]
    await put(callId, callOf(number)).expect(202)
    crm.contacts.pop()
    await test.server.services.database.query({ text: 'DELETE FROM lookups' }, [])
    expect((await put(callId, callOf(number)).expect(200)).body.contact).toMatchObject({ id: kept, how: 'only' })
  })

  it.each([
    ['latest_activity', 'c2'], ['oldest', 'c3'], ['newest', 'c1'], ['first_by_name', 'c4'],
  ])('goes by the rule %s on one record', async (contactChoice, id) => {
    const { number, callId } = next()
    addContact(number, { name: 'Bo', createdAt: '2025-05-01T00:00:00Z' })
    addContact(number, { name: 'Di', createdAt: '2024-05-01T00:00:00Z', lastActivityAt: '2026-01-01T00:00:00Z' })
    addContact(number, { name: 'Cy', createdAt: '2020-05-01T00:00:00+02:00' })
    addContact(number, { name: 'Al', lastActivityAt: '2025-01-01T00:00:00Z' })
    const { body } = await put(callId, callOf(number), await connect({ contactChoice })).expect(201)
    expect(body.contact).toMatchObject({ id, how: 'rule', candidates: expect.arrayContaining(['c1', 'c2', 'c3', 'c4']) })
    expect(crm.activities).toMatchObject([{ contactId: id }])
  })
})

describe('another contact later', () => {
  it('moves the activity, and taking it away looks again', async () => {
    const { number, callId } = next()
    const [owner, other] = [addContact(number), addContact(next().number)]
    await put(callId, callOf(number)).expect(201)
    expect((await patch(callId, { contactId: other }).expect(200)).body.contact).toMatchObject({ id: other, how: 'given' })
    expect(crm.activities).toMatchObject([{ contactId: other }])
    expect((await patch(callId, { contactId: null }).expect(200)).body.contact).toMatchObject({ id: owner, how: 'only' })
    expect(crm.activities).toMatchObject([{ contactId: owner }])
  })
})

describe('a contact that a log asks for', () => {
  it('is made with the name given, found at once, and the call is on it', async () => {
    const { number, callId } = next()
    const { body } = await put(callId, { ...callOf(number), newContact: { name: 'New Person' } }).expect(201)
    expect(crm.contacts).toMatchObject([{ name: 'New Person', phones: [{ number }] }])
    expect(body).toMatchObject({ contact: { id: crm.contacts[0]!.id, how: 'created' } })
    expect(crm.activities).toMatchObject([{ contactId: crm.contacts[0]!.id }])
    const found = await request(test.url).get('/v1/contacts').query({ phone: number }).auth(token, { type: 'bearer' }).expect(200)
    expect(found.body.contacts).toMatchObject([{ name: 'New Person' }])
  })

  it('is named for the caller when no name is given', async () => {
    const { number, callId } = next()
    await put(callId, { ...callOf(number), newContact: {} }).expect(201)
    expect(crm.contacts).toMatchObject([{ name: 'CNAM' }])
  })

  it('can be asked for after the call is in the CRM', async () => {
    const { number, callId } = next()
    await put(callId, callOf(number)).expect(201)
    expect((await patch(callId, { newContact: { name: 'Afterwards' } }).expect(200)).body.contact).toMatchObject({ how: 'created' })
    expect(crm.activities).toMatchObject([{ contactId: crm.contacts[0]!.id }])
    await patch(callId, { note: 'once more' }).expect(200)
    expect(crm.contacts).toHaveLength(1)
  })

  it('is not made when somebody has the number, also since a moment ago', async () => {
    const { number, callId } = next()
    await request(test.url).get('/v1/contacts').query({ phone: number }).auth(token, { type: 'bearer' }).expect(200)
    const id = addContact(number)
    expect((await put(callId, { ...callOf(number), newContact: {} }).expect(201)).body.contact).toMatchObject({ id, how: 'only' })
    expect(crm.contacts).toHaveLength(1)
  })

  it('is refused where logs make none, in PUT and PATCH', async () => {
    const { number, callId } = next()
    const as = await connect({ createContacts: 'off' })
    const refusal = { code: 'invalid_fields', errors: [{ in: 'body', pointer: '/newContact' }] }
    expect((await put(callId, { ...callOf(number), newContact: {} }, as).expect(422)).body).toMatchObject(refusal)
    await put(callId, callOf(number), as).expect(201)
    expect((await patch(callId, { newContact: {} }, as).expect(422)).body).toMatchObject(refusal)
    await patch(callId, { newContact: null }, as).expect(200)
  })

  it('that the CRM refuses fails the log, in the CRM’s words', async () => {
    const { number, callId } = next()
    const as = await connect({}, 'fake-choosy')
    expect((await put(callId, { ...callOf(number), newContact: {} }, as).expect(202)).body)
      .toMatchObject({ status: 'failed', lastError: { code: 'crm_rejected', detail: 'A contact needs a company.' } })
    expect((await patch(callId, { newContact: null }, as).expect(200)).body).toMatchObject({ status: 'delivered', contact: { how: 'nobody' } })
  })
})

describe('contacts made automatically', () => {
  it('are made for new numbers, once, also while the CRM does not show them yet', async () => {
    const { number, callId } = next()
    const as = await connect({ createContacts: 'automatic' }, 'fake-slow-index')
    crm.isIndexLate = true
    const bodies = await Promise.all([1, 2, 3].map(async n => (await put(`${callId}-${String(n)}`, callOf(number), as)).body))
    expect(crm.contacts).toMatchObject([{ name: 'CNAM' }])
    expect(new Set(bodies.map(({ contact: { id } }) => id))).toEqual(new Set([crm.contacts[0]!.id]))
  })

  it('are not made for internal numbers', async () => {
    const as = await connect({ createContacts: 'automatic' })
    expect((await put(next().callId, callOf('205'), as).expect(201)).body.contact).toMatchObject({ how: 'nobody' })
    expect(crm.contacts).toHaveLength(0)
  })

  it('that the CRM refuses leave the call on nobody’s record', async () => {
    const { number, callId } = next()
    const as = await connect({ createContacts: 'automatic' }, 'fake-choosy')
    expect((await put(callId, callOf(number), as).expect(201)).body).toMatchObject({ status: 'delivered', contact: { how: 'nobody' } })
  })
})

describe('an answer that is lost after the CRM has made the contact', () => {
  const lose = async (number: string, callId: string, as: string) => {
    crm.fault = 'reset_after_commit'
    expect((await put(callId, { ...callOf(number), newContact: {} }, as).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_connection_lost' } })
    crm.fault = 'none'
    expect(crm.contacts).toHaveLength(1)
  }

  it('makes no second one: the CRM is asked first', async () => {
    const { number, callId } = next()
    await lose(number, callId, token)
    expect((await put(callId, { ...callOf(number), newContact: {} }).expect(200)).body.contact).toMatchObject({ id: crm.contacts[0]!.id })
    expect(crm.contacts).toHaveLength(1)
  })

  it('waits for a CRM that may not show it yet', async () => {
    const { number, callId } = next()
    const as = await connect({}, 'fake-slow-index')
    crm.isIndexLate = true
    await lose(number, callId, as)
    expect((await put(callId, { ...callOf(number), newContact: {} }, as).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_timeout' } })
    expect(crm.contacts).toHaveLength(1)
    crm.unindexed.clear()
    expect((await put(callId, { ...callOf(number), newContact: {} }, as).expect(200)).body.contact).toMatchObject({ id: crm.contacts[0]!.id })
  })
})

describe('a message log and a callback', () => {
  const message = (number: string, direction: 'inbound' | 'outbound') => {
    const [theirs, ours] = [{ number, name: 'CNAM' }, { number: '+31201234567' }]
    return { id: 'm1', kind: 'sms', direction, from: direction === 'inbound' ? theirs : ours, to: direction === 'inbound' ? ours : theirs, sentAt: '2026-03-01T10:00:00Z', text: 'x' }
  }
  const putTo = (path: string, body: object, as = token) =>
    request(test.url).put(path).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)

  it.each(['inbound', 'outbound'] as const)('goes on the record of the other side of an %s conversation', async direction => {
    const { number, callId } = next()
    const id = addContact(number)
    expect((await putTo(`/v1/message-logs/${callId}/2026-03-01`, { messages: [message(number, direction)] }).expect(201)).body.contact).toMatchObject({ id, how: 'only' })
  })

  it('makes a contact on request, and not where logs make none', async () => {
    const { number, callId } = next()
    const body = { messages: [message(number, 'inbound')], newContact: {} }
    const as = await connect({ createContacts: 'off' })
    expect((await putTo(`/v1/message-logs/${callId}/2026-03-01`, body, as).expect(422)).body).toMatchObject({ code: 'invalid_fields', errors: [{ pointer: '/newContact' }] })
    expect((await putTo(`/v1/message-logs/${callId}/2026-03-01`, body).expect(201)).body.contact).toMatchObject({ how: 'created' })
    expect(crm.contacts).toMatchObject([{ name: 'CNAM' }])
  })

  it('of a number to call back is on its contact’s record', async () => {
    const { number, callId } = next()
    const id = addContact(number)
    expect((await putTo(`/v1/callbacks/${callId}`, { number, dueAt: '2026-03-02T10:00:00Z' }).expect(201)).body.delivery.contact).toMatchObject({ id, how: 'only' })
  })
})

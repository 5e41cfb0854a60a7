import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeMessageMembers } from '../testing/fake-members.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** Of which members the adapter was told that they changed. */
const changes: (readonly string[])[] = []

let crm: FakeCrm
let test: TestServer
let [token, bob, withoutMessages, key, shared] = ['', '', '', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const messaging = fakeAdapter('apiKey', {
    id: 'fake-messaging', ...fakeMessageMembers,
    updateMessageLog(ctx, ref, log, changed) {
      changes.push(changed)
      return fakeMessageMembers.updateMessageLog(ctx, ref, log, changed)
    },
  })
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), messaging] })
  const installation = await test.install('fake-messaging')
  token = await connectAgent(test, installation)
  bob = await connectAgent(test, installation, { user: 'bob' })
  shared = await connectShared(test, installation, { user: 'robot' })
  key = await test.addKey(['log'])
  withoutMessages = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => {
  changes.length = 0
  crm.fault = 'none'
})

const customer = { number: '+31612345678', name: 'Jan de Vries' }
const office = { number: '+31413700700' }
const message = (id: string, sentAt: string, text = `text of ${id}`) =>
  ({ id, kind: 'sms', direction: 'inbound', from: customer, to: office, sentAt, text })
const [first, second] = [message('m1', '2026-03-02T09:15:00Z'), message('m2', '2026-03-02T10:30:00+01:00')]
const day = '/2026-03-02'

const put = (path: string, body: unknown, as = token) =>
  request(test.url).put(`/v1/message-logs/${path}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body as object)
const get = (path: string, as = token) => request(test.url).get(`/v1/message-logs${path}`).auth(as, { type: 'bearer' })
const idsOf = (body: { messages: { id: string }[] }) => body.messages.map(({ id }) => id)
const inCrm = (id: string) => crm.messageLogs.find(each => each.id === id)!

describe('protection', () => {
  it.each([['put', '/v1/message-logs/c1/2026-03-02'], ['get', '/v1/message-logs/c1/2026-03-02'], ['get', '/v1/message-logs']] as const)(
    '%s %s wants a session', async (method, path) => {
      for (const authorization of ['', 'Bearer lfs_wrong', 'Basic YTpi']) {
        const response = await request(test.url)[method](path).set('Authorization', authorization).send(method === 'get' ? undefined : { messages: [first] }).expect(401)
        expect(response.body.code).toBe('unauthenticated')
      }
    })

  it('refuses an API key that may not log', async () => {
    const lookup = await test.addKey(['lookup'])
    expect((await put(`c1${day}`, { messages: [first] }, lookup).set('Linefinder-Connection', shared).expect(403)).body.code).toBe('missing_scope')
  })
})

describe('bad input', () => {
  const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer).sort()

  it.each(['2026-02-30', '2026-3-2', 'today', '2026-03-02T00:00:00Z'])('refuses %s as a day', async wrong => {
    expect(pointers((await put(`b1/${wrong}`, { messages: [first] }).expect(422)).body)).toEqual(['/day'])
  })

  it('names every wrong field by pointer', async () => {
    const wrong = { ...first, kind: 'letter', sentAt: '2026-03-02T09:15:00', attachments: [{ url: 'file:///x' }], mood: 'good' }
    expect(pointers((await put(`b2${day}`, { messages: [first, wrong], notes: 'misspelt' }).expect(422)).body))
      .toEqual(['/messages/1/attachments/0/url', '/messages/1/kind', '/messages/1/mood', '/messages/1/sentAt', '/notes'])
    expect(pointers((await put(`b2${day}`, { messages: [] }).expect(422)).body)).toEqual(['/messages'])
  })

  it.each(['0000-01-01T00:00:00Z', '2026-03-02T09:15:00+23:00'])('refuses %s, which has no place among the others', async sentAt => {
    expect(pointers((await put(`b3${day}`, { messages: [{ ...first, sentAt }] }).expect(422)).body)).toEqual(['/messages/0/sentAt'])
  })

  it('refuses wrong list queries', async () => {
    for (const [query, pointer] of [['limit=51', '/limit'], ['cursor=abc', '/cursor'], ['since=now', '/since'], ['until=2026-02-30', '/until'], ['status=gone', '/status'], ['conversation=', '/conversation']] as const) {
      expect(pointers((await get(`?${query}`).expect(422)).body)).toEqual([pointer])
    }
  })

  it('answers 404 for a day that does not exist', async () => {
    expect((await get(`/never${day}`).expect(404)).body.code).toBe('message_log_not_found')
  })

  it('keeps nothing where the CRM takes no messages', async () => {
    expect((await put(`b4${day}`, { messages: [first] }, withoutMessages).expect(422)).body.code).toBe('crm_unsupported')
    await get(`/b4${day}`, withoutMessages).expect(404)
  })
})

describe('a day of a conversation', () => {
  it('becomes one activity, and is answered with where it is', async () => {
    const { body } = await put(`d1${day}`, { messages: [first], subject: 'Roof', note: 'Likes texting.' }).expect(201)
    expect(body).toMatchObject({
      messages: [first], subject: 'Roof', note: 'Likes texting.', conversationId: 'd1', phoneSystem: 'pbx', day: '2026-03-02',
      status: 'delivered', version: 1, deliveredVersion: 1, lastError: null, activity: { id: expect.any(String) },
    })
    expect(inCrm(body.activity.id)).toMatchObject({ conversationId: 'd1', day: '2026-03-02', messages: [first], subject: 'Roof' })
    expect((await get(`/d1${day}`).expect(200)).body).toEqual(body)
  })

  it('is answered at once, and delivered afterwards, when nobody waits', async () => {
    const { body } = await request(test.url).put(`/v1/message-logs/d2${day}`).auth(token, { type: 'bearer' }).send({ messages: [first] }).expect(202)
    expect(body).toMatchObject({ status: 'pending', activity: null })
    await test.server.services.idle()
    expect((await get(`/d2${day}`).expect(200)).body).toMatchObject({ status: 'delivered' })
  })

  it('takes new messages in beside those that are there, in order of their time', async () => {
    const { body: { activity } } = await put(`d3${day}`, { messages: [first] }).expect(201)
    const { body } = await put(`d3${day}`, { messages: [message('m3', '2026-03-02T09:20:00Z'), second] }).expect(200)
    // m2 was sent at half past nine, one hour ahead of Greenwich.
    expect(idsOf(body)).toEqual(['m1', 'm3', 'm2'])
    expect(body).toMatchObject({ version: 2, deliveredVersion: 2, activity: { id: activity.id } })
    expect(inCrm(activity.id)['messages']).toEqual(body.messages)
    expect(changes).toEqual([['messages']])
  })

  it('orders messages of one moment by their id', async () => {
    const at = '2026-03-02T09:15:00Z'
    const { body } = await put(`d4${day}`, { messages: ['b', 'a', 'B'].map(id => message(id, at)) }).expect(201)
    expect(idsOf(body)).toEqual(['B', 'a', 'b'])
  })

  it('replaces a message that is sent again, also within one request', async () => {
    await put(`d5${day}`, { messages: [first, { ...first, text: 'second thought' }, second] }).expect(201)
    const { body } = await put(`d5${day}`, { messages: [{ ...first, text: 'third thought' }] }).expect(200)
    expect(body.messages).toEqual([{ ...first, text: 'third thought' }, second])
  })

  it('changes nothing when the same is said again', async () => {
    const { body } = await put(`d6${day}`, { messages: [first, second], note: 'n' }).expect(201)
    expect((await put(`d6${day}`, { messages: [second] }).expect(200)).body).toEqual(body)
    expect((await put(`d6${day}`, { messages: [second, first], note: 'n' }).expect(200)).body).toEqual(body)
    expect(changes).toEqual([])
  })

  it('keeps what is not given, and replaces what is', async () => {
    await put(`d7${day}`, { messages: [first], subject: 'Roof', note: 'n', contactId: 'c1' }).expect(201)
    const { body } = await put(`d7${day}`, { messages: [first], note: 'other' }).expect(200)
    expect(body).toMatchObject({ subject: 'Roof', note: 'other', contactId: 'c1', version: 2 })
    expect(changes).toEqual([['note']])
  })

  it('holds at most 2,000 messages', async () => {
    const some = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => message(`m${String(from + n)}`, '2026-03-02T09:15:00Z', 'x'))
    for (const from of [0, 500, 1000, 1500]) await put(`d8${day}`, { messages: some(from, 500) })
    const { body } = await put(`d8${day}`, { messages: some(2000, 1) }).expect(422)
    expect(body).toMatchObject({ code: 'invalid_fields', errors: [{ in: 'body', pointer: '/messages' }] })
    await put(`d8${day}`, { messages: some(1999, 1) }).expect(200)
    expect((await get(`/d8${day}`).expect(200)).body.messages).toHaveLength(2000)
  })

  it('is a log of its own on every day, in every conversation and every phone system', async () => {
    const answers = [
      await put('d9/2026-03-01', { messages: [first] }), await put('d9/2026-03-02', { messages: [first] }),
      await put('d10/2026-03-02', { messages: [first] }), await put('d9/2026-03-02?phone_system=fax', { messages: [first] }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => String(body.activity.id))).size).toBe(4)
  })

  it('is not confused with a call or a callback of the same id', async () => {
    const call = { direction: 'inbound', from: customer, to: office, startedAt: '2026-03-02T09:15:00Z' }
    await request(test.url).put('/v1/call-logs/d11?leg=2026-03-02').auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send(call).expect(201)
    await get(`/d11${day}`).expect(404)
    await put(`d11${day}`, { messages: [first] }).expect(201)
  })
})

describe('a day whose content has been deleted', () => {
  it('answers 410, is not listed, and begins anew with the same activity', async () => {
    const { body: { activity } } = await put(`x1${day}`, { messages: [first], note: 'n' }).expect(201)
    await test.server.services.database.sequelize.query(`UPDATE ledger SET updated_at = now() - interval '31 days' WHERE key = 'x1'`)
    expect(await test.server.services.retention.run({ days: 30, tenantId: null, includesFailed: false })).toBe(1)
    expect((await get(`/x1${day}`).expect(410)).body.code).toBe('content_deleted')
    expect((await get('?conversation=x1').expect(200)).body.items).toEqual([])
    const { body } = await put(`x1${day}`, { messages: [second] }).expect(200)
    expect(body).toMatchObject({ messages: [second], activity: { id: activity.id }, status: 'delivered' })
    expect(body).not.toHaveProperty('note')
  })
})

describe('a failing CRM', () => {
  it('gets one activity when it took the first one and answered nothing', async () => {
    crm.fault = 'reset_after_commit'
    expect((await put(`f1${day}`, { messages: [first] }).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_connection_lost' } })
    crm.fault = 'none'
    const { body } = await put(`f1${day}`, { messages: [second] }).expect(200)
    expect(crm.messageLogs.filter(({ conversationId }) => conversationId === 'f1')).toEqual([expect.objectContaining({ id: body.activity.id, messages: [first, second] })])
  })
})

describe('whose it is', () => {
  it('stays the agent’s who was first', async () => {
    await put(`o1${day}`, { messages: [first] }).expect(201)
    for (const response of [await put(`o1${day}`, { messages: [second] }, bob), await get(`/o1${day}`, bob), await put(`o1${day}?phone_system=pbx`, { messages: [second] }, key).set('Linefinder-Connection', shared)]) {
      expect({ status: response.status, code: response.body.code }).toEqual({ status: 409, code: 'owned_by_other' })
    }
    expect((await get(`/o1${day}`).expect(200)).body).toMatchObject({ version: 1, messages: [first] })
    expect((await get('?conversation=o1', bob).expect(200)).body.items).toEqual([])
  })

  it('becomes an agent’s who adds to what was logged without one', async () => {
    const { body: headless } = await put(`o2${day}?phone_system=pbx`, { messages: [first] }, key).set('Linefinder-Connection', shared).expect(201)
    expect((await put(`o2${day}`, { messages: [second] }, bob).expect(200)).body).toMatchObject({ messages: [first, second], activity: { id: headless.activity.id } })
    await get(`/o2${day}`).expect(409)
  })

  it('is not seen from another CRM account', async () => {
    const other = await connectAgent(test, await test.install('fake-messaging'))
    await put(`o3${day}`, { messages: [first] }).expect(201)
    await get(`/o3${day}`, other).expect(404)
  })
})

describe('listing', () => {
  let agent: string
  beforeAll(async () => {
    agent = await connectAgent(test, await test.install('fake-messaging'))
    for (const path of ['l1/2026-03-01', 'l1/2026-03-03', 'l2/2026-03-02', 'l2/2026-03-04']) await put(path, { messages: [first] }, agent).expect(201)
  })

  const list = async (query: string) => {
    const { body } = await get(`?${query}`, agent).expect(200)
    return { days: body.items.map((item: { conversationId: string; day: string }) => `${item.conversationId} ${item.day.slice(-2)}`) as string[], nextCursor: body.nextCursor as string | null }
  }

  it('pages through all of them, latest day first', async () => {
    const page = await list('limit=3')
    expect(page.days).toEqual(['l2 04', 'l1 03', 'l2 02'])
    expect(await list(`limit=3&cursor=${page.nextCursor!}`)).toEqual({ days: ['l1 01'], nextCursor: null })
  })

  it('selects by conversation, day, phone system and state', async () => {
    expect((await list('conversation=l1')).days).toEqual(['l1 03', 'l1 01'])
    expect((await list('since=2026-03-02&until=2026-03-04')).days).toEqual(['l1 03', 'l2 02'])
    expect((await list('phone_system=other')).days).toEqual([])
    expect((await list('status=failed')).days).toEqual([])
    expect((await list('status=delivered')).days).toHaveLength(4)
  })
})

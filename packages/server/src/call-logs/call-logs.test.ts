import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** What `updateCallLog` of the adapter `fake-recording` was told. */
const updates: { changed: readonly string[]; note: string | undefined }[] = []

let crm: FakeCrm
let test: TestServer
let token: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  const recording = fakeAdapter('apiKey', {
    id: 'fake-recording',
    async updateCallLog(_ctx, _ref, log, changed) { updates.push({ changed, note: log.note }) },
    async getCallLog(_ctx, ref) { return { ref, note: 'as the CRM has it' } },
  })
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), recording] })
  token = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => { updates.length = 0 })

const call = {
  direction: 'inbound', from: { number: '+31413741741', name: 'Caller' }, to: { number: '+31201234567', extension: '205' },
  startedAt: '2026-03-01T10:00:00Z', durationSeconds: 62, result: 'answered', subject: 'Call', note: 'first',
}

const put = (callId: string, body: unknown, as = token) =>
  request(test.url).put(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body as object)
const patch = (callId: string, body: unknown, as = token) =>
  request(test.url).patch(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body as object)
const get = (path: string, as = token) => request(test.url).get(`/v1/call-logs${path}`).auth(as, { type: 'bearer' })

const activitiesOf = (externalId: string) => crm.activities.filter(each => each.externalId === externalId)
const activityOf = (id: string) => crm.activities.find(each => each.id === id)

describe('protection', () => {
  it.each([['put', '/v1/call-logs/p1'], ['patch', '/v1/call-logs/p1'], ['get', '/v1/call-logs/p1'], ['get', '/v1/call-logs']] as const)(
    '%s %s wants a session', async (method, path) => {
      for (const authorization of ['', 'Bearer lfs_wrong', 'Basic YTpi']) {
        const response = await request(test.url)[method](path).set('Authorization', authorization).send(method === 'get' ? undefined : call).expect(401)
        expect(response.headers['www-authenticate']).toMatch(/^Bearer /)
        expect(response.body.code).toBe('unauthenticated')
      }
    })

  it('refuses a session that has expired', async () => {
    const expired = await connectAgent(test, await test.install('fake-apikey'))
    await test.server.services.database.sequelize.query(`UPDATE sessions SET expires_at = now() - interval '1 second'
      WHERE connection_id = (SELECT connection_id FROM sessions ORDER BY created_at DESC LIMIT 1)`)
    expect((await get('', expired).expect(401)).body.code).toBe('session_expired')
  })

  it('refuses everyone of an installation that is switched off', async () => {
    const installation = await test.install('fake-apikey')
    const agent = await connectAgent(test, installation)
    await test.server.services.models.installations.update({ enabled: false }, { where: { id: installation } })
    expect((await put('off', call, agent).expect(403)).body.code).toBe('installation_disabled')
  })
})

describe('bad input', () => {
  const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer).sort()

  it('answers 400 to malformed JSON and 413 to more than 1 MiB', async () => {
    const send = (text: string) => request(test.url).put('/v1/call-logs/b1').auth(token, { type: 'bearer' }).type('json').send(text)
    expect((await send('{"direction":').expect(400)).body.code).toBe('invalid_json')
    expect((await send(JSON.stringify({ ...call, note: 'x'.repeat(1024 * 1024) })).expect(413)).body.code).toBe('body_too_large')
  })

  it('names every wrong field by pointer', async () => {
    const wrong = { ...call, direction: 'sideways', from: {}, startedAt: 'yesterday', durationSeconds: 1.5, recordingUrl: 'file:///x', notes: 'misspelt' }
    const { body } = await put('b2', wrong).expect(422)
    expect(body.code).toBe('invalid_fields')
    expect(pointers(body)).toEqual(['/direction', '/durationSeconds', '/from/number', '/notes', '/recordingUrl', '/startedAt'])
  })

  it('refuses characters that cannot be stored', async () => {
    expect(pointers((await put('b3', { ...call, note: 'a\u0000b' }).expect(422)).body)).toEqual(['/note'])
    expect(pointers((await put('b%00', call).expect(422)).body)).toEqual(['/callId'])
  })

  it('refuses a call id that is too long, and a patch of nothing or of null where a value must be', async () => {
    await put('x'.repeat(256), call).expect(422)
    await patch('b4', {}).expect(422)
    expect(pointers((await patch('b4', { direction: null }).expect(422)).body)).toEqual(['/direction'])
  })

  it('refuses wrong list queries', async () => {
    for (const [query, pointer] of [['limit=0', '/limit'], ['cursor=abc', '/cursor'], ['cursor=WyJ4IiwieSJd', '/cursor'], ['since=now', '/since'], ['status=gone', '/status'], ['ids=', '/ids']]) {
      expect(pointers((await get(`?${query!}`).expect(422)).body)).toEqual([pointer])
    }
  })

  it('answers 404 for a log that does not exist', async () => {
    expect((await get('/never').expect(404)).body.code).toBe('call_log_not_found')
    expect((await patch('never', { note: 'x' }).expect(404)).body.code).toBe('call_log_not_found')
  })
})

describe('saying what the CRM shall know', () => {
  it('creates the activity and answers 201 with where it is', async () => {
    const { body } = await put('c1', call).expect(201)
    expect(body).toMatchObject({
      ...call, callId: 'c1', phoneSystem: 'pbx', leg: '', status: 'delivered', version: 1, deliveredVersion: 1, lastError: null,
    })
    expect(body.activity.url).toBe(`http://${crm.host}/activities/${String(body.activity.id)}`)
    expect(activityOf(body.activity.id)).toMatchObject({ note: 'first', user: 'u1' })
    expect((await get('/c1').expect(200)).body).toEqual(body)
  })

  it('changes nothing when told the same again', async () => {
    const { body: first } = await put('c2', call).expect(201)
    const before = crm.counts.updates
    const { body } = await put('c2', { ...call, from: { name: 'Caller', number: '+31413741741' } }).expect(200)
    expect(body).toEqual(first)
    expect(crm.counts.updates).toBe(before)
  })

  it('tells the CRM only what changed, so that what people edit there stays', async () => {
    const { body } = await put('c3', call).expect(201)
    const activity = activityOf(body.activity.id)!
    activity.subject = 'edited by hand'
    expect((await put('c3', { ...call, note: 'second' }).expect(200)).body).toMatchObject({ version: 2, deliveredVersion: 2, status: 'delivered' })
    expect(activity).toMatchObject({ note: 'second', subject: 'edited by hand' })
  })

  it('adds a note by PATCH and leaves the rest', async () => {
    const { note: _note, ...withoutNote } = call
    const { body: { activity } } = await put('c4', withoutNote).expect(201)
    const { body } = await patch('c4', { note: 'added', to: { number: '+31200000000' } }).expect(200)
    expect(body).toMatchObject({ ...withoutNote, to: { number: '+31200000000' }, note: 'added', version: 2 })
    expect(body.to).not.toHaveProperty('extension')
    expect(activityOf(activity.id)).toMatchObject({ note: 'added', subject: 'Call' })
  })

  it('removes by null, and says so to the adapter', async () => {
    const agent = await connectAgent(test, await test.install('fake-recording'))
    await put('c5', call, agent).expect(201)
    const { body } = await patch('c5', { note: null, durationSeconds: 63 }, agent).expect(200)
    expect(body).not.toHaveProperty('note')
    expect(updates).toEqual([{ changed: expect.arrayContaining(['note', 'durationSeconds']), note: undefined }])
    expect(updates[0]?.changed).toHaveLength(2)
  })

  it('keeps the logs of two legs and of two phone systems apart', async () => {
    const { body: one } = await put('c6', call).expect(201)
    const { body: two } = await put('c6?leg=b', call).expect(201)
    const { body: three } = await put('c6?phone_system=other', call).expect(201)
    expect(new Set([one, two, three].map(({ activity }) => activity.id)).size).toBe(3)
    expect((await get('/c6?leg=b').expect(200)).body).toEqual(two)
  })

  it('delivers concurrent changes of one log, and none is lost', async () => {
    await put('c7', call).expect(201)
    const fields = [{ note: 'n' }, { subject: 's' }, { disposition: 'd' }, { durationSeconds: 7 }, { contactId: 'c' }]
    await Promise.all(fields.map(field => patch('c7', field).expect(200)))
    expect((await get('/c7').expect(200)).body).toMatchObject({ ...Object.assign({}, ...fields), version: 6 })
    await test.server.services.idle()
    expect((await get('/c7').expect(200)).body).toMatchObject({ status: 'delivered', deliveredVersion: 6 })
  })

  it('makes one activity of many identical requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => put('c8', call)))
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201])
    expect(new Set(answers.map(({ body }) => body.activity.id)).size).toBe(1)
    expect(activitiesOf(activityOf(answers[0]!.body.activity.id)!.externalId)).toHaveLength(1)
  })
})

describe('reading back from the CRM', () => {
  it('adds what the CRM holds now', async () => {
    const agent = await connectAgent(test, await test.install('fake-recording'))
    const { body: { activity } } = await put('r1', call, agent).expect(201)
    const { body } = await get('/r1?include=activity', agent).expect(200)
    expect(body.crmActivity).toEqual({ ref: { id: activity.id }, note: 'as the CRM has it' })
  })

  it('says so where the adapter cannot', async () => {
    await put('r2', call).expect(201)
    expect((await get('/r2?include=activity').expect(422)).body.code).toBe('crm_unsupported')
  })
})

describe('listing', () => {
  const at = (hour: number) => ({ ...call, startedAt: `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z` })
  let agent: string
  beforeAll(async () => {
    agent = await connectAgent(test, await test.install('fake-apikey'))
    for (const [id, hour] of [['l1', 9], ['l2', 11], ['l3', 10], ['l4', 10], ['l5', 12]] as const) await put(id, at(hour), agent).expect(201)
  })

  const list = async (query: string) => {
    const { body } = await get(`?${query}`, agent).expect(200)
    return { ids: body.items.map(({ callId }: { callId: string }) => callId) as string[], nextCursor: body.nextCursor as string | null }
  }

  it('pages through all of them, latest call first', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await list(`limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.ids.length).toBeLessThanOrEqual(2)
      seen.push(...page.ids)
      cursor = page.nextCursor
    }
    expect([seen.slice(0, 2), seen.slice(2, 4).sort(), seen.slice(4)]).toEqual([['l5', 'l2'], ['l3', 'l4'], ['l1']])
  })

  it('selects by ids, leaving unknown ones out', async () => {
    expect(await list('ids=l1,unknown,l5')).toEqual({ ids: ['l5', 'l1'], nextCursor: null })
  })

  it('selects by time, phone system and state', async () => {
    expect((await list('since=2026-03-02T11:00:00%2B01:00&until=2026-03-02T12:00:00Z')).ids.slice(0, 1)).toEqual(['l2'])
    expect((await list('since=2026-03-02T11:00:00Z&until=2026-03-02T12:00:00Z')).ids).toEqual(['l2'])
    expect((await list('phone_system=other')).ids).toEqual([])
    expect((await list('status=failed')).ids).toEqual([])
    expect((await list('status=delivered')).ids).toHaveLength(5)
  })
})

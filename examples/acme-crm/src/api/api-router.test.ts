import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import { callApi, connect, testClient, type ApiCall } from '../testing/acme-client.js'

let acme: Acme
let token: string
let readOnlyToken: string
let bensToken: string

interface Item {
  readonly id: string
  readonly [field: string]: unknown
}

interface List {
  readonly items: Item[]
  readonly next_cursor: string | null
}

beforeAll(async () => {
  acme = await startAcme({ seedPeople: 40, oauthClients: [testClient] })
  token = (await connect(acme.url)).access_token
  readOnlyToken = (await connect(acme.url, { scope: 'crm.read' })).access_token
  bensToken = (await connect(acme.url, { email: 'ben@acme.test' })).access_token
})
afterAll(() => acme.stop())

const call = <Body = Item>(path: string, options?: ApiCall) => callApi<Body>(acme.url, token, path, options)
const post = (path: string, body: unknown, headers?: Record<string, string>) =>
  call(path, { method: 'POST', body, ...(headers && { headers }) })
const idsFor = async (path: string) => (await call<List>(path)).body.items.map(({ id }) => id)

describe('every endpoint', () => {
  it('is protected', async () => {
    for (const path of ['/users/me', '/users', '/people', '/companies', '/activities', '/search?q=jan', '/nothing']) {
      const answer = await fetch(`${acme.url}/api/v1${path}`)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_token' } })
    }
  })

  it('lets a token with crm.read read but not write', async () => {
    expect((await callApi(acme.url, readOnlyToken, '/people')).status).toBe(200)
    const answer = await callApi(acme.url, readOnlyToken, '/people', { method: 'POST', body: { name: 'Nobody' } })
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'insufficient_scope' } } })
  })

  it('echoes the request id', async () => {
    const answer = await call('/users/me', { headers: { 'x-request-id': 'call-42' } })
    expect(answer.headers.get('x-request-id')).toBe('call-42')
  })

  it('answers broken JSON and unknown records with an error of its own', async () => {
    const broken = await fetch(`${acme.url}/api/v1/people`, {
      method: 'POST', body: '{', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ error: { code: 'invalid_request' } })
    expect(await call('/people/p_0')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
  })
})

it('says who the user is and who works here', async () => {
  expect((await call('/users/me')).body).toEqual({
    id: 'u_1', name: 'Ann de Wit', email: 'ann@acme.test', timezone: 'Europe/Amsterdam',
    account: { id: 'acme-nl', name: 'Acme Nederland BV' },
  })
  expect((await call<List>('/users')).body.items).toContainEqual(
    { id: 'u_2', name: 'Ben Okafor', email: 'ben@acme.test', extension: '202' },
  )
})

it('lists who works here page by page', async () => {
  const first = await call<List>('/users?limit=2')
  const second = await call<List>(`/users?limit=2&cursor=${String(first.body.next_cursor)}`)
  expect([first, second].map(({ body }) => body.items.map(({ id }) => id))).toEqual([['u_1', 'u_2'], ['u_3']])
  expect(second.body.next_cursor).toBeNull()
  expect((await call('/users?cursor=x')).status).toBe(422)
})

describe('people', () => {
  it('begin with Jan de Vries', async () => {
    expect((await call('/people/p_1001')).body).toMatchObject({
      id: 'p_1001', first_name: 'Jan', last_name: 'de Vries', name: 'Jan de Vries', company_name: 'De Vries Bouw BV',
      phones: [{ label: 'work', number: '(0413) 741-741' }, { label: 'mobile', number: '06-12 34 56 78' }],
    })
  })

  it('are found by exactly the digits that were typed', async () => {
    for (const phone of ['0413741741', '0413-741741', '(0413) 741-741', '06 1234 5678']) {
      expect(await idsFor(`/people?phone=${encodeURIComponent(phone)}`)).toEqual(['p_1001'])
    }
    for (const phone of ['31413741741', '+31413741741', '413741741', '741741', '%', '']) {
      expect(await idsFor(`/people?phone=${encodeURIComponent(phone)}`)).toEqual([])
    }
  })

  it('are found by a part of their name in any case', async () => {
    expect(await idsFor('/people?name=DE%20VRIES')).toContain('p_1001')
    expect(await idsFor('/people?name=100%25')).toEqual([])
  })

  it('are found again by the number they were created with, until they are deleted', async () => {
    const created = await post('/people', { name: 'Saïd El Amrani', phones: [{ label: 'mobile', number: '+31 (0)6 99 88 77 66' }] })
    expect(created).toMatchObject({ status: 201, body: { first_name: 'Saïd', last_name: 'El Amrani' } })
    expect(await idsFor('/people?phone=310699887766')).toEqual([created.body.id])
    expect((await call(`/people/${created.body.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await idsFor('/people?phone=310699887766')).toEqual([])
    expect((await call(`/people/${created.body.id}`)).status).toBe(404)
  })

  it('change only in the fields that are sent', async () => {
    const { body } = await post('/people', { first_name: 'Kim', phones: [{ number: '0800 1' }] })
    const changed = await call(`/people/${body.id}`, { method: 'PATCH', body: { title: 'Buyer' } })
    expect(changed.body).toMatchObject({ first_name: 'Kim', title: 'Buyer', phones: [{ label: 'work', number: '0800 1' }] })
  })

  it('need a name or a phone, and a company that exists', async () => {
    expect(await post('/people', { email: 'x@y.example' })).toMatchObject({
      status: 422, body: { error: { code: 'validation_failed', field: 'name' } },
    })
    expect(await post('/people', { name: 'X', phones: [{ label: 'work' }] })).toMatchObject({
      status: 422, body: { error: { field: 'phones.0.number' } },
    })
    expect(await post('/people', { name: 'X', company_id: 'c_0' })).toMatchObject({ status: 422, body: { error: { field: 'company_id' } } })
  })

  it('come page by page, each once', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: { body: List } = await call<List>(`/people?limit=7${cursor && `&cursor=${cursor}`}`)
      expect(body.items.length).toBeLessThanOrEqual(7)
      seen.push(...body.items.map(({ id }) => id))
      cursor = body.next_cursor
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(40)
    expect((await call('/people?cursor=nonsense')).status).toBe(422)
    expect((await call('/people?limit=501')).status).toBe(422)
  })

  it('tell what changed since, and who was deleted', async () => {
    const { body: kept } = await post('/people', { name: 'Stays Here' })
    const { body: gone } = await post('/people', { name: 'Goes Away' })
    await call(`/people/${gone.id}`, { method: 'DELETE' })
    const { items } = (await call<List>(`/people?updated_since=${String(kept['updated_at'])}`)).body
    expect(items.map(({ id }) => id)).toEqual([kept.id, gone.id])
    expect(Object.keys(items[1]!)).toEqual(['id', 'deleted_at', 'updated_at'])
  })

  it('have notes', async () => {
    expect((await post('/people/p_1001/notes', { body: 'Called about the roof' })).status).toBe(201)
    const notes = (await call<List>('/people/p_1001/notes')).body.items
    expect(notes.at(-1)).toMatchObject({ body: 'Called about the roof', user_id: 'u_1', person_id: 'p_1001' })
  })
})

it('finds people and companies by name', async () => {
  const company = await post('/companies', { name: 'Zeppelin Werf', phones: [{ label: 'main', number: '0800-2222' }] })
  expect((await call(`/companies/${company.body.id}`)).body).toMatchObject({ name: 'Zeppelin Werf', phones: [{ label: 'main', number: '0800-2222' }] })
  const { body } = await call<{ people: Item[]; companies: Item[] }>('/search?q=vries')
  expect(body.people.map(({ id }) => id)).toContain('p_1001')
  expect(body.companies.map(({ name }) => name)).toContain('De Vries Bouw BV')
})

describe('activities', () => {
  const callLog = {
    type: 'call', person_id: 'p_1001', subject: 'Inbound call', direction: 'inbound', from_number: '+31413741741',
    started_at: '2026-01-05T10:00:00.000Z', duration_seconds: 61, result: 'answered', external_id: 'lf-1',
  }

  it('are created, changed and deleted', async () => {
    const created = await post('/activities', callLog)
    expect(created).toMatchObject({ status: 201, body: { ...callLog, user_id: 'u_1', disposition: null } })
    const path = `/activities/${created.body.id}`
    const changed = await call(path, { method: 'PATCH', body: { disposition: 'Sale', body: 'Wants a quote' } })
    expect(changed.body).toMatchObject({ disposition: 'Sale', body: 'Wants a quote', duration_seconds: 61 })
    expect((await call('/people/p_1001')).body['last_activity_at']).toBe(callLog.started_at)
    expect((await call(path, { method: 'DELETE' })).status).toBe(204)
    expect((await call(path)).status).toBe(404)
  })

  it('show a double: the same external id makes a second activity', async () => {
    await post('/activities', { ...callLog, external_id: 'lf-double' })
    await post('/activities', { ...callLog, external_id: 'lf-double' })
    expect(await idsFor('/activities?external_id=lf-double')).toHaveLength(2)
  })

  it('are created once for one idempotency key of one user', async () => {
    const first = await post('/activities', { ...callLog, external_id: 'lf-once' }, { 'idempotency-key': 'key-1' })
    const again = await post('/activities', { ...callLog, external_id: 'lf-once', subject: 'Again' }, { 'idempotency-key': 'key-1' })
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(first.body)
    const bens = await callApi(acme.url, bensToken, '/activities', {
      method: 'POST', body: { ...callLog, external_id: 'lf-once' }, headers: { 'idempotency-key': 'key-1' },
    })
    expect(bens.status).toBe(201)
  })

  it('are created once for two requests at the same time', async () => {
    const answers = await Promise.all([1, 2].map(() => post('/activities', callLog, { 'idempotency-key': 'key-2' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
  })

  it('are listed by person and by when they were made', async () => {
    const { body } = await post('/activities', { ...callLog, external_id: 'lf-since' })
    expect(await idsFor(`/activities?person_id=p_1001&since=${String(body['created_at'])}`)).toContain(body.id)
    expect(await idsFor('/activities?since=2999-01-01T00:00:00Z')).toEqual([])
  })

  it('are tasks with a time by which they are due, open until they are done or cancelled', async () => {
    const { body } = await post('/activities', { type: 'task', person_id: 'p_1001', subject: 'Call back', due_at: '2026-03-02T09:15:00+01:00' })
    expect(body).toMatchObject({ type: 'task', due_at: '2026-03-02T08:15:00.000Z', status: 'open' })
    const { body: done } = await call(`/activities/${body.id}`, { method: 'PATCH', body: { status: 'done' } })
    expect(done).toMatchObject({ due_at: '2026-03-02T08:15:00.000Z', status: 'done' })
    expect((await call(`/activities/${body.id}`, { method: 'PATCH', body: { status: 'late' } })).status).toBe(422)
    expect((await post('/activities', { type: 'call' })).body).toMatchObject({ due_at: null, status: null })
  })

  it('take the text of a whole day of messages', async () => {
    const text = 'x'.repeat(500_000)
    expect(await post('/activities', { type: 'sms', body: text })).toMatchObject({ status: 201, body: { body: text } })
  })

  it('need a known type, person and user', async () => {
    expect(await post('/activities', { ...callLog, type: 'dance' })).toMatchObject({ status: 422, body: { error: { field: 'type' } } })
    expect(await post('/activities', { ...callLog, person_id: 'p_0' })).toMatchObject({ status: 422, body: { error: { field: 'person_id' } } })
    expect(await post('/activities', { ...callLog, user_id: 'u_0' })).toMatchObject({ status: 422, body: { error: { field: 'user_id' } } })
  })
})

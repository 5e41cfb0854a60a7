import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import { callApi, connect, control, testClient, type ApiCall } from '../testing/acme-client.js'

let acme: Acme
let token: string

interface Item {
  readonly id: string
  readonly [field: string]: unknown
}

interface List {
  readonly items: Item[]
  readonly next_cursor: string | null
}

beforeAll(async () => {
  acme = await startAcme({ seedPeople: 3, oauthClients: [testClient] })
  token = (await connect(acme.url)).access_token
})
afterAll(() => acme.stop())
afterEach(() => control(acme.url, 'PUT', 'switches', {}))

const call = <Body = Item>(path: string, options?: ApiCall) => callApi<Body>(acme.url, token, path, options)
const create = async (body: unknown) => (await call('/people', { method: 'POST', body })).body
const patch = (id: string, body: unknown, headers?: Record<string, string>) =>
  call(`/people/${id}`, { method: 'PATCH', body, ...(headers && { headers }) })
const idsFor = async (path: string) => (await call<List>(path)).body.items.map(({ id }) => id)

describe('a person’s ETag', () => {
  const etagOf = async (id: string) => (await call(`/people/${id}`)).headers.get('etag')

  it('stays while nothing changes and is another after every change', async () => {
    const { id } = await create({ name: 'Ida' })
    const first = await etagOf(id)
    expect(first).toMatch(/^"[\w-]{43}"$/)
    expect(await etagOf(id)).toBe(first)
    const changed = await patch(id, { title: 'Buyer' })
    expect(changed.headers.get('etag')).not.toBe(first)
    expect(await etagOf(id)).toBe(changed.headers.get('etag'))
  })

  it('lets a change through that names the version at hand, and any change that names none', async () => {
    const { id } = await create({ name: 'Kim' })
    expect((await patch(id, { title: 'Buyer' }, { 'if-match': (await etagOf(id))! })).status).toBe(200)
    expect((await patch(id, { title: 'Owner' }, { 'if-match': '*' })).status).toBe(200)
    expect((await patch(id, { title: 'Planner' })).status).toBe(200)
  })

  it('keeps a change out that was made of an older version', async () => {
    const { id } = await create({ name: 'Lou' })
    const old = (await etagOf(id))!
    await patch(id, { title: 'Buyer' })
    expect(await patch(id, { title: 'Owner' }, { 'if-match': old })).toMatchObject({ status: 412, body: { error: { code: 'precondition_failed' } } })
    expect((await call(`/people/${id}`)).body['title']).toBe('Buyer')
  })

  it('lets one of two changes of the same version through', async () => {
    const { id } = await create({ name: 'Max' })
    const etag = (await etagOf(id))!
    const answers = await Promise.all(['Buyer', 'Owner'].map(title => patch(id, { title }, { 'if-match': etag })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })
})

it('loses neither of two changes to different fields at the same time', async () => {
  const { id } = await create({ name: 'Both' })
  await Promise.all([patch(id, { title: 'Buyer' }), patch(id, { email: 'both@mail.example' })])
  expect((await call(`/people/${id}`)).body).toMatchObject({ title: 'Buyer', email: 'both@mail.example' })
})

describe('pages of people', () => {
  it('leave nobody out who changes, comes or shares a time of change with others meanwhile', async () => {
    const names = Array.from({ length: 30 }, (_, index) => ({ id: `p_page${index}`, name: `Page ${index}` }))
    await control(acme.url, 'PUT', 'people', names)
    const seen: string[] = []
    const late: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: { body: List } = await call<List>(`/people?limit=8${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map(({ id }) => id))
      cursor = body.next_cursor
      if (late.length < 3) {
        // One that was listed, one that was not, and one that was not there.
        await patch(seen[late.length]!, { title: 'Changed' })
        await patch(`p_page${9 - late.length}`, { title: 'Changed' })
        late.push((await create({ name: `Late ${late.length}` })).id)
      }
    }
    expect(seen).toEqual(expect.arrayContaining(['p_1001', 'p_1002', 'p_1003', ...names.map(({ id }) => id), ...late]))
  })
})

describe('an index that lags', () => {
  it('has a new person neither in the list nor in a search, though the record is there', async () => {
    await control(acme.url, 'PUT', 'switches', { index_lag_ms: 60_000 })
    const { id } = await create({ name: 'Zofia Nowak', phones: [{ number: '0800 4321' }] })
    expect((await call(`/people/${id}`)).status).toBe(200)
    expect(await idsFor('/people?phone=08004321')).toEqual([])
    expect(await idsFor('/people?name=zofia')).toEqual([])
    expect(await idsFor('/people?limit=500')).not.toContain(id)
    expect((await call<{ people: Item[] }>('/search?q=zofia')).body.people).toEqual([])
    expect(await idsFor('/people?phone=0413741741')).toEqual(['p_1001'])

    await control(acme.url, 'PUT', 'switches', {})
    expect(await idsFor('/people?phone=08004321')).toEqual([id])
    expect((await call<{ people: Item[] }>('/search?q=zofia')).body.people).toMatchObject([{ id }])
  })
})

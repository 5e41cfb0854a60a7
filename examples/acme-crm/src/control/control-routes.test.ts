import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import { callApi, connect, control, refresh, revoke, testClient, type Tokens } from '../testing/acme-client.js'

let acme: Acme
let token: string

interface List {
  readonly items: { readonly id: string | null }[]
  readonly next_cursor: string | null
}

beforeAll(async () => {
  acme = await startAcme({ seedPeople: 3, oauthClients: [testClient] })
  token = (await connect(acme.url)).access_token
})
afterAll(() => acme.stop())
afterEach(() => setSwitches({}))

const setSwitches = (switches: Record<string, unknown>) => control(acme.url, 'PUT', 'switches', switches)
const me = () => callApi(acme.url, token, '/users/me')

describe('the switches', () => {
  it('say what they are set to, the rest at its default', async () => {
    await setSwitches({ mode: 'error', times: 2 })
    expect((await control(acme.url, 'GET', 'switches')).body).toEqual({
      latency_ms: 0, mode: 'error', times: 2, access_token_ttl_seconds: 3600, index_lag_ms: 0,
      activity_lag_ms: 0, ignores_idempotency_keys: false,
    })
    expect((await setSwitches({ mode: 'on fire' })).status).toBe(422)
  })

  it('answer 429 with Retry-After', async () => {
    await setSwitches({ mode: 'rate_limited', retry_after_seconds: 17 })
    const answer = await me()
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('17')
  })

  it('answer 500 so many times, then as usual', async () => {
    await setSwitches({ mode: 'error', times: 2 })
    expect([(await me()).status, (await me()).status, (await me()).status]).toEqual([500, 500, 200])
  })

  it('leave other paths alone', async () => {
    await setSwitches({ mode: 'error', only: ['/api/v1/activities'] })
    expect((await me()).status).toBe(200)
    expect((await callApi(acme.url, token, '/activities')).status).toBe(500)
  })

  it('cut the line without an answer', async () => {
    await setSwitches({ mode: 'down' })
    await expect(me()).rejects.toThrow('fetch failed')
  })

  it('let the caller wait until it leaves', async () => {
    await setSwitches({ mode: 'hang' })
    const answer = fetch(`${acme.url}/api/v1/users/me`, { signal: AbortSignal.timeout(50) })
    await expect(answer).rejects.toThrow(/timeout/)
  })

  it('answer late', async () => {
    await setSwitches({ latency_ms: 60 })
    const before = performance.now()
    expect((await me()).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(55)
  })

  it('answer with broken JSON and with a web page', async () => {
    await setSwitches({ mode: 'garbage', times: 1 })
    await expect(me()).rejects.toThrow(/JSON/)
    await setSwitches({ mode: 'html' })
    expect((await me()).headers.get('content-type')).toContain('text/html')
  })

  it('do the work and cut the line before the answer', async () => {
    await setSwitches({ mode: 'reset_after_commit', only: ['/api/v1/activities'], times: 1 })
    const lost = callApi(acme.url, token, '/activities', { method: 'POST', body: { type: 'call', external_id: 'lost' } })
    await expect(lost).rejects.toThrow('fetch failed')
    expect((await callApi<{ items: unknown[] }>(acme.url, token, '/activities?external_id=lost')).body.items).toHaveLength(1)
  })

  it('name the cursor that was given as the next one, again and again', async () => {
    await setSwitches({ mode: 'repeat_cursor' })
    const page = async (cursor?: string) => (await callApi<List>(acme.url, token, `/people?limit=1${cursor ? `&cursor=${cursor}` : ''}`)).body
    const first = await page()
    const second = await page(first.next_cursor!)
    expect(second.next_cursor).toBe(first.next_cursor)
    expect(await page(second.next_cursor!)).toEqual(second)
    expect(second.items[0]).not.toEqual(first.items[0])
  })

  it('put an item into a list that is none, and leave what is no list alone', async () => {
    await setSwitches({ mode: 'malformed_page' })
    const { body } = await callApi<List>(acme.url, token, '/people')
    expect(body.items.map(({ id }) => id)).toEqual(['p_1001', 'p_1002', null])
    expect((await callApi<List>(acme.url, token, '/people?name=nobody')).body.items).toEqual([{ id: null }])
    expect((await me()).body).toMatchObject({ id: 'u_1' })
  })

  it('reach the token endpoint only when told to', async () => {
    const tokens = await connect(acme.url)
    await setSwitches({ mode: 'down' })
    const renewed = (await refresh(acme.url, tokens.refresh_token)).body as unknown as Tokens
    expect(renewed.refresh_token).toBeTruthy()
    await setSwitches({ mode: 'down', only: ['/oauth/token'] })
    await expect(refresh(acme.url, renewed.refresh_token)).rejects.toThrow('fetch failed')
  })
})

describe('activities that others log', () => {
  const post = (externalId: string) => fetch(`${acme.url}/api/v1/activities`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': externalId },
    body: JSON.stringify({ type: 'call', subject: 'Call', external_id: externalId }),
  })
  const found = async (externalId: string) => (await callApi<List>(acme.url, token, `/activities?external_id=${externalId}`)).body.items.length

  it('stay out of lists for as long as the switches say', async () => {
    await setSwitches({ activity_lag_ms: 60_000 })
    expect((await post('x-lag')).status).toBe(201)
    expect(await found('x-lag')).toBe(0)
    await setSwitches({})
    expect(await found('x-lag')).toBe(1)
  })

  it('are made twice when idempotency keys are ignored, and all of them are shown', async () => {
    await post('x-twice')
    expect((await post('x-twice')).status).toBe(200)
    await setSwitches({ ignores_idempotency_keys: true })
    expect((await post('x-twice')).status).toBe(201)
    const { items } = (await control<{ items: { external_id: string }[] }>(acme.url, 'GET', 'activities')).body
    expect(items.filter(({ external_id }) => external_id === 'x-twice')).toHaveLength(2)
  })
})

describe('the stats', () => {
  it('count requests by path, and refreshes and revocations by outcome', async () => {
    const tokens = await connect(acme.url)
    await control(acme.url, 'DELETE', 'stats')
    await callApi(acme.url, tokens.access_token, '/people?name=jan')
    await callApi(acme.url, tokens.access_token, '/people/p_1001')
    const renewed = (await refresh(acme.url, tokens.refresh_token)).body as unknown as Tokens
    await revoke(acme.url, renewed.refresh_token)
    await refresh(acme.url, renewed.refresh_token)
    expect((await control(acme.url, 'GET', 'stats')).body).toEqual({
      requests: { 'GET /api/v1/people': 1, 'GET /api/v1/people/:id': 1, 'POST /oauth/token': 2, 'POST /oauth/revoke': 1 },
      refreshes_granted: 1, refreshes_refused: 1, revocations: 1, people: 3, activities: expect.any(Number),
    })
  })
})

describe('the guard', () => {
  it('wants the key when there is one', async () => {
    const guarded = await startAcme({ seedPeople: 1, controlKey: 'a-key' })
    try {
      expect((await control(guarded.url, 'GET', 'switches')).status).toBe(403)
      expect((await control(guarded.url, 'GET', 'switches', undefined, { 'x-control-key': 'a-kex' })).status).toBe(403)
      expect((await control(guarded.url, 'GET', 'switches', undefined, { 'x-control-key': 'a-key' })).status).toBe(200)
    } finally {
      await guarded.stop()
    }
  })

  it('lets in neither a web page nor a proxy when there is none', async () => {
    expect((await control(acme.url, 'GET', 'switches', undefined, { origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await control(acme.url, 'GET', 'switches', undefined, { 'x-forwarded-for': '203.0.113.5' })).status).toBe(403)
  })
})

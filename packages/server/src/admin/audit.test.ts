import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

interface Entry {
  readonly id: string
  readonly subject: string
  readonly action: string
  readonly at: string
}

const list = (query: Record<string, string | number>, as = key) => request(test.url).get('/v1/admin/audit').query(query).auth(as, { type: 'bearer' })
const subjectsOf = ({ body }: request.Response) => (body.items as Entry[]).map(({ subject }) => subject)

/** An entry as it was made at a time, to the microsecond. */
const store = (subject: string, at: string, { tenantId = 't1', action = 'test.noted' } = {}) =>
  test.server.services.database.query({
    text: `INSERT INTO audit (id, tenant_id, actor, action, subject, created_at) VALUES ($1, $2, 'key:test', $3, $4, $5)`,
  }, [randomUUID(), tenantId, action, subject, at])

it('is protected', async () => {
  await request(test.url).get('/v1/admin/audit').expect(401)
  await list({}, await test.addKey(['lookup', 'log'])).expect(403)
})

it('shows what an admin has just done, and by which key', async () => {
  const app = await request(test.url).post('/v1/admin/client-apps').auth(key, { type: 'bearer' }).send({ name: 'Softphone', phoneSystem: 'pbx' }).expect(201)
  await request(test.url).patch(`/v1/admin/client-apps/${app.body.id}`).auth(key, { type: 'bearer' }).send({ name: 'Phone' }).expect(200)
  const keyRow = await test.server.services.models.apiKeys.findOne({ where: { tenantId: 't1', prefix: key.slice(0, 8) } })
  const { body } = await list({ subject: `client_app:${app.body.id}` }).expect(200)
  expect(body).toEqual({
    items: [
      { id: expect.any(String), at: expect.stringMatching(/Z$/), actor: `key:${keyRow!.id}`, action: 'client_app.updated', subject: `client_app:${app.body.id}`, details: { changed: ['name'] } },
      { id: expect.any(String), at: expect.stringMatching(/Z$/), actor: `key:${keyRow!.id}`, action: 'client_app.created', subject: `client_app:${app.body.id}`, details: {} },
    ],
    nextCursor: null,
  })
})

it('shows nothing of another tenant', async () => {
  await test.addTenant('t2')
  await store('thing:theirs', '2026-02-01T00:00:00Z', { tenantId: 't2' })
  expect(subjectsOf(await list({ limit: 200 }).expect(200))).not.toContain('thing:theirs')
  expect(subjectsOf(await list({}, await test.addKey(['admin'], 't2')).expect(200))).toEqual(['thing:theirs'])
})

describe('a page', () => {
  const tenantId = 't3'
  let reader = ''
  beforeAll(async () => {
    await test.addTenant(tenantId)
    reader = await test.addKey(['admin'], tenantId)
    // Two within a microsecond, two within a millisecond.
    const times = ['10:00:00.000001', '10:00:00.000001', '10:00:00.000002', '10:00:00.001', '10:00:01', '10:00:02', '10:00:03']
    for (const [index, time] of times.entries()) await store(`thing:${String(index)}`, `2026-01-05T${time}Z`, { tenantId, action: index % 2 === 0 ? 'thing.even' : 'thing.odd' })
  })

  it('goes on where the one before ended, none twice and none left out', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const response: request.Response = await list({ limit: 2, ...(cursor === null ? {} : { cursor }) }, reader).expect(200)
      seen.push(...subjectsOf(response))
      cursor = response.body.nextCursor as string | null
    } while (cursor !== null)
    expect(seen.slice(0, 5)).toEqual(['thing:6', 'thing:5', 'thing:4', 'thing:3', 'thing:2'])
    expect(seen.slice(5).sort()).toEqual(['thing:0', 'thing:1'])
  })

  it('stays where it was while entries are made', async () => {
    const { body } = await list({ limit: 1, action: 'thing.even' }, reader).expect(200)
    await store('thing:newer', '2026-01-05T11:00:00Z', { tenantId, action: 'thing.even' })
    expect(subjectsOf(await list({ limit: 1, action: 'thing.even', cursor: body.nextCursor }, reader).expect(200))).toEqual(['thing:4'])
  })

  it('keeps to a subject, an action and a time, the end left out', async () => {
    expect(subjectsOf(await list({ subject: 'thing:5' }, reader).expect(200))).toEqual(['thing:5'])
    expect(subjectsOf(await list({ subject: 'thing:5', action: 'thing.even' }, reader).expect(200))).toEqual([])
    expect(subjectsOf(await list({ action: 'thing.odd' }, reader).expect(200))).toEqual(['thing:5', 'thing:3', 'thing:1'])
    expect(subjectsOf(await list({ since: '2026-01-05T10:00:01Z', until: '2026-01-05T11:00:03+01:00' }, reader).expect(200))).toEqual(['thing:5', 'thing:4'])
  })
})

it.each([
  ['/cursor', { cursor: 'nonsense' }],
  ['/cursor', { cursor: Buffer.from(JSON.stringify(['0000-01-01T00:00:00.000000Z', randomUUID()])).toString('base64url') }],
  ['/since', { since: 'yesterday' }],
  ['/subject', { subject: '' }],
  ['/actor', { actor: 'key:x' }],
])('refuses a wrong query by its place: %s', async (pointer, query) => {
  const { body } = await list(query).expect(422)
  expect(body.errors).toMatchObject([{ in: 'query', pointer }])
})

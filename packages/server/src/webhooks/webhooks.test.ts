import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { webhookEventTypes } from '@linefinder/core/api'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { answers, takesIt, WebhookReceiver } from '../testing/webhook-receiver.js'

let crm: FakeCrm
let receiver: WebhookReceiver
let test: TestServer
let key: string
beforeAll(async () => {
  [crm, receiver] = await Promise.all([FakeCrm.start(), WebhookReceiver.start()])
  test = await startTestServer({ crm, otherCrms: [receiver], adapters: [fakeAdapter('apiKey')] })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await Promise.all([crm.stop(), receiver.stop()])
})

const base = '/v1/admin/webhooks'
const ask = (method: 'get' | 'post' | 'patch' | 'delete', path = '') => request(test.url)[method](`${base}${path}`).auth(key, { type: 'bearer' })
const create = async (fields: object = {}) => (await ask('post').send({ url: `${receiver.origin}/in`, ...fields }).expect(201)).body as { id: string; secret: string }

it('is made with every event, and gives its secret out once', async () => {
  const { body: { secret, ...webhook } } = await ask('post').send({ url: 'https://hooks.example.test/in?x=1' }).expect(201)
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(webhook).toMatchObject({ url: 'https://hooks.example.test/in?x=1', events: null, enabled: true, description: '', disabledReason: null, failingSince: null, previousSecretUntil: null })
  expect((await ask('get', `/${webhook.id}`).expect(200)).body).toEqual(webhook)
  const { body: list } = await ask('get').query({ limit: 200 }).expect(200)
  expect(list.items).toContainEqual(webhook)
  expect(JSON.stringify(list)).not.toContain('whsec_')
})

it('takes every event that is declared, and no other', async () => {
  await create({ events: webhookEventTypes })
  for (const events of [[], ['call_log.created'], ['webhook.test']]) await ask('post').send({ url: receiver.origin, events }).expect(422)
})

it.each([
  'http://hooks.example.test/', 'http://127.0.0.1:9/', 'https://127.0.0.1:9/', 'https://localhost/', 'https://10.0.0.1/', 'https://[::1]/',
  'https://user:pass@hooks.example.test/', 'ftp://hooks.example.test/', 'hooks.example.test',
])('cannot be at %s, neither from the start nor later', async url => {
  const refused = await ask('post').send({ url }).expect(422)
  expect(refused.body).toMatchObject({ code: 'invalid_fields', errors: [{ in: 'body', pointer: '/url' }] })
  const { id } = await create()
  await ask('patch', `/${id}`).send({ url }).expect(422)
})

it('changes what is sent and nothing else', async () => {
  const { id } = await create({ description: 'Billing', events: ['contact.created'] })
  const { body } = await ask('patch', `/${id}`).send({ enabled: false, events: null }).expect(200)
  expect(body).toMatchObject({ id, url: `${receiver.origin}/in`, description: 'Billing', events: null, enabled: false, disabledReason: null })
})

it('is removed once', async () => {
  const { id } = await create()
  await ask('delete', `/${id}`).expect(204)
  expect((await ask('delete', `/${id}`).expect(404)).body.code).toBe('webhook_not_found')
})

it('keeps what was done in the audit trail, without addresses and secrets', async () => {
  const { id, secret } = await create({ events: ['contact.created'] })
  await ask('patch', `/${id}`).send({ enabled: false }).expect(200)
  const { body: rotated } = await ask('post', `/${id}/rotate-secret`).expect(200)
  await ask('post', `/${id}/replay`).send({ since: '2026-01-01T00:00:00Z' }).expect(202)
  await ask('delete', `/${id}`).expect(204)
  const rows = await test.server.services.models.audit.findAll({ where: { subject: `webhook:${id}` }, order: [['createdAt', 'ASC']] })
  expect(rows.map(({ action, details }) => [action, details])).toEqual([
    ['webhook.created', { events: ['contact.created'] }],
    ['webhook.updated', { changed: ['enabled'] }],
    ['webhook.secret_rotated', {}],
    ['webhook.replayed', { since: '2026-01-01T00:00:00.000Z', deliveries: 0 }],
    ['webhook.removed', {}],
  ])
  for (const kept of [secret, rotated.secret, receiver.origin]) expect(JSON.stringify(rows)).not.toContain(kept)
})

it('leaves no secret in the database, nor anything that spells it', async () => {
  const { id, secret } = await create()
  const { body: rotated } = await ask('post', `/${id}/rotate-secret`).expect(200)
  await ask('post', `/${id}/test`).expect(200)
  const { database } = test.server.services
  const dump = JSON.stringify(await Promise.all(['webhook_endpoints', 'webhook_deliveries', 'audit', 'pgboss.job'].map(table =>
    database.query({ text: `SELECT row_to_json(t) FROM ${table} t` }, []))))
  expect(dump).toContain(id)
  for (const each of [secret, rotated.secret as string]) {
    const bytes = Buffer.from(each.replace('whsec_', ''), 'base64')
    for (const spelling of [each.replace('whsec_', ''), bytes.toString('base64url'), bytes.toString('hex')]) expect(dump).not.toContain(spelling)
  }
})

describe('a test', () => {
  it('sends an event now, and answers with what came back', async () => {
    const { id } = await create({ url: `${receiver.origin}/try`, events: ['contact.created'], enabled: false })
    receiver.answer = answers(202, {}, 'thanks')
    const { body } = await ask('post', `/${id}/test`).expect(200)
    receiver.answer = takesIt
    expect(body).toEqual({ delivered: true, status: 202, error: null, ms: expect.any(Number), answer: 'thanks' })
    expect(receiver.at('/try').map(each => JSON.parse(each.body))).toEqual([{ type: 'webhook.test', timestamp: expect.any(String), data: { webhookId: id } }])
  })

  it('says what went wrong', async () => {
    const { id } = await create()
    receiver.answer = answers(500, {}, 'no')
    expect((await ask('post', `/${id}/test`).expect(200)).body).toMatchObject({ delivered: false, status: 500, answer: 'no' })
    receiver.answer = takesIt
  })
})

describe('the deliveries', () => {
  const emit = (contactId: string) => test.server.services.webhooks.emit(test.tenantId, {
    type: 'contact.created', timestamp: '2026-03-01T10:00:00Z',
    // The branded id is opaque text.
    data: { connectionId: 'b3b9a3f0-58b5-4c5e-8f4e-0d6f5a1c2d3e', crmAccountId: 'b3b9a3f0-58b5-4c5e-8f4e-0d6f5a1c2d3f', contactId: contactId as never },
  })

  it('are listed latest first, page by page', async () => {
    const { id } = await create()
    for (const contact of ['c1', 'c2', 'c3', 'c4', 'c5']) await emit(contact)
    const seen: string[] = []
    const times: string[] = []
    let cursor: string | undefined
    do {
      const { body } = await ask('get', `/${id}/deliveries`).query({ limit: 2, cursor }).expect(200)
      seen.push(...body.items.map((each: { event: { data: { contactId: string } } }) => each.event.data.contactId))
      times.push(...body.items.map((each: { createdAt: string }) => each.createdAt))
      cursor = body.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.sort()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
    expect(times).toEqual([...times].sort().reverse())
    await ask('get', `/${id}/deliveries`).query({ cursor: 'bm90IG1pbmU' }).expect(422)
  })

  it('can be asked for by outcome', async () => {
    const { id } = await create()
    await emit('c1')
    expect((await ask('get', `/${id}/deliveries`).query({ outcome: 'pending' }).expect(200)).body.items).toHaveLength(1)
    expect((await ask('get', `/${id}/deliveries`).query({ outcome: 'failed' }).expect(200)).body.items).toEqual([])
    await ask('get', `/${id}/deliveries`).query({ outcome: 'lost' }).expect(422)
  })

  it('of another webhook cannot be replayed', async () => {
    const [{ id }, { id: other }] = [await create(), await create()]
    await emit('c1')
    const { body } = await ask('get', `/${id}/deliveries`).expect(200)
    expect((await ask('post', `/${other}/deliveries/${body.items[0].id as string}/replay`).expect(404)).body.code).toBe('not_found')
    await ask('post', `/${id}/deliveries/${body.items[0].id as string}/replay`).expect(202)
  })
})

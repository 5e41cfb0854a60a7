import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { Webhook } from 'standardwebhooks'
import request from 'supertest'
import type { WebhookDelivery, WebhookEvent } from '@linefinder/core/api'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'
import { answers, takesIt, WebhookReceiver, type Received } from '../testing/webhook-receiver.js'

let crm: FakeCrm
let receiver: WebhookReceiver
let stranger: WebhookReceiver
let test: TestServer
let key: string
let stopSweeping: () => void
const logged: string[] = []
beforeAll(async () => {
  [crm, receiver, stranger] = await Promise.all([FakeCrm.start(), WebhookReceiver.start(), WebhookReceiver.start()])
  const log = pino({}, new Writable({ write: (chunk, _, done) => { logged.push(String(chunk)); done() } }))
  test = await startTestServer({ crm, otherCrms: [receiver], adapters: [fakeAdapter('apiKey')], log })
  stopSweeping = await test.server.services.webhooks.start(100)
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  stopSweeping()
  await test.stop()
  await Promise.all([crm.stop(), receiver.stop(), stranger.stop()])
})
afterEach(async () => {
  receiver.answer = takesIt
  await sql('DELETE FROM webhook_endpoints')
})

const base = '/v1/admin/webhooks'
const ask = (method: 'get' | 'post' | 'patch', path = '') => request(test.url)[method](`${base}${path}`).auth(key, { type: 'bearer' })
const sql = <Row extends object>(text: string, ...values: unknown[]) => test.server.services.database.query<Row>({ text }, values)
const create = async (fields: object = {}) => {
  const path = `/${randomUUID()}`
  const { body } = await ask('post').send({ url: `${receiver.origin}${path}`, ...fields }).expect(201)
  return { path, id: body.id as string, secret: body.secret as string }
}
const event = (callId: string): Extract<WebhookEvent, { type: 'call_log.delivered' }> => ({
  type: 'call_log.delivered', timestamp: '2026-03-01T10:00:00Z',
  data: {
    connectionId: '7f3c4c1e-94c4-4a55-9d3b-08a5ac86c1f6', crmAccountId: '0d6f5a1c-58b5-4c5e-8f4e-b3b9a3f02d3e', phoneSystem: 'pbx', callId, leg: '',
    version: 1, status: 'delivered', activity: { id: 'a1' as never }, errorCode: null,
  },
})
const emit = (callId = 'c1', tenant = test.tenantId) => test.server.services.webhooks.emit(tenant, event(callId))
const deliveries = async (id: string): Promise<WebhookDelivery[]> => (await ask('get', `/${id}/deliveries`).expect(200)).body.items
const firstWith = (id: string, wanted: (delivery: WebhookDelivery) => boolean) => until(async () => (await deliveries(id)).find(wanted) ?? null)
/** As if the time of the next attempt had come. */
const hurry = (id: string) => sql(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE endpoint_id = $1 AND outcome = 'retrying' AND lease_token IS NULL`, id)
const verify = (secret: string, { body, headers }: Received) => new Webhook(secret).verify(body, headers)
const secondsUntilNext = async (id: string) => (await sql<{ seconds: number }>(
  'SELECT extract(epoch FROM next_attempt_at - last_attempt_at)::float8 AS seconds FROM webhook_deliveries WHERE endpoint_id = $1', id))[0]!.seconds

it('sends an event signed after Standard Webhooks, under the delivery’s id', async () => {
  const { id, path, secret } = await create()
  await emit()
  const delivery = await firstWith(id, ({ outcome }) => outcome === 'delivered')
  const [received, ...more] = receiver.at(path)
  expect(more).toEqual([])
  expect(verify(secret, received!)).toEqual(event('c1'))
  expect(received!.headers).toMatchObject({ 'webhook-id': delivery.id, 'content-type': 'application/json' })
  expect(() => verify(secret, { ...received!, body: received!.body.replace('c1', 'c2') })).toThrow()
  expect(delivery).toMatchObject({ event: event('c1'), attempts: 1, nextAttemptAt: null, lastAttempt: { status: 204, error: null } })
}, 60_000)

it('sends what was subscribed to, to endpoints that are switched on, of the tenant alone', async () => {
  await test.addTenant('t2')
  const wants = await create({ events: ['call_log.delivered', 'call_log.failed'] })
  const [wantsOther, off] = [await create({ events: ['contact.created'] }), await create({ enabled: false })]
  await emit('theirs', 't2')
  await emit('ours')
  await firstWith(wants.id, ({ outcome }) => outcome === 'delivered')
  expect(receiver.at(wants.path).map(({ body }) => JSON.parse(body).data.callId)).toEqual(['ours'])
  for (const { id } of [wantsOther, off]) expect(await deliveries(id)).toEqual([])
}, 60_000)

it('sends nothing that the event’s declaration does not name', async () => {
  const { id, path } = await create()
  const told = { ...event('c1'), data: { ...event('c1').data, from: '+31413741741', note: 'private' } }
  await test.server.services.webhooks.emit(test.tenantId, told)
  await firstWith(id, ({ outcome }) => outcome === 'delivered')
  expect(JSON.parse(receiver.at(path)[0]!.body)).toEqual(event('c1'))
}, 60_000)

it('is written with what it tells of, or not at all', async () => {
  const { id } = await create()
  const { database } = test.server.services
  await expect(database.transaction(async () => {
    await emit('undone')
    throw new Error('undone')
  })).rejects.toThrow('undone')
  await database.transaction(() => emit('done'))
  expect((await deliveries(id)).map(each => each.event)).toEqual([event('done')])
})

it('tries again after a failure, with the same id and body and a new signature', async () => {
  const { id, path, secret } = await create()
  receiver.answer = answers(500, { 'X-Internal': 'secret' }, 'Out of order')
  await emit()
  const failed = await firstWith(id, ({ outcome }) => outcome === 'retrying')
  expect(failed).toMatchObject({ attempts: 1, lastAttempt: { status: 500, answer: 'Out of order' } })
  expect(JSON.stringify(failed)).not.toContain('secret')
  expect((await ask('get', `/${id}`)).body.failingSince).not.toBeNull()
  receiver.answer = takesIt
  await hurry(id)
  expect(await firstWith(id, ({ outcome }) => outcome === 'delivered')).toMatchObject({ id: failed.id, attempts: 2 })
  expect((await ask('get', `/${id}`)).body.failingSince).toBeNull()
  const [first, second] = receiver.at(path)
  expect([second!.body, second!.headers['webhook-id']]).toEqual([first!.body, first!.headers['webhook-id']])
  expect(verify(secret, second!)).toEqual(event('c1'))
}, 60_000)

it('waits longer after each attempt, and has failed after the eighth', async () => {
  const { id } = await create()
  receiver.answer = answers(503)
  await emit()
  const pauses: number[] = []
  for (let attempts = 1; attempts <= 7; attempts += 1) {
    await firstWith(id, each => each.attempts === attempts && each.outcome === 'retrying' && each.lastAttempt !== null && each.nextAttemptAt !== null)
    pauses.push(await secondsUntilNext(id))
    await sql(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE endpoint_id = $1`, id)
    if (attempts < 7) await firstWith(id, each => each.attempts > attempts && each.lastAttempt !== null)
  }
  const expected = [5, 300, 1800, 7200, 18_000, 36_000, 36_000]
  pauses.forEach((pause, index) => {
    expect(pause).toBeGreaterThanOrEqual(expected[index]! * 0.9)
    expect(pause).toBeLessThanOrEqual(expected[index]! * 1.1)
  })
  expect(await firstWith(id, ({ outcome }) => outcome === 'failed')).toMatchObject({ attempts: 8, nextAttemptAt: null })
}, 60_000)

it('comes back no sooner than the receiver asks for', async () => {
  const { id } = await create()
  receiver.answer = answers(429, { 'Retry-After': '600' })
  await emit()
  await firstWith(id, ({ outcome }) => outcome === 'retrying')
  expect(await secondsUntilNext(id)).toBeGreaterThanOrEqual(599)
}, 60_000)

it('keeps what waits while it is switched off, and sends it when it is switched on again', async () => {
  const { id, path } = await create()
  receiver.answer = answers(500)
  await emit()
  await firstWith(id, ({ outcome }) => outcome === 'retrying')
  await ask('patch', `/${id}`).send({ enabled: false }).expect(200)
  await hurry(id)
  const other = await create()
  receiver.answer = takesIt
  await emit('later')
  await firstWith(other.id, ({ outcome }) => outcome === 'delivered')
  expect(receiver.at(path)).toHaveLength(1)
  await ask('patch', `/${id}`).send({ enabled: true }).expect(200)
  await firstWith(id, ({ outcome }) => outcome === 'delivered')
}, 60_000)

it('does not follow a redirect', async () => {
  const { id } = await create()
  receiver.answer = answers(302, { Location: `${receiver.origin}/elsewhere` })
  await emit()
  expect(await firstWith(id, ({ outcome }) => outcome === 'retrying')).toMatchObject({ lastAttempt: { status: 302 } })
  expect(receiver.at('/elsewhere')).toEqual([])
}, 60_000)

it('does not connect to an address that is no longer allowed', async () => {
  const { id } = await create()
  await sql('UPDATE webhook_endpoints SET url = $2 WHERE id = $1', id, `${stranger.origin}/in`)
  await emit()
  expect(await firstWith(id, ({ outcome }) => outcome === 'retrying')).toMatchObject({ lastAttempt: { status: null, error: 'address_refused' } })
  expect((await ask('post', `/${id}/test`).expect(200)).body).toMatchObject({ delivered: false, error: 'address_refused' })
  expect(stranger.received).toEqual([])
}, 60_000)

describe('a webhook is switched off with an entry in the audit trail', () => {
  const auditOf = async (id: string) => (await test.server.services.models.audit.findAll({ where: { subject: `webhook:${id}` }, order: [['createdAt', 'ASC']] }))
    .map(({ actor, action, details }) => [actor, action, details])

  it('when its receiver answers that it is gone, until an admin switches it on again', async () => {
    const { id, path } = await create()
    receiver.answer = answers(410)
    await emit('c1')
    expect(await firstWith(id, ({ outcome }) => outcome === 'failed')).toMatchObject({ attempts: 1 })
    expect((await ask('get', `/${id}`)).body).toMatchObject({ enabled: false, disabledReason: 'gone' })
    expect((await auditOf(id)).at(-1)).toEqual(['server', 'webhook.disabled', { reason: 'gone' }])
    await emit('c2')
    expect(await deliveries(id)).toHaveLength(1)
    receiver.answer = takesIt
    expect((await ask('patch', `/${id}`).send({ enabled: true }).expect(200)).body).toMatchObject({ enabled: true, disabledReason: null, failingSince: null })
    await emit('c3')
    await firstWith(id, ({ outcome }) => outcome === 'delivered')
    expect(receiver.at(path)).toHaveLength(2)
  }, 60_000)

  it('when it has taken nothing for five days', async () => {
    const { id } = await create()
    await sql(`UPDATE webhook_endpoints SET failing_since = now() - interval '4 days' WHERE id = $1`, id)
    receiver.answer = answers(500)
    await emit()
    await firstWith(id, ({ outcome }) => outcome === 'retrying')
    expect((await ask('get', `/${id}`)).body).toMatchObject({ enabled: true })
    await sql(`UPDATE webhook_endpoints SET failing_since = now() - interval '121 hours' WHERE id = $1`, id)
    await hurry(id)
    await firstWith(id, ({ attempts, lastAttempt }) => attempts === 2 && lastAttempt !== null)
    await until(async () => (await ask('get', `/${id}`)).body.disabledReason === 'failing' ? true : null)
    expect((await auditOf(id)).at(-1)).toEqual(['server', 'webhook.disabled', { reason: 'failing' }])
  }, 60_000)
})

it('signs by both secrets for a day after a rotation, then by the new one', async () => {
  const { id, path, secret } = await create()
  const { body: rotated } = await ask('post', `/${id}/rotate-secret`).expect(200)
  const newSecret: string = rotated.secret
  expect(newSecret).not.toBe(secret)
  expect(Date.parse(rotated.previousSecretUntil) - Date.now()).toBeGreaterThan(86_000_000)
  await ask('post', `/${id}/test`).expect(200)
  await sql(`UPDATE webhook_endpoints SET previous_secret_until = now() - interval '1 second' WHERE id = $1`, id)
  await ask('post', `/${id}/test`).expect(200)
  const [during, after] = receiver.at(path)
  for (const each of [secret, newSecret]) expect(verify(each, during!)).toMatchObject({ type: 'webhook.test' })
  expect(verify(newSecret, after!)).toMatchObject({ type: 'webhook.test' })
  expect(() => verify(secret, after!)).toThrow()
})

describe('a replay', () => {
  it('sends one again under the same id, with all its attempts', async () => {
    const { id, path } = await create()
    await emit()
    const delivery = await firstWith(id, ({ outcome }) => outcome === 'delivered')
    const { body } = await ask('post', `/${id}/deliveries/${delivery.id}/replay`).expect(202)
    expect(body).toMatchObject({ id: delivery.id, outcome: 'pending', attempts: 0, deliveredAt: null })
    await firstWith(id, ({ outcome }) => outcome === 'delivered')
    expect(receiver.at(path).map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id, delivery.id])
  }, 60_000)

  it('leaves one alone that is being sent', async () => {
    const { id, path } = await create()
    let release = (): void => undefined
    receiver.answer = response => { release = () => { takesIt(response) } }
    await emit()
    await until(async () => receiver.at(path)[0] ?? null)
    const [delivery] = await deliveries(id)
    expect((await ask('post', `/${id}/deliveries/${delivery!.id}/replay`).expect(202)).body).toMatchObject({ attempts: 1 })
    release()
    await firstWith(id, ({ outcome }) => outcome === 'delivered')
    expect(receiver.at(path)).toHaveLength(1)
  }, 60_000)

  it('of all sends what failed since then, and nothing else', async () => {
    const { id, path } = await create()
    for (const callId of ['old', 'new', 'taken']) await emit(callId)
    await until(async () => (await deliveries(id)).every(({ outcome }) => outcome === 'delivered') ? true : null)
    const age = (callId: string, days: number, outcome: string) => sql(
      `UPDATE webhook_deliveries SET created_at = now() - make_interval(days => $2), outcome = $3 WHERE endpoint_id = $4 AND event->'data'->>'callId' = $1`, callId, days, outcome, id)
    await age('old', 3, 'failed')
    await age('new', 1, 'failed')
    const since = new Date(Date.now() - 2 * 86_400_000).toISOString()
    expect((await ask('post', `/${id}/replay`).send({ since }).expect(202)).body).toEqual({ replayed: 1 })
    await until(async () => receiver.at(path).length === 4 ? true : null)
    expect(JSON.parse(receiver.at(path).at(-1)!.body).data.callId).toBe('new')
    expect((await ask('post', `/${id}/replay`).send({}).expect(202)).body).toEqual({ replayed: 1 })
    await until(async () => (await deliveries(id)).every(({ outcome }) => outcome === 'delivered') ? true : null)
  }, 60_000)
})

it('sends again what a dead process had under way', async () => {
  const { id, path } = await create()
  receiver.answer = answers(500)
  await emit()
  await firstWith(id, ({ outcome }) => outcome === 'retrying')
  receiver.answer = takesIt
  await sql(`UPDATE webhook_deliveries SET lease_token = gen_random_uuid(), next_attempt_at = now() - interval '1 second' WHERE endpoint_id = $1`, id)
  await firstWith(id, ({ outcome }) => outcome === 'delivered')
  expect(receiver.at(path)).toHaveLength(2)
}, 60_000)

it('forgets deliveries after 30 days', async () => {
  const { id } = await create()
  for (const callId of ['kept', 'old']) await emit(callId)
  await sql(`UPDATE webhook_deliveries SET created_at = now() - make_interval(days => CASE event->'data'->>'callId' WHEN 'old' THEN 31 ELSE 29 END) WHERE endpoint_id = $1`, id)
  const [left, ...others] = await until(async () => {
    const all = await deliveries(id)
    return all.length < 2 ? all : null
  })
  expect([others, left!.event]).toEqual([[], event('kept')])
}, 60_000)

it('logs neither secrets nor addresses', () => {
  const text = logged.join('')
  expect(text).toContain('a webhook was not delivered')
  expect(text).not.toMatch(/whsec_|v1,/)
  expect(text).not.toContain(receiver.origin)
})

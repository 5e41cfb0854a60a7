import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { KeyRing } from '../secrets/key-ring.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeWebhook } from '../testing/stored-webhook.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'
import { answers, takesIt, WebhookReceiver } from '../testing/webhook-receiver.js'

/** Two servers share no memory, so on one database they are two processes. */
;(hasPostgres ? describe : describe.skip)('webhooks over two processes on one database', () => {
  let crm: FakeCrm
  let receiver: WebhookReceiver
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: TestServer[]
  const stops: (() => void)[] = []
  beforeAll(async () => {
    [crm, receiver, database] = await Promise.all([FakeCrm.start(), WebhookReceiver.start(), createPostgresDatabase()])
    const options = { crm, otherCrms: [receiver], adapters: [fakeAdapter('apiKey')], database: { url: database.url }, keys: KeyRing.newKey('test') }
    servers = [await startTestServer(options), await startTestServer(options)]
    for (const { server } of servers) stops.push(await server.services.webhooks.start(20))
  })
  afterAll(async () => {
    for (const stop of stops) stop()
    for (const each of servers) await each.stop()
    await Promise.all([database.drop(), crm.stop(), receiver.stop()])
  })

  const emit = (n: number) => servers[n % 2]!.server.services.webhooks.emit('t1', {
    type: 'contact.created', timestamp: '2026-03-01T10:00:00Z',
    // The branded id is opaque text.
    data: { connectionId: '7f3c4c1e-94c4-4a55-9d3b-08a5ac86c1f6', crmAccountId: '0d6f5a1c-58b5-4c5e-8f4e-b3b9a3f02d3e', contactId: `c${String(n)}` as never },
  })
  const count = async (outcome: string) => (await servers[0]!.server.services.database.query<{ count: number }>({
    text: 'SELECT count(*)::int AS count FROM webhook_deliveries WHERE outcome = $1' }, [outcome]))[0]!.count

  it('send each delivery once, to every endpoint', async () => {
    for (const path of ['/a', '/b']) await storeWebhook(servers[0]!, { url: `${receiver.origin}${path}` })
    receiver.answer = response => { setImmediate(() => { takesIt(response) }) }
    await Promise.all(Array.from({ length: 200 }, (_, n) => emit(n)))
    await until(async () => await count('delivered') === 400 ? true : null)
    for (const path of ['/a', '/b']) {
      const contacts = receiver.at(path).map(({ body }) => JSON.parse(body).data.contactId as string)
      expect(contacts.sort()).toEqual(Array.from({ length: 200 }, (_, n) => `c${String(n)}`).sort())
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(400)
  }, 60_000)

  it('switch an endpoint off once, whoever hears first that it is gone', async () => {
    const { models, database: { sequelize } } = servers[0]!.server.services
    await sequelize.query('DELETE FROM webhook_endpoints')
    const id = await storeWebhook(servers[0]!, { url: `${receiver.origin}/gone` })
    receiver.answer = answers(410)
    await Promise.all(Array.from({ length: 20 }, (_, n) => emit(n)))
    await until(async () => (await models.webhookEndpoints.findByPk(id))?.disabledReason === 'gone' ? true : null)
    for (const { server } of servers) await server.services.webhooks.idle()
    expect(await models.audit.count({ where: { subject: `webhook:${id}`, action: 'webhook.disabled' } })).toBe(1)
    expect(receiver.at('/gone').length).toBeLessThan(20)
  }, 60_000)
})

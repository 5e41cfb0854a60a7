import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { api, type Endpoint } from '@linefinder/core/api'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { greeting, greetingReader } from '../testing/greeting-reader.js'
import { storeCallLog, storeConnection, storeSession } from '../testing/stored-connection.js'
import { storeWebhook } from '../testing/stored-webhook.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let adminKey: string
let lookupKey: string
let session: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], documents: greetingReader })
  adminKey = await test.addKey(['admin'])
  lookupKey = await test.addKey(['lookup', 'log'])
  session = await storeSession(test, (await storeConnection(test, await test.install('fake-apikey'))).id)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const endpoints = Object.values(api.admin).flatMap(group => Object.values(group) as Endpoint[])
const ask = ({ method, path }: Endpoint, id: string = randomUUID()) =>
  request(test.url)[method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'](path.replace('{id}', id).replace('{deliveryId}', randomUUID()).replace('{version}', '1'))

describe.each(endpoints.map(each => [`${each.method} ${each.path}`, each] as const))('%s', (_, endpoint) => {
  it('is protected', async () => {
    const response = await ask(endpoint).expect(401)
    expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="linefinder"/)
    expect(response.body.code).toBe('unauthenticated')
  })

  it('refuses a session token', async () => {
    const { body } = await ask(endpoint).auth(session, { type: 'bearer' }).expect(401)
    expect(body.code).toBe('unauthenticated')
  })

  it('refuses a key without the scope admin', async () => {
    const { body } = await ask(endpoint).auth(lookupKey, { type: 'bearer' }).expect(403)
    expect(body.code).toBe('missing_scope')
  })
})

describe('a resource of another tenant', () => {
  let theirs: Record<'installations' | 'clientApps' | 'connections' | 'agents' | 'apiKeys' | 'webhooks' | 'deliveries' | 'documents' | 'users', string>
  beforeAll(async () => {
    await test.addTenant('t2')
    const installation = await test.install('fake-apikey', { tenantId: 't2' })
    const connection = await storeConnection(test, installation, { tenantId: 't2' })
    const { id, agentId } = connection
    await test.addKey(['lookup'], 't2')
    await request(test.url).put('/v1/admin/documents/greeter').auth(await test.addKey(['admin'], 't2'), { type: 'bearer' }).type('json').send(greeting()).expect(201)
    const key = await test.server.services.models.apiKeys.findOne({ where: { tenantId: 't2' } })
    theirs = {
      installations: installation, clientApps: await test.addClientApp('t2'), connections: id, users: id, agents: agentId!, apiKeys: key!.id,
      webhooks: await storeWebhook(test, { tenantId: 't2' }), deliveries: await storeCallLog({ ...test, tenantId: 't2' }, connection, 'theirs'),
      documents: 'greeter',
    }
  })

  const named = Object.entries(api.admin).flatMap(([group, members]) =>
    (Object.values(members) as Endpoint[]).filter(({ path, takesText }) => path.includes('{id}') && !takesText).map(each => [`${each.method} ${each.path}`, group as keyof typeof theirs, each] as const))

  it.each(named)('is not there for %s', async (_, group, endpoint) => {
    const [last = ''] = endpoint.path.split('/').slice(-1)
    const body = { join: { agent: randomUUID() }, discard: { reason: 'x' }, 'user-mapping': { entries: [] } }[last] ?? {}
    const asked = ask(endpoint, theirs[group]).auth(adminKey, { type: 'bearer' })
    const response = await (endpoint.body ? asked.send(body) : asked).expect(404)
    expect(response.body.code).toMatch(/not_found$/)
  })

  it.each(endpoints.filter(({ method, path }) => method === 'GET' && !path.includes('{id}')).map(each => [each.path, each] as const))('is not in %s', async (_, endpoint) => {
    const { body } = await ask(endpoint).auth(adminKey, { type: 'bearer' }).expect(200)
    const ids = body.items.map(({ id }: { id: string }) => id)
    for (const id of Object.values(theirs)) expect(ids).not.toContain(id)
  })

  it('cannot be connected to', async () => {
    const { body } = await request(test.url).post('/v1/admin/connections').auth(adminKey, { type: 'bearer' })
      .send({ installation: theirs.installations, fields: { key: 'good-key' } }).expect(404)
    expect(body.code).toBe('installation_not_found')
  })

  it('is not changed by a document of the same id', async () => {
    const put = request(test.url).put('/v1/admin/documents/greeter').auth(adminKey, { type: 'bearer' }).type('json')
    await put.send(greeting({ name: 'Ours' })).expect(201)
    const their = await test.server.services.documents.get('t2', 'greeter')
    expect(their.document).toMatchObject({ version: 1, name: 'Greeter' })
    await request(test.url).delete('/v1/admin/documents/greeter').auth(adminKey, { type: 'bearer' }).expect(204)
    expect((await test.server.services.documents.get('t2', 'greeter')).document.version).toBe(1)
  })

  it('cannot be joined', async () => {
    const { agentId } = await storeConnection(test, await test.install('fake-apikey'))
    await request(test.url).post(`/v1/admin/agents/${agentId!}/join`).auth(adminKey, { type: 'bearer' }).send({ agent: theirs.agents }).expect(404)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('oauth2'), fakeAdapter('apiKey')] })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

describe('health', () => {
  it('is live and ready', async () => {
    await request(test.url).get('/healthz').expect(200, { status: 'ok' })
    await request(test.url).get('/readyz').expect(200, { status: 'ready' })
  })
})

describe('adapters and installations', () => {
  it('lists the adapters with auth form and capabilities', async () => {
    const { body } = await request(test.url).get('/v1/adapters').expect(200)
    expect(body.items[0]).toEqual({
      id: 'fake-oauth2', name: 'Fake CRM', auth: { type: 'oauth2' },
      capabilities: ['searchContacts', 'listContacts', 'addContactNumber', 'findCallLog', 'contactUrl', 'activityUrl'],
      properties: [],
    })
  })

  it('lists only the installations of the client app’s own tenant', async () => {
    await test.addTenant('t2')
    await test.install('fake-oauth2', { tenantId: 't2' })
    const mine = await test.install('fake-apikey')
    const { body } = await request(test.url).get('/v1/installations').query({ client_id: 'app1' }).expect(200)
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([mine])
    expect(body.items[0].auth.fields[0]).toMatchObject({ name: 'key', label: 'API key', secret: true })
  })

  it('answers 404 for a client app that nobody registered', async () => {
    const { body } = await request(test.url).get('/v1/installations').query({ client_id: 'nobody' }).expect(404)
    expect(body.code).toBe('client_app_not_found')
  })
})

describe('bad input', () => {
  it('answers an unknown path with a problem document', async () => {
    const response = await request(test.url).get('/v1/nothing').set('X-Request-Id', 'abc').expect(404)
    expect(response.type).toBe('application/problem+json')
    expect(response.body).toMatchObject({ code: 'not_found', status: 404, requestId: 'abc' })
  })

  it('names every wrong query parameter by pointer', async () => {
    const { body } = await request(test.url).get('/v1/installations').query({ clientid: 'x' }).expect(422)
    expect(body.errors).toEqual(expect.arrayContaining([
      expect.objectContaining({ in: 'query', pointer: '/client_id' }),
      expect.objectContaining({ in: 'query', pointer: '/clientid' }),
    ]))
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let [shared, key, session] = ['', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  const installation = await test.install('fake-apikey')
  shared = await connectShared(test, installation, { user: 'robot' })
  session = await connectAgent(test, installation)
  key = await test.addKey(['lookup'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const ask = (authorization: string, path = '/v1/contacts?name=x') => request(test.url).get(path).set('Authorization', authorization)
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

it('is not asked for where it is not needed', async () => {
  const response = await request(test.url).get('/v1/contacts?name=x').expect(401)
  expect(response.headers['www-authenticate']).toMatch(/^Bearer /)
  expect(response.headers['www-authenticate']).not.toContain('Basic')
})

it('names the shared connection as user and holds the key as password', async () => {
  await ask(basic(shared, key)).expect(200)
  await ask(basic(shared.toUpperCase(), key).replace('Basic', 'bAsIc')).expect(200)
})

describe('it is refused', () => {
  it.each([
    ['with an unknown key', () => basic(shared, 'lfk_nobody')],
    ['with a session’s token', () => basic(shared, session)],
    ['without a password', () => basic(shared, '')],
    ['without a colon', () => `Basic ${Buffer.from(key).toString('base64')}`],
    ['empty', () => 'Basic '],
    ['when it is not base64', () => `Basic ${shared}:${key}`],
  ])('%s: 401', async (_, header) => {
    expect((await ask(header()).expect(401)).body.code).toBe('unauthenticated')
  })

  it('with a key of another scope: 403', async () => {
    expect((await ask(basic(shared, await test.addKey(['log', 'admin']))).expect(403)).body.code).toBe('missing_scope')
  })

  it('with another tenant’s key: 404', async () => {
    await test.addTenant('t2')
    await ask(basic(shared, await test.addKey(['lookup'], 't2'))).expect(404)
  })

  it.each([['', 422], ['somebody', 422], ['00000000-0000-4000-8000-000000000000', 404]] as const)('with "%s" as user: %i', async (user, status) => {
    const { body } = await ask(basic(user, key)).expect(status)
    if (status === 422) expect(body.errors).toMatchObject([{ in: 'header', pointer: '/Authorization' }])
  })

  it('wherever more than a lookup is asked', async () => {
    await ask(basic(shared, key), '/v1/me').expect(401)
    await ask(basic(shared, await test.addKey(['log'])), '/v1/call-logs?ids=1').expect(401)
    await ask(basic(shared, await test.addKey(['admin'])), '/v1/admin/agents').expect(401)
  })
})

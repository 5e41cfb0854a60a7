import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let [shared, key] = ['', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  shared = await connectShared(test, await test.install('fake-apikey'))
  key = await test.addKey(['lookup'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const ask = (query: object) => request(test.url).get('/v1/caller-id').query(query)
const lookUp = (query: object) => ask(query).auth(key, { type: 'bearer' }).set('Linefinder-Connection', shared)

it('is protected, and tells PBXs of HTTP Basic', async () => {
  const response = await ask({ number: '1' }).expect(401)
  expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="linefinder", .+, Basic realm="linefinder", charset="UTF-8"$/)
})

describe('a failure in plain text', () => {
  it.each([
    ['unauthenticated', 401, () => ask({ number: '1' })],
    ['unauthenticated', 401, () => ask({})],
    ['missing_scope', 403, async () => ask({ number: '1' }).auth(await test.addKey(['log']), { type: 'bearer' }).set('Linefinder-Connection', shared)],
    ['not_found', 404, () => ask({ number: '1' }).auth(key, { type: 'bearer' }).set('Linefinder-Connection', '00000000-0000-4000-8000-000000000000')],
    ['invalid_fields', 422, () => ask({ number: '1' }).auth(key, { type: 'bearer' })],
    ['invalid_fields', 422, () => lookUp({})],
    ['invalid_fields', 422, () => lookUp({ number: '1', country: 'nl' })],
    ['invalid_fields', 422, () => lookUp({ number: '1', deadline_ms: 'soon' })],
  ] as const)('%s: %i without a body, the code in a header', async (code, status, send) => {
    const response = await send()
    expect(response.status).toBe(status)
    expect(response.text).toBe('')
    expect(response.headers).toMatchObject({ 'linefinder-problem': code, 'cache-control': 'no-store' })
    expect(response.headers['content-type']).toBeUndefined()
    expect(response.headers['x-request-id']).not.toBe('')
  })

  it('may be read by a page', async () => {
    const response = await ask({ number: '1' }).set('Origin', 'https://app.example.test').expect(401)
    expect(response.headers['access-control-expose-headers']).toContain('Linefinder-Problem')
  })

  it('is a problem document where there is no such endpoint', async () => {
    expect((await request(test.url).put('/v1/caller-id').expect(405)).body.code).toBe('method_not_allowed')
  })
})

it('is UTF-8 text that nobody keeps, also when it is empty', async () => {
  const response = await lookUp({ number: 'anonymous' }).expect(200)
  expect(response.text).toBe('')
  expect(response.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'content-length': '0' })
  expect(response.headers['linefinder-problem']).toBeUndefined()
})

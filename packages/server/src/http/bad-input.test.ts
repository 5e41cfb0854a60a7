import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const path = '/v1/admin/client-apps'
const post = (type = 'application/json') => request(test.url).post(path).auth(key, { type: 'bearer' }).type(type)
const placesOf = ({ body }: request.Response) => (body.errors as { in: string; pointer: string }[]).map(each => `${each.in} ${each.pointer}`).sort()

describe('a body', () => {
  it.each(['{"name": ', '{"name": "x",}', 'name=x'])('that is not JSON is refused: %s', async text => {
    const { body } = await post().send(text).expect(400)
    expect(body).toMatchObject({ code: 'invalid_json', status: 400, retryable: false })
  })

  it('of 1 MiB is read, and over 1 MiB refused', async () => {
    const fill = (bytes: number) => JSON.stringify({ name: 'x'.repeat(bytes - '{"name":""}'.length) })
    expect((await post().send(fill(1024 * 1024)).expect(422)).body.code).toBe('invalid_fields')
    expect((await post().send(fill(1024 * 1024 + 1)).expect(413)).body.code).toBe('body_too_large')
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])('of type %s is refused', async type => {
    expect((await post(type).send('{"name":"x"}').expect(415)).body.code).toBe('unsupported_media_type')
  })

  it('of a type that is JSON as well is read', async () => {
    const { body } = await post('application/merge-patch+json; charset=utf-8').send('{"name":"Softphone","phoneSystem":"pbx"}').expect(201)
    expect(body.name).toBe('Softphone')
  })

  it('in an unknown character set or encoding is refused', async () => {
    await post('application/json; charset=ebcdic').send('{}').expect(415)
    await post().set('Content-Encoding', 'zip').send('{}').expect(415)
  })

  it.each(['null', '[]', '"x"', '7'])('that is no object is refused: %s', async text => {
    expect(placesOf(await post().send(text).expect(422))).toEqual(['body '])
  })

  it('that is missing is told by its fields', async () => {
    expect(placesOf(await request(test.url).post(path).auth(key, { type: 'bearer' }).expect(422))).toEqual(['body /name', 'body /phoneSystem'])
  })

  it('has each wrong and each unknown member named by pointer', async () => {
    const response = await post().send({ name: '', phoneSystem: 7, webOrigins: ['https://a.example.test', 'nowhere'], 'a/b~c': 1, __proto__x: 1 }).expect(422)
    expect(placesOf(response)).toEqual(['body /__proto__x', 'body /a~1b~0c', 'body /name', 'body /phoneSystem', 'body /webOrigins/1'])
    expect(response.body.errors.every(({ message }: { message: string }) => message.length > 0)).toBe(true)
  })
})

describe('an address', () => {
  it('that does not exist is a problem document, whatever the method', async () => {
    for (const method of ['get', 'post', 'delete'] as const) {
      const response = await request(test.url)[method]('/v1/nothing').expect(404)
      expect(response.type).toBe('application/problem+json')
      expect(response.body.code).toBe('not_found')
    }
  })

  it.each(['/v1/call-logs/%E0%A4%A', '/v1/admin/agents/%'])('that cannot be decoded does not exist: %s', async address => {
    expect((await request(test.url).get(address).expect(404)).body.code).toBe('not_found')
  })

  it('known under another method names those it has', async () => {
    const put = await request(test.url).put(path).expect(405)
    expect(put.body.code).toBe('method_not_allowed')
    expect(put.headers['allow']).toBe('GET, POST, HEAD, OPTIONS')
    expect((await request(test.url).post('/v1/session').expect(405)).headers['allow']).toBe('DELETE, OPTIONS')
  })

  it('answers OPTIONS and HEAD', async () => {
    expect((await request(test.url).options('/healthz').expect(204)).headers['allow']).toBe('GET, HEAD, OPTIONS')
    expect((await request(test.url).head('/healthz').expect(200)).text).toBeUndefined()
  })

  it('with a path parameter and a query that are wrong has both named', async () => {
    const response = await request(test.url).patch('/v1/admin/agents/7').auth(key, { type: 'bearer' }).send({ name: '' }).expect(422)
    expect(placesOf(response)).toEqual(['body /name', 'path /id'])
    expect(placesOf(await request(test.url).get(path).query('limit=1&limit=2&curser=x').auth(key, { type: 'bearer' }).expect(422)))
      .toEqual(['query /curser', 'query /limit'])
  })
})

describe('a credential', () => {
  it.each([
    ['none', undefined], ['an empty one', 'Bearer '], ['an unknown one', 'Bearer lfs_nobody'], ['another scheme', 'Basic YTpi'], ['no scheme', 'lfs_nobody'],
    ['one with odd characters', 'Bearer a b'],
  ])('is asked for after %s', async (_, header) => {
    const asked = request(test.url).get('/v1/me')
    const response = await (header === undefined ? asked : asked.set('Authorization', header)).expect(401)
    expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="linefinder"/)
    expect(response.body.code).toBe('unauthenticated')
  })

  it('is not taken from the query', async () => {
    await request(test.url).get(path).query({ access_token: key }).expect(401)
  })

  it('comes before what is wrong with the request', async () => {
    await request(test.url).post(path).send({}).expect(401)
  })
})

describe('every answer', () => {
  it('carries the request id that was sent, also in the problem', async () => {
    const response = await request(test.url).get('/v1/me').set('X-Request-Id', 'call-4711.a').expect(401)
    expect(response.headers['x-request-id']).toBe('call-4711.a')
    expect(response.body.requestId).toBe('call-4711.a')
  })

  it.each(['a b', '<script>', 'x'.repeat(101)])('has an id of its own instead of "%s"', async id => {
    const response = await request(test.url).get('/healthz').set('X-Request-Id', id).expect(200)
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('has security headers and says nothing of what serves it', async () => {
    const { headers } = await request(test.url).get('/healthz').expect(200)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    expect(headers['content-security-policy']).toContain(`default-src 'none'`)
    expect(headers['x-powered-by']).toBeUndefined()
  })
})

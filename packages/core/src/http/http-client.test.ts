import { Agent as HttpAgent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { CrmError } from '../errors/crm-error.js'
import type { AddressRules } from './address-rules.js'
import { retryAfterMs } from './crm-failure.js'
import { createHttp, type HttpClientParts } from './http-client.js'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ origin: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    handle(request, response)
  })
  servers.push(server)
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return { origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, seen }
}

const agents = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent() }
const allowing: AddressRules = { resolve: template => template, check() { /* every address may be asked */ }, agentsFor: () => agents }

const client = (origins: string[], changes: Partial<HttpClientParts> = {}) => createHttp({
  guard: allowing, baseUrl: `${origins[0]!}/api`, requestId: 'request-1', signal: AbortSignal.timeout(5000),
  authorize: async config => {
    config.headers.set('X-Api-Key', 'the key')
    return 1
  },
  ...changes,
})

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))

const failureOf = (promise: Promise<unknown>): Promise<CrmError> => promise.then(() => { throw new Error('it succeeded') }, (error: CrmError) => error)

describe('the http client of adapters', () => {
  it('authorises, and carries the request id and the idempotency key of a POST', async () => {
    const crm = await serve((_request, response) => json(response, 200, { ok: true }))
    await client([crm.origin], { idempotencyKey: 'lf-1' }).post('/things', { a: 1 })
    expect(crm.seen[0]!.url).toBe('/api/things')
    expect(crm.seen[0]!.headers).toMatchObject({ 'x-api-key': 'the key', 'x-request-id': 'request-1', 'idempotency-key': 'lf-1' })
  })

  it('gives text and bytes to an adapter that asks for them', async () => {
    const latin1 = Buffer.from('<name>Größe</name>', 'latin1')
    const crm = await serve((_request, response) => response.writeHead(200, { 'Content-Type': 'text/xml' }).end(latin1))
    const http = client([crm.origin])
    expect((await http.get('/x', { responseType: 'text' })).data).toBe(latin1.toString('utf8'))
    expect(Buffer.from((await http.get<Uint8Array>('/x', { responseType: 'arraybuffer' })).data)).toEqual(latin1)
    expect((await failureOf(http.get('/x'))).code).toBe('bad_response')
  })

  it.each(['text', 'arraybuffer'] as const)('judges an answer by its status also when it is taken as %s', async responseType => {
    const crm = await serve((_request, response) => response.writeHead(503, { 'Retry-After': '7' }).end('<html>'))
    expect(await failureOf(client([crm.origin]).get('/x', { responseType }))).toMatchObject({ code: 'unavailable', retryAfterMs: 7000 })
  })

  it('gives no credential to another host', async () => {
    const crm = await serve((_request, response) => json(response, 200, {}))
    const other = await serve((_request, response) => json(response, 200, {}))
    await client([crm.origin, other.origin]).get(`${other.origin}/file`)
    expect(other.seen[0]!.headers['x-api-key']).toBeUndefined()
  })

  it('gives them to another host that is named for them, and follows no redirect there', async () => {
    const other = await serve((request, response) => request.url === '/away' ? json(response, 302, {}, { Location: '/file' }) : json(response, 200, {}))
    const crm = await serve((_request, response) => json(response, 302, {}, { Location: `${other.origin}/file` }))
    const http = client([crm.origin], { credentialOrigins: [other.origin] })
    await http.get(`${other.origin}/file`)
    expect(other.seen[0]!.headers['x-api-key']).toBe('the key')
    expect((await failureOf(http.get(`${other.origin}/away`))).code).toBe('address_refused')
    expect((await failureOf(http.get('/x'))).code).toBe('address_refused')
    expect(other.seen.map(({ url }) => url)).toEqual(['/file', '/away'])
  })

  it('follows a redirect on its host, and none to another', async () => {
    const other = await serve((_request, response) => json(response, 200, {}))
    const crm = await serve((request, response) => {
      if (request.url === '/api/moved') json(response, 302, {}, { Location: '/api/here' })
      else if (request.url === '/api/away') json(response, 302, {}, { Location: `${other.origin}/x` })
      else json(response, 200, { at: request.url })
    })
    const http = client([crm.origin, other.origin])
    expect((await http.get('/moved')).data).toEqual({ at: '/api/here' })
    expect((await failureOf(http.get('/away'))).code).toBe('address_refused')
    expect(other.seen).toHaveLength(0)
  })

  it('renews once after a 401 and sends the request again', async () => {
    let key = 'old'
    const crm = await serve((request, response) => request.headers['x-api-key'] === 'new' ? json(response, 200, { ok: true }) : json(response, 401, {}))
    const renewals: number[] = []
    const http = client([crm.origin], {
      authorize: async config => {
        config.headers.set('X-Api-Key', key)
        return 7
      },
      renew: async version => {
        renewals.push(version)
        key = renewals.length === 1 ? 'new' : 'newer'
      },
    })
    expect((await http.post('/things', { a: 1 })).data).toEqual({ ok: true })
    expect(renewals).toEqual([7])
    key = 'old'
    expect((await failureOf(http.get('/things'))).code).toBe('unauthorized')
    expect(renewals).toEqual([7, 7])
  })

  it.each([
    [400, 'rejected'], [401, 'unauthorized'], [403, 'forbidden'], [404, 'not_found'], [409, 'conflict'], [418, 'bad_response'],
    [422, 'rejected'], [429, 'rate_limited'], [500, 'server_error'], [502, 'server_error'], [503, 'unavailable'], [504, 'timeout'],
  ])('turns the status %i into %s', async (status, code) => {
    const crm = await serve((_request, response) => json(response, status, {}, { 'Retry-After': '7' }))
    expect(await failureOf(client([crm.origin]).get('/x'))).toMatchObject({ code, crmStatus: status, retryAfterMs: 7000 })
  })

  it.each([
    ['broken JSON', 'application/json', '{"a": '],
    ['a web page', 'text/html', '<html>Maintenance</html>'],
  ])('calls %s a bad response', async (_what, type, body) => {
    const crm = await serve((_request, response) => response.writeHead(200, { 'Content-Type': type }).end(body))
    expect((await failureOf(client([crm.origin]).get('/x'))).code).toBe('bad_response')
  })

  it('tells a cut line, a refused connection and the deadline apart', async () => {
    const crm = await serve((request, response) => { if (request.url === '/api/cut') response.destroy() })
    expect((await failureOf(client([crm.origin]).get('/cut'))).code).toBe('connection_lost')
    expect((await failureOf(client([crm.origin], { signal: AbortSignal.timeout(50) }).get('/hang'))).code).toBe('timeout')
    expect((await failureOf(client(['http://127.0.0.1:1']).get('/x'))).code).toBe('unreachable')
  })

  it('keeps no credential in a failure', async () => {
    const crm = await serve((_request, response) => json(response, 500, {}))
    const failure = await failureOf(client([crm.origin]).get('/x'))
    expect(JSON.stringify([failure, failure.cause, Object.values(failure), failure.stack])).not.toContain('the key')
  })
})

describe('Retry-After', () => {
  it('reads seconds and dates, and never waits longer than a day', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    expect(retryAfterMs('3', now)).toBe(3000)
    expect(retryAfterMs('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000)
    expect(retryAfterMs('Thu, 01 Jan 2025 00:01:00 GMT', now)).toBe(0)
    expect(retryAfterMs('99999999', now)).toBe(86_400_000)
    expect(retryAfterMs('soon', now)).toBeUndefined()
  })
})

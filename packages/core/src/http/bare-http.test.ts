import { Agent as HttpAgent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { AxiosError } from 'axios'
import type { CrmAdapter } from '../adapter.js'
import { CrmError } from '../errors/crm-error.js'
import { createAdapterContext } from './adapter-context.js'
import type { AddressRules } from './address-rules.js'
import type { Credentials } from './credentials.js'
import { HeldHere } from './held-here.js'
import { OperationCredentials } from './operation-credentials.js'

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

const agents = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() }
/** As an operator's: one name is not allowed, and an https address of this machine is plain http. */
const rules: AddressRules = {
  resolve: template => template.replace(/^https:\/\/127/, 'http://127'),
  check(url) { if (new URL(url).hostname === 'inside.example') throw new CrmError('address_refused') },
  agentsFor: () => agents,
}

function contextOf(held: Credentials, { needsCredentials = true, signal = AbortSignal.timeout(5000) } = {}) {
  // Of an adapter the context looks at these members only.
  const adapter = { ...(needsCredentials && { needsCredentials }) } as CrmAdapter
  const source = new HeldHere(held)
  const ctx = createAdapterContext({
    adapter, scheme: { type: 'basic', fields: [] }, credentials: new OperationCredentials(source), guard: rules, signal, requestId: 'request-1', idempotencyKey: 'lf-1',
    connection: { id: 'c1', hostname: 'crm.example', settings: {}, secrets: {}, user: null }, phoneOptions: {}, log: { debug: () => undefined, warn: () => undefined },
  })
  return { ctx, source, http: ctx.credentials?.http as NonNullable<typeof ctx.credentials>['http'] }
}

const fields: Credentials = { type: 'fields', fields: { username: 'ann', password: 'pass-word' } }

it('gives an adapter no credentials that does not declare that it needs them', () => {
  expect(contextOf(fields, { needsCredentials: false }).ctx.credentials).toBeUndefined()
})

describe('the http client of an adapter that handles credentials itself', () => {
  it('puts none on, and no key that a request could be taken for another by', async () => {
    const crm = await serve((_request, response) => response.end('{"a":1}'))
    const { http } = contextOf(fields)
    expect((await http.post(`${crm.origin}/x?y=1`, { b: 2 }, { params: { z: 'é' } })).data).toEqual({ a: 1 })
    expect(crm.seen[0]!.url).toBe('/x?y=1&z=%C3%A9')
    expect(crm.seen[0]!.headers).toMatchObject({ 'x-request-id': 'request-1', 'user-agent': 'Linefinder' })
    expect(Object.keys(crm.seen[0]!.headers)).not.toEqual(expect.arrayContaining(['authorization']))
    expect(crm.seen[0]!.headers['idempotency-key']).toBeUndefined()
  })

  it('fails as axios does, the answer with it, and asks once', async () => {
    const crm = await serve((_request, response) => response.writeHead(401).end('{"why":"old"}'))
    const failure = await contextOf(fields).http.get(crm.origin).then(() => null, (error: AxiosError) => error)
    expect(failure).toMatchObject({ isAxiosError: true, response: { status: 401, data: { why: 'old' } } })
    expect(crm.seen).toHaveLength(1)
  })

  it('takes an address of this machine by the operator’s rule', async () => {
    const crm = await serve((_request, response) => response.end('1'))
    expect((await contextOf(fields).http.get(crm.origin.replace('http:', 'https:'))).data).toBe(1)
  })

  it('asks no address that may not be asked, by itself or by a redirect, and follows none to another host', async () => {
    const other = await serve((_request, response) => response.end('{}'))
    const crm = await serve(({ url }, response) => response.writeHead(302, {
      Location: { '/out': `${other.origin}/x`, '/in': 'http://inside.example/', '/here': '/there' }[url ?? ''] ?? '/there',
    }).end())
    const { http } = contextOf(fields)
    await expect(http.get('http://inside.example/')).rejects.toMatchObject({ code: 'address_refused' })
    await expect(http.get(`${crm.origin}/out`)).rejects.toThrow(/another|is not allowed/)
    await expect(http.get(`${crm.origin}/in`)).rejects.toThrow()
    expect(other.seen).toHaveLength(0)
    await expect(http.get(`${crm.origin}/here`)).rejects.toMatchObject({ code: 'ERR_FR_TOO_MANY_REDIRECTS' })
  })

  it('stops when the operation is over', async () => {
    const crm = await serve(() => undefined)
    const over = new AbortController()
    const asking = contextOf(fields, { signal: over.signal }).http.get(crm.origin)
    over.abort()
    await expect(asking).rejects.toMatchObject({ code: 'ERR_CANCELED' })
  })
})

describe('what such an adapter keeps', () => {
  it('stays beside its credentials, and may be 64 kB', async () => {
    const { ctx, source } = contextOf(fields)
    expect(await ctx.credentials?.read()).toEqual({ fields: fields.fields, state: {} })
    expect(await ctx.credentials?.replace({ fields: { username: 'ann', password: 'new' }, state: { zone: 'UTC' } })).toBe(true)
    expect(source.credentials).toEqual({ type: 'fields', fields: { username: 'ann', password: 'new' }, state: { zone: 'UTC' } })
    await expect(ctx.credentials?.replace({ fields: {}, state: { a: 'x'.repeat(70_000) } })).rejects.toMatchObject({ code: 'adapter_fault' })
  })

  it('may not become of another kind', async () => {
    await expect(contextOf(fields).ctx.credentials?.replace({ accessToken: 'a', state: {} })).rejects.toMatchObject({ code: 'adapter_fault' })
    await expect(contextOf({ type: 'oauth2', accessToken: 'a' }).ctx.credentials?.replace({ fields: {}, state: {} })).rejects.toMatchObject({ code: 'adapter_fault' })
  })
})

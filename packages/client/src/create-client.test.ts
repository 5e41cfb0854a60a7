import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { api, endpoints } from '@linefinder/core/api'
import { createClient } from './create-client.js'
import type { ClientOptions } from './send.js'
import { json, RecordingServer, text } from './testing/recording-server.js'

let server: RecordingServer
beforeAll(async () => { server = await RecordingServer.start() })
afterAll(() => server.stop())
beforeEach(() => { server.answer = json(200, {}) })

const clientOf = (options: Partial<ClientOptions> = {}) => createClient({ baseUrl: server.origin, token: 'lfs_one', ...options })

const log = {
  direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00',
} as const

describe('methods', () => {
  it('stand where the declarations have their endpoint', () => {
    const namesOf = (tree: object): string[] => Object.entries(tree).flatMap(([name, member]: [string, object]) =>
      typeof member === 'function' || 'path' in member ? [name] : namesOf(member).map(inner => `${name}.${inner}`))
    const pages = ['connecting.authorize', 'connecting.connectShared', 'connecting.callback', 'reconnecting.open', 'reconnecting.submit']
    const notJson = ['contacts.callerId', 'phoneNumbers.normalize']
    const methods = namesOf(clientOf())
    expect(methods).toEqual(namesOf(api).filter(name => ![...pages, ...notJson].includes(name)))
    expect(methods).toHaveLength(endpoints.filter(endpoint => !('isBrowserPage' in endpoint) && !('format' in endpoint)).length)
  })

  it('send path, query and body to the endpoint', async () => {
    await clientOf().callLogs.put({ params: { callId: 'call-1' }, query: { leg: 'b' }, body: log })
    expect(server.last).toMatchObject({ method: 'PUT', path: '/v1/call-logs/call-1', body: log })
    expect([...server.last.query]).toEqual([['leg', 'b']])
    expect(server.last.headers['content-type']).toBe('application/json')
  })

  it('reach nested endpoints', async () => {
    await clientOf({ token: 'lfk_admin' }).admin.installations.create({ body: { adapter: 'acme', name: 'Acme' } })
    expect(server.last).toMatchObject({ method: 'POST', path: '/v1/admin/installations', body: { adapter: 'acme', name: 'Acme' } })
  })

  it('need no argument where an endpoint takes none', async () => {
    await clientOf().me.get()
    expect(server.last).toMatchObject({ method: 'GET', path: '/v1/me', body: undefined })
  })

  it('return undefined for an answer without a body', async () => {
    server.answer = response => { response.writeHead(204).end() }
    expect(await clientOf().me.endSession()).toBeUndefined()
  })

  it('are typed by the declarations', () => {
    const client = clientOf()
    const neverCalled = async () => {
      // @ts-expect-error a call log needs its id
      await client.callLogs.put({ body: log })
      // @ts-expect-error `direction` is missing
      await client.callLogs.put({ params: { callId: 'x' }, body: { from: log.from, to: log.to, startedAt: log.startedAt } })
      // @ts-expect-error there is no such parameter
      await client.contacts.find({ query: { number: '1' } })
      // @ts-expect-error pages are for browsers
      await client.connecting.authorize({})
      const { contacts: [first], source } = await client.contacts.find({ query: { phone: '1' } })
      return [first?.name satisfies string | undefined, source satisfies 'directory' | 'crm' | 'remembered' | null]
    }
    expect(neverCalled).toBeInstanceOf(Function)
  })
})

describe('addresses', () => {
  it('carry a plus as a plus', async () => {
    await clientOf().contacts.find({ query: { phone: '+31 413 741741' } })
    expect(server.last.query.get('phone')).toBe('+31 413 741741')
  })

  it('leave out what is undefined', async () => {
    await clientOf().contacts.find({ query: { name: 'Jan', country: undefined } })
    expect([...server.last.query.keys()]).toEqual(['name'])
  })

  it('keep any call id within its path segment', async () => {
    await clientOf().callLogs.get({ params: { callId: 'a/../b?c#d%2F é' } })
    expect(server.last.path).toBe(`/v1/call-logs/${encodeURIComponent('a/../b?c#d%2F é')}`)
  })

  it.each(['', '.', '..'])('refuse the id %j, which would name another endpoint', async callId => {
    const asked = server.asked.length
    await expect(clientOf().callLogs.get({ params: { callId } })).rejects.toThrow(TypeError)
    expect(server.asked).toHaveLength(asked)
  })

  it('begin with a base that may have a path and a slash', async () => {
    await clientOf({ baseUrl: `${server.origin}/linefinder/` }).health.live()
    expect(server.last.path).toBe('/linefinder/healthz')
  })
})

describe('the token', () => {
  it('goes into the header and nowhere else', async () => {
    await clientOf().contacts.find({ query: { phone: '+31413741741' } })
    expect(server.last.headers.authorization).toBe('Bearer lfs_one')
    expect(`${server.last.path}${server.last.query.toString()}`).not.toContain('lfs_one')
  })

  it('is asked for before each call when it is a function', async () => {
    const tokens = ['lfs_one', 'lfs_two']
    const client = clientOf({ token: async () => tokens.shift() ?? '' })
    await client.me.get()
    await client.me.get()
    expect(server.asked.slice(-2).map(({ headers }) => headers.authorization)).toEqual(['Bearer lfs_one', 'Bearer lfs_two'])
  })

  it('is not sent where nobody needs to be proven', async () => {
    await clientOf({ token: () => { throw new Error('not asked') } }).adapters.list()
    expect(server.last.headers.authorization).toBeUndefined()
  })
})

describe('the connection of an API key', () => {
  it('is named in the header, for the client or for one call', async () => {
    const client = clientOf({ token: 'lfk_log', connection: 'c1' })
    await client.callLogs.list()
    await client.callLogs.list({ connection: 'c2' })
    expect(server.asked.slice(-2).map(({ headers }) => headers['linefinder-connection'])).toEqual(['c1', 'c2'])
  })

  it('is not sent where no key works', async () => {
    await clientOf({ connection: 'c1' }).me.get()
    expect(server.last.headers['linefinder-connection']).toBeUndefined()
  })
})

describe('headers of the client', () => {
  it('go with every call', async () => {
    await clientOf({ headers: { 'X-Request-Id': 'abc' } }).health.live()
    expect(server.last.headers['x-request-id']).toBe('abc')
  })
})

describe('checkAnswers', () => {
  const answer = { status: 'ok', newer: true }

  it('lets fields of a newer server through', async () => {
    server.answer = json(200, answer)
    expect(await clientOf({ checkAnswers: true }).health.live()).toEqual(answer)
  })

  it('rejects an answer that is not as declared', async () => {
    server.answer = json(200, { status: 'fine' })
    await expect(clientOf({ checkAnswers: true }).health.live()).rejects.toMatchObject({ name: 'LinefinderNetworkError', reason: 'wrong_shape', status: 200 })
  })

  it('is off by default', async () => {
    server.answer = json(200, { status: 'fine' })
    expect(await clientOf().health.live()).toEqual({ status: 'fine' })
  })
})

describe('redirects', () => {
  it('are not followed, so no token goes astray', async () => {
    const elsewhere = await RecordingServer.start()
    server.answer = text(307, '', { Location: `${elsewhere.origin}/v1/me` })
    await expect(clientOf().me.get()).rejects.toMatchObject({ reason: 'no_answer' })
    expect(elsewhere.asked).toEqual([])
    await elsewhere.stop()
  })
})

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { callLogInput, externalId, type OAuth2Scheme } from '@linefinder/core'
import { HeldHere, type Credentials, type CredentialSource } from '@linefinder/core/http'
import { connectionOf, type ContextChanges } from '../testing/context.js'
import { FakeApi, json } from '../testing/fake-api.js'
import { appConnectConnector, loadConnectors, type ConnectorAdapter } from './index.js'

const path = fileURLToPath(new URL('../testing/asking-connector.cjs', import.meta.url))
const manifest = { platforms: { asking: { auth: { type: 'oauth' } } } }
const printed: string[] = []

let api: FakeApi
let adapter: ConnectorAdapter
beforeAll(async () => {
  api = await FakeApi.start()
  adapter = appConnectConnector(path, { manifest, output: (level, words) => { printed.push(JSON.stringify([level, ...words])) } })
})
afterAll(() => api.stop())
beforeEach(() => {
  api.asked.length = 0
  printed.length = 0
  api.answer = (_asked, response) => { json(response, 200, []) }
})

const oauth = (accessToken = 'token-1', state?: Record<string, unknown>): Credentials => ({ type: 'oauth2', accessToken, refreshToken: `refresh-of-${accessToken}`, ...(state && { state }) })
const connected = (credentials: Credentials = oauth('token-1', { userId: '7-asking' }), changes: ContextChanges = {}) => connectionOf(adapter, credentials, { hostname: api.host, ...changes })
const byPhone = (raw: string) => ({ e164: null, raw, extension: null, variants: [raw] })
const create = (name: string, changes: ContextChanges = {}) => adapter.createContact(connected(undefined, changes).ctx, { name, phone: '+31201234567' })
const log = { ...callLogInput.parse({ direction: 'inbound', from: { number: '1' }, to: { number: '2' }, startedAt: '2026-03-01T10:00:00Z', contactId: '1' }), externalId: externalId.parse('lf-1') }

describe('a module of a connector', () => {
  it('finds what it requires: ours, its own files and those of Node', () => {
    const { exported, unguarded } = loadConnectors({ path })
    expect(exported).toMatchObject({ data: { answer: 42 } })
    expect(unguarded).toEqual([])
  })

  it('shares nothing with the same one loaded again', () => {
    const [one, other] = [0, 1].map(() => loadConnectors({ path }).exported as { seen: unknown[] })
    expect(one!.seen).not.toBe(other!.seen)
  })

  it('sees of the environment what it was given, by the operator and by the installation before', async () => {
    const own = appConnectConnector(path, { manifest, environment: { ASKING_ID: 'operator', ASKING_AUTH: 'oauth' } })
    const schemeFor = async (settings: object, secrets = {}) => await (own.auth as (installation: object) => Promise<OAuth2Scheme>)({ hostname: 'crm.example', settings, secrets })
    expect((await schemeFor({})).client).toEqual({ id: 'operator', secret: null })
    const scheme = await schemeFor({ properties: { ASKING_ID: 'tenant' } }, { ASKING_SECRET: 'sealed' })
    expect(scheme).toMatchObject({ type: 'oauth2', authorizeUrl: 'https://crm.example/authorize', tokenUrl: 'https://crm.example/token', scopes: ['a', 'b'], client: { id: 'tenant', secret: 'sealed' } })
    expect(scheme.exchangeOptions?.('the-code')).toEqual({ headers: { Authorization: '' }, params: { code: 'the-code', client_id: 'tenant' } })
    expect(await adapter.createCallLog(connected().ctx, log)).toEqual({ id: 'nothing production true 7-asking' })
  })
})

it('is not taken at its word about who connects, where the agent says at which address', async () => {
  const form = (content: object[]) => ({ platforms: { asking: { auth: { apiKey: { page: { content } } } } } })
  const identityOf = async (content: object[], options = {}) => {
    const own = appConnectConnector(path, { manifest: form(content) as never, environment: { ASKING_AUTH: 'apiKey' }, ...options })
    return (await (own.auth as (installation: object) => Promise<OAuth2Scheme>)({ hostname: 'crm.example', settings: {}, secrets: {} })).identity
  }
  const key = { const: 'apiKey', title: 'Key', required: true }
  expect(await identityOf([key])).toBe('proven')
  expect(await identityOf([key, { const: 'apiUrl', title: 'URL' }])).toBe('named')
  expect(await identityOf([key, { const: 'apiUrl', title: 'URL' }], { identity: 'proven' })).toBe('proven')
})

describe('the user', () => {
  it('is kept as the connector names it while connecting, and goes by what it overrides', async () => {
    api.answer = (_asked, response) => { json(response, 200, { id: 7, name: 'Ann', team: 't1', host: 'eu.crm.example' }) }
    const { ctx, held } = connected(oauth('token-1', { connecting: { rcAccountId: 'r1' } }), { userId: null })
    expect(await adapter.getUserInfo(ctx)).toEqual({ id: '7', name: 'Ann', timezone: 'Europe/Amsterdam' })
    expect(api.asked[0]!.headers.authorization).toBe('Bearer token-1')
    expect(held.credentials).toEqual({
      ...oauth(), state: {
        userId: '7-asking', hostname: 'eu.crm.example', timezoneName: 'Europe/Amsterdam', rcAccountId: 'r1', platformAdditionalInfo: { team: 't1' }, userSettings: { welcomed: { value: true } },
      },
    })
  })

  it('of an API key may get another key', async () => {
    api.answer = (_asked, response) => { json(response, 200, { id: 7, name: 'Ann', key: 'better-key' }) }
    const { ctx, held } = connected({ type: 'fields', fields: { apiKey: 'key' } }, { userId: null })
    await adapter.getUserInfo(ctx)
    expect(api.asked[0]!.headers.authorization).toBe(`Basic ${Buffer.from('key').toString('base64')}`)
    expect(held.credentials).toMatchObject({ type: 'fields', fields: { apiKey: 'better-key' } })
  })

  it('that is looked for by another id is nobody, and many calls at once keep to their own', async () => {
    const many = Array.from({ length: 20 }, (_, index) => connected(oauth(`token-${String(index)}`, { userId: `${String(index)}-asking` }), { connectionId: `c${String(index)}`, userId: String(index) }))
    const found = await Promise.all(many.map(({ ctx }, index) => adapter.searchContacts!(ctx, `${String(index + 1)}-asking`, 5)))
    expect(found.map(([contact]) => [contact?.id, contact?.name])).toEqual(many.map((_, index) => [`${String(index)}-asking`, '1 none']))
    expect(many.map(({ held }) => held.credentials.state?.['platformAdditionalInfo'])).toEqual(many.map((_, index) => ({ searched: `${String(index + 1)}-asking` })))
  })

  it('is saved over what has changed elsewhere meanwhile, and not the other way', async () => {
    const held = new HeldHere(oauth('token-1', { userId: '7-asking', platformAdditionalInfo: { a: 1 } }))
    let interfere = async () => { await held.replace((await held.current()).version, { ...oauth('newer'), state: { userId: '7-asking', platformAdditionalInfo: { a: 1 }, rcAccountId: 'r9' } }) }
    const source: CredentialSource = {
      current: () => held.current(), renew: () => held.renew(), forget: known => held.forget(known),
      async replace(known, next) {
        await interfere()
        interfere = async () => undefined
        return held.replace(known, next)
      },
    }
    await adapter.searchContacts!(connected(oauth(), { source }).ctx, 'x', 5)
    expect(held.credentials).toEqual({ ...oauth('newer'), state: { userId: '7-asking', platformAdditionalInfo: { a: 1, searched: 'x' }, userSettings: {}, rcAccountId: 'r9' } })
  })

  it('that is destroyed has to connect again', async () => {
    const { ctx, held } = connected()
    await adapter.createContact(ctx, { name: 'destroy', phone: '1' }).catch(() => undefined)
    await expect(held.current()).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('that logs out leaves the forgetting to the server', async () => {
    const { ctx, held } = connected()
    await adapter.logout(ctx)
    expect((await held.current()).credentials).toMatchObject({ accessToken: 'token-1' })
  })

  it('has a lock that nobody takes twice', async () => {
    expect(await create('lock')).toMatchObject({ id: 'ConditionalCheckFailedException', name: '7-asking undefined' })
  })
})

describe('a request', () => {
  it('with a token that is over is sent again with a newer one, which is asked for once', async () => {
    let renewals = 0
    const held = new HeldHere(oauth('token-1', { userId: '7-asking' }))
    const source: CredentialSource = {
      current: () => held.current(), replace: (known, next) => held.replace(known, next), forget: known => held.forget(known),
      async renew(stale) {
        renewals += 1
        return await held.replace(stale, { ...oauth('token-2'), state: { userId: '7-asking' } }) ?? held.current()
      },
    }
    api.answer = ({ headers }, response) => { json(response, headers.authorization === 'Bearer token-2' ? 200 : 401, [{ id: '1', name: 'Jan', phone: '5' }]) }
    expect(await adapter.findContact(connected(oauth(), { source }).ctx, byPhone('5'))).toHaveLength(3)
    expect(renewals).toBe(1)
    expect(api.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2', 'Bearer token-2', 'Bearer token-2'])
  })

  it('goes where the rules for addresses let it, whatever the connector sets', async () => {
    await expect(create('private')).rejects.toMatchObject({ code: 'address_refused' })
    api.answer = (_asked, response) => response.writeHead(302, { Location: 'http://metadata.internal/' }).end()
    await expect(create('redirect')).rejects.toMatchObject({ code: 'address_refused' })
    api.answer = (_asked, response) => { json(response, 200, { id: '5', name: 'real' }) }
    await create('smuggle')
    expect(api.asked.at(-2)?.url).toBe('/x')
  })

  it('ends when the operation does, whatever the connector sets', async () => {
    api.answer = () => undefined
    const over = new AbortController()
    const asking = create('patient', { signal: over.signal })
    over.abort()
    await expect(asking).rejects.toMatchObject({ code: 'timeout' })
  })
})

describe('a failure', () => {
  it.each([[400, 'rejected'], [401, 'unauthorized'], [403, 'forbidden'], [404, 'not_found'], [409, 'conflict'], [422, 'rejected'], [500, 'server_error'], [503, 'unavailable']])('with %s is %s, thrown or handled', async (status, code) => {
    api.answer = (_asked, response) => { json(response, status, {}) }
    // A token that is refused is renewed first, and here there is no newer one.
    await expect(create('Jan')).rejects.toMatchObject({ code, ...(status !== 401 && { crmStatus: status }) })
    await expect(create('handled')).rejects.toMatchObject({ code, crmStatus: status })
  })

  it('of too many requests says how long to wait', async () => {
    api.answer = (_asked, response) => { json(response, 429, {}, { 'Retry-After': '7' }) }
    await expect(create('handled')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 })
  })

  it('that the connector hides behind nobody is told all the same', async () => {
    api.answer = (_asked, response) => { json(response, 500, {}) }
    await expect(adapter.findContact(connected().ctx, byPhone('swallow'))).rejects.toMatchObject({ code: 'server_error' })
    api.answer = (_asked, response) => { json(response, 400, { why: 'no such field' }) }
    expect(await adapter.findContact(connected().ctx, byPhone('swallow'))).toEqual([])
  })

  it('of the connection says that the CRM may have done it', async () => {
    api.answer = (_asked, response) => { response.socket?.destroy() }
    await expect(create('Jan')).rejects.toMatchObject({ code: 'connection_lost', maybeCommitted: true })
  })

  it('after a part of a log was made is for a person, unless the CRM knows it again', async () => {
    api.answer = ({ url }, response) => { json(response, url === '/calls' ? 201 : 503, {}) }
    const inParts = { ...log, subject: 'in parts' }
    await expect(adapter.createCallLog(connected().ctx, inParts)).rejects.toMatchObject({ code: 'rejected', detail: expect.stringContaining('A part of it is in the CRM') })
    const keyed = appConnectConnector(path, { manifest, sendsIdempotencyKey: true })
    await expect(keyed.createCallLog(connectionOf(keyed, oauth('token-1', { userId: '7-asking' }), { hostname: api.host }).ctx, inParts)).rejects.toMatchObject({ code: 'unavailable' })
    api.answer = (_asked, response) => { json(response, 503, {}) }
    await expect(adapter.createCallLog(connected().ctx, inParts)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('that is an answer nobody understands is the answer’s, one of the connector its own', async () => {
    await expect(create('type')).rejects.toMatchObject({ code: 'bad_response' })
    await expect(create('bug')).rejects.toMatchObject({ code: 'adapter_fault' })
    api.answer = (_asked, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Welcome</p>')
    await expect(create('Jan')).rejects.toMatchObject({ code: 'bad_response' })
  })

  it('that is a word to the person is nobody, and names no number', async () => {
    expect(await adapter.findContact(connected().ctx, byPhone('refuse'))).toEqual([])
    expect(await adapter.appConnect.findContact(connected().ctx, { phoneNumber: 'refuse', overridingFormat: '', isExtension: 'false' })).toEqual({
      contacts: [], returnMessage: { message: 'Nobody for +31 413 741 741 here', messageType: 'warning' },
    })
  })
})

it('says nothing of what it prints, but where the operator wants it', async () => {
  const { ctx, said } = connected()
  await adapter.searchContacts!(ctx, 'x', 5)
  api.answer = (_asked, response) => { json(response, 500, {}) }
  await adapter.findContact(ctx, byPhone('swallow')).catch(() => undefined)
  expect(said).toEqual([])
  expect(printed.join()).toMatch(/token-1/)
})

it('asks nothing while it is not called', async () => {
  const { getUserInfo } = loadConnectors({ path }).exported as { getUserInfo(given: object): Promise<unknown> }
  await expect(getUserInfo({ authHeader: 'Bearer x', hostname: api.host })).rejects.toThrow('only while it is called')
  expect(api.asked).toEqual([])
})

it('wants to be told which platform it is, where the manifest has several', () => {
  expect(() => { appConnectConnector(path, { manifest: { platforms: { other: {}, asking: {} } } }) }).toThrow(/say which platform/)
})

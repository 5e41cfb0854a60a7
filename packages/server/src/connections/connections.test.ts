import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import type { SessionToken } from '@linefinder/core/api'
import type { ConnectionRow } from './models.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let otherCrm: FakeCrm
let doomedCrm: FakeCrm
let test: TestServer
const installations: Record<'oauth2' | 'apiKey' | 'basic' | 'custom' | 'optional', string> = { oauth2: '', apiKey: '', basic: '', custom: '', optional: '' }

beforeAll(async () => {
  ;[crm, otherCrm, doomedCrm] = [await FakeCrm.start(), await FakeCrm.start(), await FakeCrm.start()]
  const optional = fakeAdapter('apiKey')
  if (typeof optional.auth === 'function' || optional.auth.type !== 'apiKey') throw new Error('the fake adapter has changed')
  const auth = { ...optional.auth, fields: [...optional.auth.fields, { name: 'site', label: 'Site', secret: false, required: false, pattern: '[a-z]+|' }] }
  test = await startTestServer({
    crm, otherCrms: [otherCrm, doomedCrm],
    adapters: [fakeAdapter('oauth2'), fakeAdapter('apiKey'), fakeAdapter('basic'), fakeAdapter('custom'), fakeAdapter('apiKey', { id: 'fake-optional', auth })],
  })
  for (const type of ['oauth2', 'apiKey', 'basic', 'custom', 'optional'] as const) installations[type] = await test.install(`fake-${type.toLowerCase()}`)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
  await otherCrm.stop()
})
beforeEach(() => {
  Object.assign(crm, { fault: 'none', tokenFault: 'none', accountId: 'account-1', expiresIn: 3600 })
  crm.user = { id: `u-${expect.getState().currentTestName ?? ''}`.slice(0, 200), name: 'Ann Agent', email: 'ann@example.test' }
})

const post = (body: object) => request(test.url).post('/v1/connections').send(body)
const connect = (installation: string, fields: Record<string, string>, more: object = {}) =>
  post({ client_id: test.clientId, installation, fields, ...more })
const connectByKey = async (more: object = {}) =>
  (await connect(installations.apiKey, { key: 'good-key' }, more).expect(201)).body as SessionToken
const connectByOAuth = () => new OAuthBrowser(test, crm).connect(installations.oauth2)
const as = ({ token }: SessionToken) => ({
  getMe: () => request(test.url).get('/v1/me').auth(token, { type: 'bearer' }),
  endSession: () => request(test.url).delete('/v1/session').auth(token, { type: 'bearer' }),
  endConnection: () => request(test.url).delete('/v1/connection').auth(token, { type: 'bearer' }),
})
const rowOf = async (session: SessionToken): Promise<ConnectionRow> =>
  (await test.server.services.models.connections.findByPk(session.connection.id))!
const stored = async () => {
  const { connections, agents, crmAccounts } = test.server.services.models
  return { connections: await connections.count(), agents: await agents.count(), accounts: await crmAccounts.count() }
}

describe('POST /v1/connections', () => {
  it('connects nobody without a client app', async () => {
    expect((await post({ client_id: 'nobody', installation: installations.apiKey, fields: {} }).expect(404)).body.code).toBe('client_app_not_found')
    await post({ installation: installations.apiKey, fields: {} }).expect(422)
  })

  it('connects by an API key, and tells who it is', async () => {
    const session = await connectByKey()
    expect(session).toMatchObject({ connection: { adapter: 'fake-apikey', state: 'healthy' }, user: { name: 'Ann Agent' } })
    await as(session).getMe().expect(200)
  })

  it('connects by a login of the CRM’s own, and logs in again after a 401', async () => {
    const { body } = await connect(installations.custom, { username: 'ann', password: 'right' }).expect(201)
    crm.expireAccessTokens()
    const before = crm.counts.logins
    await as(body as SessionToken).getMe().expect(200)
    expect(crm.counts.logins).toBe(before + 1)
  })

  it('connects by user name and password, in UTF-8', async () => {
    const { body } = await connect(installations.basic, { username: 'ann', password: 'pässword' }).expect(201)
    await as(body as SessionToken).getMe().expect(200)
    expect((await connect(installations.basic, { username: 'ann', password: 'x' }).expect(401)).body.code).toBe('login_refused')
  })

  it.each([
    ['a wrong key', 'apiKey', { key: 'wrong' }, 401, 'login_refused'],
    ['a wrong password', 'custom', { username: 'ann', password: 'wrong' }, 401, 'login_refused'],
    ['fields for OAuth', 'oauth2', { key: 'good-key' }, 409, 'wrong_auth_form'],
  ] as const)('stores nothing of %s', async (_name, type, fields, status, code) => {
    const before = await stored()
    const { body, text } = await connect(installations[type], fields).expect(status)
    expect(body.code).toBe(code)
    expect(text).not.toContain(Object.values(fields).at(-1))
    expect(await stored()).toEqual(before)
  })

  it('names every wrong field by pointer, and no value', async () => {
    const { body, text } = await connect(installations.custom, { password: 'pw', 'ext/ra': 'secret-value' }).expect(422)
    expect(body).toMatchObject({ code: 'invalid_fields' })
    expect(body.errors).toEqual(expect.arrayContaining([
      { in: 'body', pointer: '/fields/username', message: 'is required' },
      { in: 'body', pointer: '/fields/password', message: 'does not have the right form' },
      { in: 'body', pointer: '/fields/ext~1ra', message: 'is not known here' },
    ]))
    expect(body.errors).toHaveLength(3)
    expect(text).not.toContain('secret-value')
  })

  it('takes an optional field or leaves it, and compares a pattern with the whole value', async () => {
    await connect(installations.optional, { key: 'good-key' }).expect(201)
    await connect(installations.optional, { key: 'good-key', site: '' }).expect(201)
    await connect(installations.optional, { key: 'good-key', site: 'north' }).expect(201)
    await connect(installations.optional, { key: 'good-key', site: 'north1' }).expect(422)
  })

  it.each([
    ['fails', 'error', 502, 'crm_server_error'],
    ['limits requests', 'rate_limited', 503, 'crm_rate_limited'],
    ['answers nonsense', 'garbage', 502, 'crm_bad_response'],
    ['breaks off', 'reset', 503, 'crm_connection_lost'],
  ] as const)('says so when the CRM %s, and stores nothing', async (_name, fault, status, code) => {
    const before = await stored()
    crm.fault = fault
    const { body } = await connect(installations.apiKey, { key: 'good-key' }).set('X-Request-Id', 'r1').expect(status)
    expect(body).toMatchObject({ code, requestId: 'r1' })
    expect(await stored()).toEqual(before)
  })

  it('seals what it stores', async () => {
    const session = await connectByOAuth()
    const key = await connectByKey()
    const [row] = await test.server.services.database.query<{ text: string }>({
      name: 'connections-text', text: 'SELECT string_agg(connections::text, \' \') AS text FROM connections WHERE id IN ($1, $2)',
    }, [session.connection.id, key.connection.id])
    expect(row!.text).toContain('s1.')
    expect(row!.text).not.toMatch(/at-|rt-|good-key/)
  })

  it('resumes the connection of a CRM user who comes back, with agent and sessions', async () => {
    const first = await connectByKey()
    const { agentId } = await rowOf(first)
    crm.user = { ...crm.user, name: 'Ann Agent-Smith' }
    const second = await connectByKey()
    expect(second.connection.id).toBe(first.connection.id)
    expect(await rowOf(second)).toMatchObject({ agentId, credentialsVersion: 2, crmUser: { name: 'Ann Agent-Smith' } })
    await as(first).getMe().expect(200)
  })

  it('makes each connection an account of its own where the CRM reports none', async () => {
    crm.accountId = null
    const first = await rowOf(await connectByKey())
    crm.user = { ...crm.user, id: 'somebody else' }
    const second = await rowOf(await connectByKey())
    expect(second.crmAccountId).not.toBe(first.crmAccountId)
    expect(second.agentId).not.toBe(first.agentId)
  })

  it('writes an audit entry', async () => {
    const { connection } = await connectByKey()
    await connectByKey()
    const entries = await test.server.services.models.audit.findAll({ where: { subject: `connection:${connection.id}` }, order: [['createdAt', 'ASC']] })
    expect(entries.map(({ action, actor, tenantId }) => ({ action, actor, tenantId }))).toEqual([
      { action: 'connection.created', actor: `connection:${connection.id}`, tenantId: 't1' },
      { action: 'connection.resumed', actor: `connection:${connection.id}`, tenantId: 't1' },
    ])
  })
})

describe('membership', () => {
  it('lets nobody in by a CRM of their own', async () => {
    const before = await stored()
    const asked = otherCrm.requestIds.length
    expect((await connect(installations.apiKey, { key: 'good-key' }, { host: otherCrm.host }).expect(403)).body.code).toBe('host_not_allowed')
    expect((await new OAuthBrowser(test, crm).start(installations.oauth2, { host: otherCrm.host }).expect(403)).text).toContain('host_not_allowed')
    expect(otherCrm.requestIds).toHaveLength(asked)
    expect(await stored()).toEqual(before)
  })

  it('never merges two allowed hosts that report the same account, user and e-mail', async () => {
    const two = await test.install('fake-apikey', { host: null, allowedHosts: [crm.host, otherCrm.host] })
    expect((await connect(two, { key: 'good-key' }).expect(403)).body.code).toBe('host_not_allowed')
    otherCrm.user = crm.user
    const first = await rowOf((await connect(two, { key: 'good-key' }, { host: crm.host }).expect(201)).body as SessionToken)
    const second = await rowOf((await connect(two, { key: 'good-key' }, { host: otherCrm.host }).expect(201)).body as SessionToken)
    expect(second.crmUser).toEqual(first.crmUser)
    expect(second.id).not.toBe(first.id)
    expect(second.crmAccountId).not.toBe(first.crmAccountId)
    expect(second.agentId).not.toBe(first.agentId)
  })

  it('stores nothing when the admin closes the host or the installation while the CRM is asked', async () => {
    const closing = await test.install('fake-apikey', { host: null, allowedHosts: [crm.host, otherCrm.host] })
    for (const [change, code] of [[{ allowedHosts: [otherCrm.host] }, 'host_not_allowed'], [{ enabled: false, allowedHosts: [crm.host] }, 'installation_disabled']] as const) {
      const chosen = await test.server.services.installations.choose('t1', closing, crm.host).catch(() => null)
      const before = await stored()
      await test.server.services.models.installations.update({ ...change, allowedHosts: [...change.allowedHosts] }, { where: { id: closing } })
      const { connections, log } = test.server.services
      await expect(connections.connectByFields(chosen!, 'personal', { key: 'good-key' }, { requestId: 'r', log })).rejects.toMatchObject({ code })
      expect(await stored()).toEqual(before)
      await test.server.services.models.installations.update({ enabled: true, allowedHosts: [crm.host, otherCrm.host] }, { where: { id: closing } })
    }
  })

  it('knows no installation of another tenant', async () => {
    await test.addTenant('t2')
    const theirs = await test.install('fake-apikey', { tenantId: 't2' })
    expect((await connect(theirs, { key: 'good-key' }).expect(404)).body.code).toBe('installation_not_found')
  })
})

describe('GET /v1/me', () => {
  it('is for sessions only', async () => {
    const { body, headers } = await request(test.url).get('/v1/me').expect(401)
    expect(body.code).toBe('unauthenticated')
    expect(headers['www-authenticate']).toMatch(/^Bearer /)
    await request(test.url).get('/v1/me').auth(await test.addKey(['lookup', 'log', 'admin']), { type: 'bearer' }).expect(401)
  })

  it('asks the CRM now, and keeps what it says', async () => {
    const session = await connectByKey()
    crm.user = { ...crm.user, name: 'Ann Married' }
    const { body } = await as(session).getMe().expect(200)
    expect(body).toEqual({
      user: { ...crm.user, account: { id: 'account-1', name: 'Account' } },
      connection: { id: session.connection.id, installation: installations.apiKey, adapter: 'fake-apikey', host: crm.host, state: 'healthy', stateChangedAt: expect.any(String), lastError: null, pausedUntil: null, connectedAt: expect.any(String) },
      session: { expiresAt: session.expiresAt },
    })
    expect(await rowOf(session)).toMatchObject({ crmUser: { name: 'Ann Married' } })
  })

  it('renews the tokens before they expire', async () => {
    crm.expiresIn = 0.001
    const session = await connectByOAuth()
    crm.expiresIn = 3600
    const before = { ...crm.counts }
    await as(session).getMe().expect(200)
    expect(crm.counts).toMatchObject({ refresh: before.refresh + 1, me: before.me + 1 })
  })

  it('renews the tokens once after a 401', async () => {
    const session = await connectByOAuth()
    crm.expireAccessTokens()
    const before = crm.counts.refresh
    await as(session).getMe().expect(200)
    await as(session).getMe().expect(200)
    expect(crm.counts.refresh).toBe(before + 1)
  })

  it('says needs_reconnect when the CRM has revoked the grant, and works again after reconnecting', async () => {
    const session = await connectByOAuth()
    crm.revokeGrants()
    const { body, headers } = await as(session).getMe().expect(401)
    expect(body).toMatchObject({ code: 'needs_reconnect', status: 401, retryable: false })
    expect(headers['www-authenticate']).toMatch(/^Bearer /)
    expect(await rowOf(session)).toMatchObject({ state: 'needs_reconnect' })
    const again = await connectByOAuth()
    expect(again.connection.id).toBe(session.connection.id)
    await as(session).getMe().expect(200)
  })

  it('keeps the connection when the token endpoint is down', async () => {
    const session = await connectByOAuth()
    crm.expireAccessTokens()
    crm.tokenFault = 'error'
    expect((await as(session).getMe().expect(502)).body.code).toBe('crm_server_error')
    crm.tokenFault = 'none'
    await as(session).getMe().expect(200)
  })
})

describe('DELETE /v1/session', () => {
  it('is for sessions only', async () => {
    expect((await request(test.url).delete('/v1/session').expect(401)).headers['www-authenticate']).toMatch(/^Bearer /)
  })

  it('ends this session and no other', async () => {
    const [first, second] = [await connectByKey(), await connectByKey()]
    await as(first).endSession().expect(204)
    expect((await as(first).getMe().expect(401)).body.code).toBe('unauthenticated')
    await as(second).getMe().expect(200)
  })
})

describe('DELETE /v1/connection', () => {
  it('is for sessions only', async () => {
    expect((await request(test.url).delete('/v1/connection').expect(401)).headers['www-authenticate']).toMatch(/^Bearer /)
  })

  it('revokes at the CRM, forgets the credentials and ends every session; coming back resumes the connection', async () => {
    const [first, second] = [await connectByOAuth(), await connectByOAuth()]
    const { agentId } = await rowOf(first)
    const before = crm.counts.revoke
    await as(first).endConnection().expect(204)
    expect(crm.counts.revoke).toBe(before + 1)
    expect(await rowOf(first)).toMatchObject({ state: 'revoked', credentials: null, agentId })
    for (const session of [first, second]) await as(session).getMe().expect(401)
    const again = await connectByOAuth()
    expect(again.connection.id).toBe(first.connection.id)
    expect(await rowOf(again)).toMatchObject({ state: 'healthy', agentId })
    await as(again).getMe().expect(200)
    await as(first).getMe().expect(401)
  })

  it('ends the session of a CRM with a login of its own', async () => {
    const { body } = await connect(installations.custom, { username: 'ann', password: 'right' }).expect(201)
    const before = crm.counts.logouts
    await as(body as SessionToken).endConnection().expect(204)
    expect(crm.counts.logouts).toBe(before + 1)
  })

  it('ends it on our side when the CRM is down', async () => {
    const session = await new OAuthBrowser(test, doomedCrm).connect(await test.install('fake-oauth2', { host: doomedCrm.host }))
    await doomedCrm.stop()
    await as(session).endConnection().expect(204)
    expect(await rowOf(session)).toMatchObject({ state: 'revoked', credentials: null })
    await as(session).getMe().expect(401)
  })

  it('makes no session of a code that was not traded yet', async () => {
    const browser = new OAuthBrowser(test, crm)
    const { headers } = await browser.open(await browser.answer(installations.oauth2)).expect(302)
    const session = await connectByOAuth()
    await as(session).endConnection().expect(204)
    await connectByOAuth()
    const { body } = await browser.trade(new URL(headers['location']!).searchParams.get('code')!).expect(400)
    expect(body.code).toBe('invalid_grant')
  })

  it('is no way to another tenant’s connection', async () => {
    const session = await connectByKey()
    await test.addTenant('t3')
    const { connections, log } = test.server.services
    await expect(connections.revoke('t3', session.connection.id, { requestId: 'r', log })).rejects.toMatchObject({ code: 'not_found' })
    await as(session).getMe().expect(200)
  })
})

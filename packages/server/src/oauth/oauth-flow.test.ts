import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { oauth2 } from '@linefinder/core'
import { codePageRedirect } from '@linefinder/core/api'
import { codeChallengeOf } from '../secrets/token.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { codeVerifier, OAuthBrowser, pathOf } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let installation: string
let browser: OAuthBrowser

beforeAll(async () => {
  crm = await FakeCrm.start()
  const auth = oauth2({
    authorizeUrl: 'https://{hostname}/oauth/authorize?from=config', tokenUrl: 'https://{hostname}/oauth/token',
    scopes: ['a', 'b'], scopeSeparator: ',', pkce: false, authorizeParams: { access_type: 'offline' },
  })
  test = await startTestServer({ crm, adapters: [fakeAdapter('oauth2'), fakeAdapter('apiKey'), fakeAdapter('oauth2', { id: 'fake-plain', auth })] })
  installation = await test.install('fake-oauth2')
  await test.addClientApp('t1', {
    id: 'popup', redirectUris: [codePageRedirect], webOrigins: ['https://phone.example.test', 'https://desk.example.test'],
  })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => {
  browser = new OAuthBrowser(test, crm)
  Object.assign(crm, { fault: 'none', tokenFault: 'none' })
  crm.user = { id: `u-${expect.getState().currentTestName ?? ''}`.slice(0, 200), name: 'Ann Agent', email: 'ann@example.test' }
})

const count = async (table: string) => {
  const [row] = await test.server.services.database.query<{ n: number }>({ name: `count-${table}`, text: `SELECT count(*)::int AS n FROM ${table}` }, [])
  return row!.n
}
const stored = async () => ({ connections: await count('connections'), agents: await count('agents'), codes: await count('oauth_codes'), sessions: await count('sessions') })
const age = (table: string) => test.server.services.database.query({ name: `age-${table}`, text: `UPDATE ${table} SET expires_at = now() - interval '1 second'` }, [])
const codeIn = (location: string | undefined) => new URL(location ?? '').searchParams.get('code') ?? ''

describe('GET /v1/authorize', () => {
  it('sends nobody to a redirect address that the client app did not register', async () => {
    const response = await browser.start(installation, { redirect_uri: 'https://evil.example.test/' }).expect(403)
    expect(response.headers['location']).toBeUndefined()
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(response.text).toContain('redirect_not_allowed')
    await browser.start(installation, { redirect_uri: codePageRedirect }).expect(403)
  })

  it('sends the browser to the CRM with state and PKCE of our own, and ties the flow to it', async () => {
    const { headers } = await browser.start(installation).expect(302)
    const url = new URL(headers['location']!)
    expect(url.origin + url.pathname).toBe(`${crm.origin}/oauth/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code', client_id: 'client', scope: 'read write', redirect_uri: `${test.url}/v1/oauth/callback`,
      code_challenge_method: 'S256', code_challenge: expect.stringMatching(/^[\w-]{43}$/), state: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(url.searchParams.get('code_challenge')).not.toBe(codeChallengeOf(codeVerifier))
    expect(headers['set-cookie']?.[0]).toMatch(/^linefinder_flow_[0-9a-f]{16}=[\w-]{43}; Max-Age=600; Path=\/v1\/oauth; Expires=.*; HttpOnly; SameSite=Lax$/)
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'cross-origin-opener-policy': 'unsafe-none' })
  })

  it('follows the scheme in scopes, further parameters and leaving PKCE out', async () => {
    const plain = await test.install('fake-plain')
    const { headers } = await browser.start(plain).expect(302)
    const query = Object.fromEntries(new URL(headers['location']!).searchParams)
    expect(query).toMatchObject({ scope: 'a,b', access_type: 'offline', from: 'config' })
    expect(query).not.toHaveProperty('code_challenge')
    expect(await browser.connect(plain)).toMatchObject({ user: { name: 'Ann Agent' } })
  })

  it.each([
    ['an unknown client app', 404, 'client_app_not_found', () => ({ client_id: 'nobody' })],
    ['an unknown installation', 404, 'installation_not_found', () => ({ installation: '00000000-0000-4000-8000-000000000000' })],
    ['a host that the admin did not allow', 403, 'host_not_allowed', () => ({ host: 'stranger.example.test' })],
    ['a plain challenge', 422, 'invalid_fields', () => ({ code_challenge_method: 'plain' })],
  ] as const)('shows a page for %s and stores nothing', async (_name, status, code, changes) => {
    const before = await count('oauth_states')
    const response = await browser.start(installation, changes()).expect(status)
    expect(response.type).toBe('text/html')
    expect(response.text).toContain(code)
    expect(response.text).toContain(response.headers['x-request-id'])
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'cross-origin-opener-policy': 'same-origin' })
    expect(response.headers['location']).toBeUndefined()
    expect(await count('oauth_states')).toBe(before)
  })

  it('names the wrong parameters on the page', async () => {
    const { text } = await browser.start(installation, { code_challenge_method: 'plain', code_challenge: 'short' }).expect(422)
    expect(text).toContain('<code>code_challenge_method</code>')
    expect(text).toContain('<code>code_challenge</code>')
  })

  it('answers a program that asks for JSON with a problem document', async () => {
    const { body, type } = await browser.start(installation, { client_id: 'nobody' }).set('Accept', 'application/json').expect(404)
    expect(type).toBe('application/problem+json')
    expect(body.code).toBe('client_app_not_found')
  })

  it('does not lead to an installation of another tenant, a switched-off one, or one with another auth form', async () => {
    await test.addTenant('t2')
    expect((await browser.start(await test.install('fake-oauth2', { tenantId: 't2' })).expect(404)).text).toContain('installation_not_found')
    expect((await browser.start(await test.install('fake-oauth2', { enabled: false })).expect(403)).text).toContain('installation_disabled')
    expect((await browser.start(await test.install('fake-apikey')).expect(409)).text).toContain('wrong_auth_form')
  })
})

describe('GET /v1/oauth/callback', () => {
  it('stores nothing for a state that nobody was given', async () => {
    const before = await stored()
    for (const path of ['/v1/oauth/callback?code=x', '/v1/oauth/callback?code=x&state=made-up']) {
      const response = await browser.open(path).expect(400)
      expect(response.text).toContain('oauth_state_invalid')
      expect(response.text).toContain(response.headers['x-request-id'])
    }
    expect(await stored()).toEqual(before)
  })

  it('comes back to the client with a one-time code and its own state', async () => {
    const response = await browser.open(await browser.answer(installation)).expect(302)
    const url = new URL(response.headers['location']!)
    expect(url.origin + url.pathname).toBe(test.redirectUri)
    expect(Object.fromEntries(url.searchParams)).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), state: 'client-state' })
    expect(response.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'cross-origin-opener-policy': 'unsafe-none' })
    expect(response.headers['set-cookie']?.[0]).toContain('Expires=Thu, 01 Jan 1970')
  })

  it('takes parameters of the CRM’s own, and iss (RFC 9207)', async () => {
    const path = await browser.answer(installation)
    await browser.open(`${path}&iss=${encodeURIComponent(crm.origin)}&scope=read&session_state=1&realm=2`).expect(302)
  })

  it('takes a state once', async () => {
    const path = await browser.answer(installation)
    await browser.open(path).expect(302)
    const before = await stored()
    expect((await browser.open(path).expect(400)).text).toContain('oauth_state_invalid')
    expect(await stored()).toEqual(before)
  })

  it('refuses an expired state', async () => {
    const path = await browser.answer(installation)
    await age('oauth_states')
    const before = await stored()
    expect((await browser.open(path).expect(400)).text).toContain('oauth_state_invalid')
    expect(await stored()).toEqual(before)
  })

  it('refuses another browser, and the state is used up by that', async () => {
    const path = await browser.answer(installation)
    const before = await stored()
    expect((await new OAuthBrowser(test, crm).open(path).expect(400)).text).toContain('another browser')
    expect((await browser.open(path).expect(400)).text).toContain('oauth_state_invalid')
    expect(await stored()).toEqual(before)
  })

  it('lets two tabs of one browser connect at the same time', async () => {
    const [first, second] = [await browser.answer(installation), await browser.answer(installation)]
    await browser.open(second).expect(302)
    await browser.open(first).expect(302)
  })

  it('tells the client that the agent said no, once', async () => {
    const path = await browser.answer(installation, 'deny')
    const before = await stored()
    const { headers } = await browser.open(path).expect(302)
    const url = new URL(headers['location']!)
    expect(url.origin + url.pathname).toBe(test.redirectUri)
    expect(Object.fromEntries(url.searchParams)).toEqual({ error: 'access_denied', error_description: expect.stringContaining('oauth_denied'), state: 'client-state' })
    await browser.open(path).expect(400)
    expect(await stored()).toEqual(before)
  })

  it.each([
    ['invalid_scope', 'access_denied', 'invalid_scope'],
    ['temporarily_unavailable', 'temporarily_unavailable', 'crm_unavailable'],
    ['<b>"odd"</b>', 'access_denied', 'oauth_denied'],
  ])('tells the client that the CRM answers %s', async (given, error, description) => {
    const path = (await browser.answer(installation, 'deny')).replace('access_denied', encodeURIComponent(given))
    const query = new URL((await browser.open(path).expect(302)).headers['location']!).searchParams
    expect(query.get('error')).toBe(error)
    expect(query.get('error_description')).toContain(description)
    expect(query.get('error_description')).not.toMatch(/[<>"]odd/)
  })

  it.each([
    ['fails', 'error', 'temporarily_unavailable', 'crm_server_error'],
    ['breaks off', 'reset', 'temporarily_unavailable', 'crm_connection_lost'],
    ['answers nonsense', 'garbage', 'temporarily_unavailable', 'crm_bad_response'],
  ] as const)('tells the client that the token endpoint %s, and stores nothing', async (_name, fault, error, code) => {
    const path = await browser.answer(installation)
    const before = await stored()
    crm.tokenFault = fault
    const { headers } = await browser.open(path).expect(302)
    const query = Object.fromEntries(new URL(headers['location']!).searchParams)
    expect(query).toMatchObject({ error, state: 'client-state' })
    expect(query['error_description']).toContain(code)
    expect(query['error_description']).toContain(headers['x-request-id'])
    expect(await stored()).toEqual(before)
  })

  it('tells the client that the CRM refuses the code or names nobody', async () => {
    const forged = (await browser.answer(installation)).replace(/code=[^&]+/, 'code=forged')
    expect(new URL((await browser.open(forged).expect(302)).headers['location']!).searchParams.get('error_description')).toContain('login_refused')
    const path = await browser.answer(installation)
    crm.fault = 'garbage'
    const before = await stored()
    expect(new URL((await browser.open(path).expect(302)).headers['location']!).searchParams.get('error_description')).toContain('crm_bad_response')
    expect(await stored()).toEqual(before)
  })

  it('does not connect to an installation that was switched off meanwhile', async () => {
    const other = await test.install('fake-oauth2')
    const path = await browser.answer(other)
    await test.server.services.models.installations.update({ enabled: false }, { where: { id: other } })
    expect(new URL((await browser.open(path).expect(302)).headers['location']!).searchParams.get('error')).toBe('access_denied')
  })
})

describe('the code page', () => {
  const start = (state: string) => ({ client_id: 'popup', redirect_uri: codePageRedirect, state })

  it('shows the code and hands it to the client app’s origins', async () => {
    const response = await browser.open(await browser.answer(installation, 'allow', start('st"</script><b>'))).expect(200)
    const [, code = ''] = /value="([\w-]{43})"/.exec(response.text) ?? []
    const nonce = /script-src 'nonce-([^']+)'/.exec(response.headers['content-security-policy']!)?.[1]
    expect(response.headers['content-security-policy']).toContain(`default-src 'none'`)
    expect(response.text).toContain(`<script nonce="${nonce ?? ''}">`)
    expect(response.text).toContain('["https://phone.example.test","https://desk.example.test"]')
    expect(response.text).toContain(`window.opener?.postMessage({"source":"linefinder","code":"${code}","state":"st\\"\\u003c/script>\\u003cb>"}, origin)`)
    expect(response.text.match(/<\/script>/g)).toHaveLength(1)
    expect(response.headers).toMatchObject({ 'cross-origin-opener-policy': 'unsafe-none', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    await browser.trade(code, { client_id: 'popup', redirect_uri: codePageRedirect }).expect(201)
  })

  it('says that the agent said no', async () => {
    const response = await browser.open(await browser.answer(installation, 'deny', start('s'))).expect(403)
    expect(response.text).toContain('oauth_denied')
    expect(response.text).toContain('"error":"access_denied"')
    expect(response.text).toContain(response.headers['x-request-id'])
  })
})

describe('POST /v1/sessions', () => {
  const newCode = async () => codeIn((await browser.open(await browser.answer(installation)).expect(302)).headers['location'])

  it('makes no session of a code that nobody was given', async () => {
    const { body } = await browser.trade('made-up').expect(400)
    expect(body.code).toBe('invalid_grant')
    expect((await browser.trade('x', { client_id: 'nobody' }).expect(404)).body.code).toBe('client_app_not_found')
  })

  it('makes a session that works, and stores its hash only', async () => {
    const { body } = await browser.trade(await newCode()).expect(201)
    expect(body).toEqual({
      token: expect.stringMatching(/^lfs_[\w-]{43}$/), tokenType: 'Bearer', expiresAt: expect.any(String),
      connection: { id: expect.any(String), installation, adapter: 'fake-oauth2', state: 'healthy' },
      user: { ...crm.user, account: { id: 'account-1', name: 'Account' } },
    })
    const days = (Date.parse(body.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(89.9)
    expect(days).toBeLessThan(90.1)
    await request(test.url).get('/v1/me').auth(body.token, { type: 'bearer' }).expect(200)
    const [{ text }] = await test.server.services.database.query<{ text: string }>({ name: 'sessions-text', text: 'SELECT string_agg(sessions::text, \'\') AS text FROM sessions' }, []) as [{ text: string }]
    expect(text).not.toContain(body.token)
  })

  it('takes a code once', async () => {
    const code = await newCode()
    await browser.trade(code).expect(201)
    expect((await browser.trade(code).expect(400)).body.code).toBe('invalid_grant')
  })

  it('takes a code for a minute', async () => {
    const code = await newCode()
    await age('oauth_codes')
    expect((await browser.trade(code).expect(400)).body.code).toBe('invalid_grant')
  })

  it.each([
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['another client app', { client_id: 'popup' }],
    ['another redirect address', { redirect_uri: 'https://app.example.test/other' }],
  ])('refuses %s, and the code is used up by that', async (_name, changes) => {
    const code = await newCode()
    expect((await browser.trade(code, changes).expect(400)).body.code).toBe('invalid_grant')
    expect((await browser.trade(code).expect(400)).body.code).toBe('invalid_grant')
  })
})

describe('an admin’s shared connection', () => {
  const newLink = async () => {
    const { authorizeUrl, expiresAt } = await test.server.services.connections.createConnectLink('t1', installation)
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000)
    return pathOf(authorizeUrl)
  }
  const goToCrm = async (path: string, answer: 'allow' | 'deny' = 'allow') =>
    pathOf(crm.authorize((await browser.open(path).expect(302)).headers['location']!, answer))

  it('cannot be begun with a made-up link, nor twice, nor late', async () => {
    expect((await browser.open(`/v1/authorize/${'x'.repeat(43)}`).expect(400)).text).toContain('oauth_state_invalid')
    const path = await newLink()
    await browser.open(path).expect(302)
    await browser.open(path).expect(400)
    const late = await newLink()
    await age('connect_links')
    await browser.open(late).expect(400)
  })

  it('ends on a plain page, with a connection of no agent', async () => {
    const before = await stored()
    const { text } = await browser.open(await goToCrm(await newLink())).expect(200)
    expect(text).toContain('Shared connection is ready')
    expect(await stored()).toEqual({ ...before, connections: before.connections + 1 })
    expect(await test.server.services.models.connections.count({ where: { kind: 'shared', agentId: null } })).toBe(1)
  })

  it('shows a page when access was not granted', async () => {
    const before = await stored()
    expect((await browser.open(await goToCrm(await newLink(), 'deny')).expect(403)).text).toContain('oauth_denied')
    expect(await stored()).toEqual(before)
  })
})

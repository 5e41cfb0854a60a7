import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rcRedirectPage } from './oauth-login.js'
import { acmeAddress, oauthClient, passAcme, startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { Answer } from '../testing/wire-client.js'

let test: TestWire
beforeAll(async () => {
  test = await startTestWire({ surface: { admin: { rcAccounts: ['1'] } }, otherSurfaces: [{ path: '/anybody' }, { path: '/by-key', admin: { by: 'apiKey' } }] })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
  test.rc.users.set('rc-agent', { account: '1', extension: '11', isAdmin: false })
  test.rc.users.set('rc-stranger', { account: '666', extension: '1', isAdmin: true })
}, startMs)
afterAll(() => test.stop())

const values = { clientId: oauthClient.clientId, clientSecret: oauthClient.clientSecret }
const send = (method: string, path: string, rc: string, body?: object): Promise<Answer> =>
  test.client().send(method, path, body, { 'X-RC-Access-Token': rc })
const enter = (given: object = values, rc = 'rc-admin') => send('POST', '/admin/managedOAuth/cache', rc, { values: given })
const state = async (rc: string) => (await send('GET', '/oauthManagedAuthState?platform=acme', rc)).body
const clientOfInstallation = async () => (await test.server.services.installations.get('default', test.installations.acme)).oauthClientId

/** As a client does that builds the address with what the state says. */
async function signIn(clientId: string): Promise<Answer> {
  const authorizeUrl = await acmeAddress(test.client(), clientId)
  const begun = await fetch(authorizeUrl, { redirect: 'manual' })
  if (begun.status !== 302) return { status: begun.status, headers: begun.headers, body: await begun.text() }
  const back = await passAcme(test.client(), authorizeUrl)
  return test.client().get(`/oauth-callback?callbackUri=${back}&hostname=temp&rcAccountId=1`)
}

describe('the OAuth client that the operator has set', () => {
  it('is named, its secret is not, and an administrator of RingCentral cannot take it away', async () => {
    const shown = await state('rc-admin')
    expect(shown).toEqual({ isAdmin: true, hasAccountOAuth: true, hasPendingOAuth: false, oauthValues: { clientId: oauthClient.clientId, hostname: new URL(test.acme.url).host } })
    expect(await test.client().get('/oauthManagedAuthState?platform=acme')).toMatchObject({ status: 400, body: 'Missing RingCentral access token' })
    expect(await send('DELETE', '/admin/managedOAuth/account?platform=acme', 'rc-admin')).toMatchObject({ status: 400, body: { error: expect.stringContaining('administration') } })
    expect(await clientOfInstallation()).toBe(oauthClient.clientId)
  })
})

describe('an OAuth client that an administrator enters', () => {
  beforeAll(async () => {
    const response = await fetch(`${test.url}/v1/admin/installations/${test.installations.acme}`, {
      method: 'PATCH', headers: { Authorization: `Bearer ${test.adminKey}`, 'Content-Type': 'application/json' }, body: '{"oauthClientId":null,"oauthClientSecret":null}',
    })
    expect(response.status).toBe(200)
  })

  it('is taken from administrators of the accounts that the operator named, and from nobody else', async () => {
    for (const rc of ['rc-agent', 'rc-stranger', 'rc-nobody', '']) {
      expect(await enter(values, rc)).toMatchObject({ status: 403, body: 'Admin validation failed' })
      for (const path of ['cache', 'account?platform=acme']) expect((await send('DELETE', `/admin/managedOAuth/${path}`, rc)).status).toBe(403)
    }
    const post = (path: string) => test.client(path).post('/admin/managedOAuth/cache', { values }, { 'X-RC-Access-Token': 'rc-admin' })
    expect(await post('/anybody')).toMatchObject({ status: 400, body: { error: expect.stringContaining('admin.rcAccounts') } })
    expect((await post('/by-key')).status).toBe(403)
    expect(await state('rc-admin')).toMatchObject({ hasAccountOAuth: false, hasPendingOAuth: false })
  })

  it('waits for the first who signs in, unseen by others, its secret sealed', async () => {
    expect((await enter({ ...values, redirectUri: rcRedirectPage })).body).toEqual({ successful: true })
    expect(await state('rc-admin')).toEqual({ isAdmin: true, hasAccountOAuth: false, hasPendingOAuth: true, pendingValues: { clientId: oauthClient.clientId, redirectUri: rcRedirectPage } })
    expect(await state('rc-agent')).toEqual({ isAdmin: false, hasAccountOAuth: false, hasPendingOAuth: false })
    expect(JSON.stringify(await test.server.services.database.query({ text: 'SELECT row_to_json(s)::text FROM settings s' }, []))).not.toContain(oauthClient.clientSecret)
    expect(await clientOfInstallation()).toBeNull()
  })

  it('decides nothing of where codes and secrets go', async () => {
    for (const [name, value] of [['accessTokenUri', 'https://evil.example/token'], ['authorizationUri', 'https://evil.example'], ['hostname', 'evil.example'], ['scopes', 'everything']] as const) {
      expect((await enter({ ...values, [name]: value })).status).toBe(200)
      expect(await signIn(oauthClient.clientId)).toMatchObject({ status: 400, body: expect.stringContaining(name) })
    }
    expect((await enter({ clientSecret: 'x' })).body.error).toContain('clientId')
    expect((await enter({ ...values, other: 'x' })).status).toBe(400)
  })

  it('can be withdrawn before', async () => {
    await enter()
    expect((await send('DELETE', '/admin/managedOAuth/cache', 'rc-admin')).body).toEqual({ successful: true })
    expect(await state('rc-admin')).toMatchObject({ hasPendingOAuth: false })
    expect(await signIn(oauthClient.clientId)).not.toMatchObject({ status: 302 })
    expect(await clientOfInstallation()).toBeNull()
  })

  it('that the CRM does not know never becomes the installation’s', async () => {
    await enter({ ...values, clientSecret: 'a wrong one' })
    expect((await signIn(oauthClient.clientId)).body).not.toHaveProperty('jwtToken')
    expect(await clientOfInstallation()).toBeNull()
  })

  it('is the installation’s once somebody has signed in by it, for everybody', async () => {
    await enter({ ...values, accessTokenUri: `${test.acme.url}/oauth/token`, hostname: new URL(test.acme.url).host })
    expect((await signIn(oauthClient.clientId)).body).toMatchObject({ name: 'Ann de Wit', jwtToken: expect.any(String) })
    expect(await state('rc-agent')).toMatchObject({ hasAccountOAuth: true, hasPendingOAuth: false, oauthValues: { clientId: oauthClient.clientId } })
    const cho = await test.connectToAcme('cho@acme.test')
    expect((await cho.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=&isExtension=false')).body.successful).toBe(true)
  })

  it('goes again with its account, and with no other', async () => {
    expect((await send('DELETE', '/admin/managedOAuth/account', 'rc-admin')).status).toBe(400)
    expect((await send('DELETE', '/admin/managedOAuth/account?platform=acme', 'rc-admin')).body).toEqual({ successful: true })
    expect(await clientOfInstallation()).toBeNull()
    expect((await send('DELETE', '/admin/managedOAuth/account?platform=acme', 'rc-admin')).body).toEqual({ successful: true })
    const { items } = await test.server.services.admin.audit.list('default', { limit: 100 })
    expect(items.filter(({ action }) => action.startsWith('app_connect.oauth_client')).map(({ action, subject, details }) => [action, subject, details])).toEqual([
      ['app_connect.oauth_client_removed', `installation:${test.installations.acme}`, { clientId: oauthClient.clientId }],
      ['app_connect.oauth_client_set', `installation:${test.installations.acme}`, { clientId: oauthClient.clientId }],
    ])
  })
})

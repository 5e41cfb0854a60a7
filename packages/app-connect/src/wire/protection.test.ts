import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestWire, type TestWire } from '../testing/start-wire.js'
import { extensionOrigin, type WireClient } from '../testing/wire-client.js'
import { wireRoutes } from './surface.js'

let test: TestWire
let ann: WireClient
beforeAll(async () => {
  test = await startTestWire({ otherSurfaces: [{ path: '/headers-only', queryCredentials: false, extensions: ['abcdefghijklmnopabcdefghijklmnop'], origins: ['https://phone.example'] }, { path: '/other-app', clientApp: 'another' }] })
  ann = await test.connectToLegacy()
  test.rc.users.set('rc-agent', { account: '1', extension: '11', isAdmin: false })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
})
afterAll(() => test.stop())

const routesWith = (access: string) => wireRoutes.filter(route => route.access === access).map(({ method, path }) => [method.toUpperCase(), path.replace(':id', 'some-id')] as const)
/** The same for every client, whatever it lacks. */
const refusedWithout = { status: 400, body: 'Please go to Settings and authorize CRM platform' }

describe.each([...routesWith('session'), ...routesWith('admin')])('%s %s', (method, path) => {
  const ask = (query: string, client = ann) => client.send(method, `${path}${query}`, method === 'GET' ? undefined : {})

  it('wants a token, and says so in text', async () => {
    expect(await ask('')).toMatchObject(refusedWithout)
    expect(await ask('?jwtToken=undefined')).toMatchObject(refusedWithout)
    expect(await ask('?rcAccessToken=rc-admin')).toMatchObject(refusedWithout)
  })

  it('takes no token that is not ours', async () => {
    const [header, payload, signature] = ann.jwt!.split('.')
    const forged = { ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), id: 'somebody' }
    for (const token of [
      'nonsense', `${header!}.${payload!}.`, `${header!}.${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature!}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload!}.`,
    ]) expect(await ask(`?jwtToken=${token}`)).toMatchObject({ status: 400, body: 'Invalid JWT token' })
  })
})

describe.each(routesWith('admin'))('%s %s', (method, path) => {
  const ask = (rc: string) => ann.send(method, `${path}?jwtToken={jwt}${rc}`, method === 'GET' ? undefined : {})

  it('wants an administrator, and believes nobody but RingCentral', async () => {
    for (const rc of ['', '&rcAccessToken=', '&rcAccessToken=undefined', '&rcAccessToken=anything', '&rcAccessToken=rc-agent']) {
      expect(await ask(rc)).toMatchObject({ status: 403, body: 'Admin validation failed' })
    }
    test.rc.isDown = true
    expect((await ask('&rcAccessToken=unknown-yet')).status).toBe(503)
    test.rc.isDown = false
  })
})

describe('a token', () => {
  it('counts in the header before the query', async () => {
    expect((await ann.get('/hostname?jwtToken=nonsense', { Authorization: `Bearer ${ann.jwt!}` })).status).toBe(200)
    expect((await ann.get('/hostname?jwtToken={jwt}', { Authorization: 'Bearer nonsense' })).status).toBe(400)
  })

  it('is not taken from the query where the operator says so, nor RingCentral’s', async () => {
    const client = test.client('/headers-only')
    client.jwt = ann.jwt
    const bearer = { Authorization: `Bearer ${ann.jwt!}` }
    expect(await client.get('/hostname?jwtToken={jwt}')).toMatchObject(refusedWithout)
    expect((await client.get('/hostname', bearer)).status).toBe(200)
    expect((await client.get('/admin/settings?rcAccessToken=rc-admin', bearer)).status).toBe(403)
    expect((await client.get('/admin/settings', { ...bearer, 'X-RC-Access-Token': 'Bearer rc-admin' })).status).toBe(200)
  })

  it('is of one client app', async () => {
    const client = test.client('/other-app')
    client.jwt = ann.jwt
    expect(await client.get('/hostname?jwtToken={jwt}')).toMatchObject({ status: 400, body: 'Invalid JWT token' })
  })

  it('opens nothing of the native API, and a native session nothing here', async () => {
    expect((await fetch(`${test.url}/v1/me`, { headers: { Authorization: `Bearer ${ann.jwt!}` } })).status).toBe(401)
    const { jti } = JSON.parse(Buffer.from(ann.jwt!.split('.')[1]!, 'base64url').toString()) as { jti: string }
    for (const token of [jti, `app-connect:${jti}`]) expect((await fetch(`${test.url}/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(401)
  })
})

describe('browsers', () => {
  const preflight = (path: string, origin: string) => fetch(`${test.url}${path}`, {
    method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'rc-account-id,rc-extension-id,developer-author-name' },
  })

  it('let any extension send everything that the client sends, and read the new token', async () => {
    const asked = await preflight('/app-connect/callLog', extensionOrigin)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(extensionOrigin)
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST, PATCH, PUT, DELETE')
    expect(asked.headers.get('access-control-allow-headers')).toBe('rc-account-id,rc-extension-id,developer-author-name')
    const { headers } = await ann.get('/isAlive')
    expect(headers.get('access-control-expose-headers')).toContain('x-refreshed-jwt-token')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('set-cookie')).toBeNull()
  })

  it('let no page in that the operator has not named, and no other extension where one is named', async () => {
    expect((await preflight('/app-connect/callLog', 'https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
    expect((await preflight('/app-connect/callLog', 'https://chrome-extension.example')).headers.get('access-control-allow-origin')).toBeNull()
    expect((await preflight('/headers-only/callLog', 'https://phone.example')).headers.get('access-control-allow-origin')).toBe('https://phone.example')
    expect((await preflight('/headers-only/callLog', 'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba')).headers.get('access-control-allow-origin')).toBeNull()
  })
})

it('answers a body that is no JSON, and one that is too large, with 400 and 413', async () => {
  const post = (body: string) => fetch(`${test.url}/app-connect/callLog?jwtToken=${ann.jwt!}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
  expect((await post('{')).status).toBe(400)
  expect((await post(JSON.stringify('x'.repeat(3_000_000)))).status).toBe(413)
  expect((await (await post('{}')).json())).toHaveProperty('error')
})

it.each([
  'GET /ringcentral/admin/report', 'GET /ringcentral/admin/userReport', 'GET /ringcentral/oauth/callback', 'GET /debug/report/url', 'POST /plugin/register',
  'DELETE /plugin/unregister', 'GET /plugin/licenseStatus', 'POST /plugin/async-callback/some-task', 'POST /googleSheets/sheet', 'GET /googleSheets/filePicker',
  'GET /pipedrive-redirect', 'GET /.well-known/oauth-protected-resource', 'GET /mockCallLog', 'GET /',
])('%s is only for RingCentral’s own hosting', async line => {
  const [method = '', path = ''] = line.split(' ')
  expect(await ann.send(method, `${path}?jwtToken={jwt}`, method === 'GET' ? undefined : {})).toMatchObject({ status: 404, body: 'Not found' })
})

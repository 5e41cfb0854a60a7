import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { signInToAcme, startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'
import { rcRedirectPage } from './oauth-login.js'

let test: TestWire
const lines: string[] = []
beforeAll(async () => {
  const { pino } = await import('pino')
  test = await startTestWire({
    log: pino({ level: 'trace' }, { write: line => lines.push(line) }),
    otherSurfaces: [
      { path: '/week', tokenDays: 7 }, { path: '/lenient', tokenDays: 0 }, { path: '/strict', tokenDays: 0, keepsUsedTokens: false }, { path: '/own-state', requiresOwnState: true },
    ],
  })
}, startMs)
afterAll(() => test.stop())

const byKey = (client: WireClient, changes: object = {}) =>
  client.post('/apiKeyLogin?state=platform=acme-legacy', { apiKey: 'apiKey', platform: 'acme-legacy', hostname: 'temp', additionalInfo: { key: 'legacy-key-ann' }, ...changes })
const contact = '/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=&isExtension=false'

describe('by an API key', () => {
  it('gives a token and a name, and says so', async () => {
    const client = test.client()
    const { status, body } = await byKey(client)
    expect({ status, body }).toMatchObject({ status: 200, body: { jwtToken: expect.any(String), name: expect.any(String), returnMessage: { messageType: 'success' } } })
    client.jwt = body.jwtToken
    expect((await client.get(contact)).body.successful).toBe(true)
  })

  it('takes the key where the client puts it when the form has one field', async () => {
    expect((await byKey(test.client(), { apiKey: 'legacy-key-ann', additionalInfo: null })).status).toBe(200)
  })

  it('answers 400 with a message for a key that the CRM refuses, and 200 for nothing', async () => {
    expect(await byKey(test.client(), { additionalInfo: { key: 'wrong' } })).toMatchObject({ status: 400, body: { returnMessage: { messageType: 'warning', message: expect.any(String) } } })
    expect(await byKey(test.client(), { additionalInfo: {} })).toMatchObject({ status: 400, body: { returnMessage: { missingRequiredFieldConsts: ['key'] } } })
    expect(await byKey(test.client(), { platform: 'other' })).toMatchObject({ status: 400, body: 'Platform not found' })
    expect((await byKey(test.client(), { platform: 'acme' })).status).toBe(400)
  })

  it('goes to the installation’s host, whatever tab the client was in', async () => {
    expect((await byKey(test.client(), { hostname: 'evil.example' })).status).toBe(200)
    const { models } = test.server.services
    const { host } = new URL(test.legacyUrl)
    await models.installations.update({ allowedHosts: ['second.example'] }, { where: { id: test.installations.legacy } })
    expect((await byKey(test.client(), { hostname: host.toUpperCase() })).status).toBe(200)
    expect((await byKey(test.client(), { hostname: 'evil.example' })).status).toBe(400)
    await models.installations.update({ allowedHosts: [] }, { where: { id: test.installations.legacy } })
  })
})

describe('by OAuth', () => {
  const land = (client: WireClient, back: string, more = '&hostname=temp&rcAccountId=1') => client.get(`/oauth-callback?callbackUri=${back}${more}`)

  it('goes the client’s way, with a state that is good once and PKCE, which Acme insists on', async () => {
    const client = test.client()
    const back = await signInToAcme(client)
    const { body } = await land(client, back)
    expect(body).toMatchObject({ jwtToken: expect.any(String), name: 'Ann de Wit', returnMessage: { messageType: 'success' } })
    client.jwt = body.jwtToken
    expect((await client.get(contact)).body.contact[0].name).toBe('Jan de Vries')
    expect(await land(client, back)).toMatchObject({ status: 400 })
  })

  it('takes an address that was encoded as well', async () => {
    const client = test.client()
    expect((await land(client, encodeURIComponent(await signInToAcme(client)))).body).toHaveProperty('jwtToken')
  })

  it('tells a user who said no, in an answer without a token, and uses the state up', async () => {
    const client = test.client()
    const back = await signInToAcme(client, 'ann@acme.test', 'deny')
    const { status, body } = await land(client, back)
    expect({ status, body }).toEqual({ status: 200, body: { returnMessage: expect.objectContaining({ messageType: 'warning', message: expect.stringContaining('not granted') }) } })
    expect((await land(client, back)).status).toBe(400)
  })

  it('does not take a code for a state of somebody else’s', async () => {
    const [mine, theirs] = [new URL(await signInToAcme(test.client())), new URL(await signInToAcme(test.client(), 'ben@acme.test'))]
    mine.searchParams.set('state', theirs.searchParams.get('state')!)
    expect((await land(test.client(), mine.href)).body).not.toHaveProperty('jwtToken')
  })

  it('never asks a host, or a token endpoint, that the caller names', async () => {
    const asked: string[] = []
    const { createServer } = await import('node:http')
    const trap = createServer((request, response) => { asked.push(request.url ?? ''); response.end('{}') })
    await new Promise<void>(resolve => { trap.listen(0, '127.0.0.1', resolve) })
    const { port } = trap.address() as { port: number }
    const there = `127.0.0.1:${String(port)}`
    const { body } = await test.client().get(`/oauth-callback?callbackUri=${rcRedirectPage}?code=stolen&state=platform=acme&hostname=${there}&tokenUrl=http://${there}/token&apiUrl=http://${there}/api&rcAccountId=1`)
    expect(body).not.toHaveProperty('jwtToken')
    expect(asked).toEqual([])
    await new Promise(resolve => { trap.close(resolve) })
  })

  it('takes the client’s constant state from a manifest that leads straight to the CRM, unless the operator forbids it', async () => {
    // Acme asks for PKCE, which that way has not, so it is Acme that refuses: the code got there.
    const back = `${rcRedirectPage}?code=some-code&state=platform=acme`
    expect(await land(test.client(), back)).toMatchObject({ status: 200, body: { returnMessage: { message: expect.stringContaining('refuses') } } })
    expect(await land(test.client('/own-state'), back)).toMatchObject({ status: 400, body: expect.stringContaining('connect again') })
    expect((await land(test.client(), `${rcRedirectPage}?code=some-code&state=nonsense`)).status).toBe(400)
    expect((await land(test.client(), `${rcRedirectPage}?code=some-code&state=platform=other`)).body).toBe('Platform not found')
    expect((await land(test.client(), 'https://evil.example/?code=some-code&state=platform=acme')).status).toBe(400)
  })

  it('sends no browser to a page that is not RingCentral’s', async () => {
    expect((await test.client().get('/oauth-start/acme?redirect_uri=https://evil.example/')).status).toBe(400)
    expect(await test.client().get('/oauth-start/other')).toMatchObject({ status: 400, body: 'Platform not found' })
  })
})

describe('logging out', () => {
  // MISMATCH: the body is the message itself, and holds it.
  it('answers both readings of the message, and ends the token', async () => {
    const client = await test.connectToLegacy()
    const { status, body } = await client.send('POST', '/unAuthorize?jwtToken={jwt}')
    expect({ status, body }).toMatchObject({ status: 200, body: { messageType: 'success', message: 'Logged out.', ttl: 3000, returnMessage: { messageType: 'success', message: 'Logged out.', ttl: 3000 } } })
    expect(await client.get(contact)).toMatchObject({ status: 400, body: 'Invalid JWT token' })
  })

  it('ends the successor too, and leaves other devices', async () => {
    const [here, there] = [await test.connectToLegacy(), await test.connectToLegacy()]
    const week = test.client('/week')
    week.jwt = (await byKey(week)).body.jwtToken
    const successor = (await week.get('/hostname?jwtToken={jwt}')).headers.get('x-refreshed-jwt-token')!
    await week.send('POST', '/unAuthorize?jwtToken={jwt}')
    for (const token of [week.jwt, successor]) expect((await week.get(`/hostname?jwtToken=${token}`)).status).toBe(400)
    await here.send('POST', '/unAuthorize?jwtToken={jwt}')
    expect((await there.get('/hostname?jwtToken={jwt}')).status).toBe(200)
  })
})

describe('a token in its last days', () => {
  // MISMATCH: newer clients take the successor, client 1.6.6 does not.
  it('has a successor for whoever reads the header, and stays good for whoever does not', async () => {
    const client = test.client()
    client.jwt = (await byKey(test.client('/week'))).body.jwtToken
    const { headers } = await client.get('/hostname?jwtToken={jwt}')
    const successor = headers.get('x-refreshed-jwt-token')!
    expect(successor).not.toBe(client.jwt)
    for (const token of [client.jwt, successor]) expect((await client.get(`/hostname?jwtToken=${token}`)).status).toBe(200)
  })

  it('is offered none before', async () => {
    const { headers } = await (await test.connectToLegacy()).get('/hostname?jwtToken={jwt}')
    expect(headers.get('x-refreshed-jwt-token')).toBeNull()
  })

  it('outlives its time while its session is used, unless the operator says otherwise', async () => {
    const lenient = test.client('/lenient')
    lenient.jwt = (await byKey(lenient)).body.jwtToken
    expect((await lenient.get('/hostname?jwtToken={jwt}')).status).toBe(200)
    const strict = test.client('/strict')
    expect(await strict.get(`/hostname?jwtToken=${lenient.jwt!}`)).toMatchObject({ status: 400, body: 'Invalid JWT token' })
  })

  it('ends with its session', async () => {
    const client = await test.connectToLegacy()
    expect((await client.get('/hostname?jwtToken={jwt}')).status).toBe(200)
    await test.server.services.database.query({ text: 'UPDATE sessions SET expires_at = now()' }, [])
    expect(await client.get('/hostname?jwtToken={jwt}')).toMatchObject({ status: 400, body: 'Invalid JWT token' })
  })
})

it('keeps tokens, codes and keys out of the log and out of the database', async () => {
  const client = await test.connectToAcme('ben@acme.test')
  test.rc.users.set('an-rc-token-of-an-admin', { account: '1', extension: '1', isAdmin: true })
  await client.get('/admin/settings?jwtToken={jwt}&rcAccessToken=an-rc-token-of-an-admin')
  await byKey(test.client())
  const stored = JSON.stringify(await Promise.all(['sessions', 'connections', 'settings', 'audit', 'oauth_states'].map(table =>
    test.server.services.database.query({ text: `SELECT row_to_json(t)::text AS row FROM ${table} t` }, []))))
  const written = lines.join('')
  expect(written).toContain('/app-connect/oauth-callback')
  for (const secret of [client.jwt!, 'an-rc-token-of-an-admin', 'legacy-key-ann', 'code=', 'the client secret of the tests']) {
    expect(written).not.toContain(secret)
    expect(stored).not.toContain(secret)
  }
})

it('limits guessing by address', async () => {
  const strict = await startTestWire({ limits: { connectionsPerAddress: 2 } })
  const answers = await Promise.all([1, 2, 3].map(() => byKey(strict.client(), { additionalInfo: { key: 'guess' } })))
  expect(answers.map(({ status }) => status).sort()).toEqual([400, 400, 429])
  await strict.stop()
}, startMs)

describe('a key of the ring that is new', () => {
  it('leaves the tokens of an older one good', async () => {
    const { WireTokens } = await import('./tokens.js')
    const { KeyRing } = await import('@linefinder/server')
    const [oldKey, newKey] = [KeyRing.newKey('old'), KeyRing.newKey('new')]
    const settings = { tokenDays: 14, keepsUsedTokens: true }
    const { jwt, sessionHash } = await new WireTokens({ keyRing: new KeyRing(oldKey) }, settings).issue('1-acme', 'acme')
    expect((await new WireTokens({ keyRing: new KeyRing(`${newKey},${oldKey}`) }, settings).prove(jwt)).sessionHash).toEqual(sessionHash)
    await expect(new WireTokens({ keyRing: new KeyRing(newKey) }, settings).prove(jwt)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

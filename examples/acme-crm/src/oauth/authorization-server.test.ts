import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import {
  authorizeUrl, callApi, connect, control, makePkce, postToken, publicClient, refresh, revoke, testClient, type Tokens,
} from '../testing/acme-client.js'
import { createBrowser, loginAndDecide } from '../scripted-browser.js'

let acme: Acme
const [redirectUri] = testClient.redirectUris

beforeAll(async () => {
  acme = await startAcme({ seedPeople: 3, oauthClients: [testClient, publicClient] })
})
afterAll(() => acme.stop())

const authorize = (more: Record<string, string> = {}) => authorizeUrl(acme.url, makePkce().challenge, more)

async function getCode(clientFields: Record<string, string> = {}, back = redirectUri as string) {
  const { verifier, challenge } = makePkce()
  const url = authorizeUrl(acme.url, challenge, { redirect_uri: back, ...clientFields })
  const { searchParams } = await loginAndDecide({ authorizeUrl: url, redirectUri: back })
  return { grant_type: 'authorization_code', code: searchParams.get('code')!, redirect_uri: back, code_verifier: verifier }
}

describe('connecting', () => {
  it('gives a code, the state and the issuer to the app that the user allows', async () => {
    const back = await loginAndDecide({ authorizeUrl: authorize(), redirectUri })
    expect(back.searchParams.get('code')).toBeTruthy()
    expect(back.searchParams.get('state')).toBe('a-state')
    expect(back.searchParams.get('iss')).toBe(`${acme.url}/oauth`)
  })

  it('says access_denied when the user denies', async () => {
    const back = await loginAndDecide({ authorizeUrl: authorize(), redirectUri, decision: 'deny' })
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('a-state')
  })

  it('gives opaque bearer tokens and a refresh token', async () => {
    const tokens = await connect(acme.url)
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'crm.read crm.write offline_access' })
    expect(tokens.access_token).not.toContain('.')
    expect(tokens.refresh_token).toBeTruthy()
  })

  it('gives a refresh token also without offline_access', async () => {
    const tokens = await connect(acme.url, { scope: 'crm.read crm.write' })
    expect(tokens.scope).toBe('crm.read crm.write')
    expect(tokens.refresh_token).toBeTruthy()
  })

  it('asks a user who is signed in for consent only', async () => {
    const browser = createBrowser()
    await connect(acme.url, { browser })
    const visit = await browser.open(authorize(), redirectUri)
    expect(visit.body).toContain('name="decision"')
    expect(visit.body).toContain('Linefinder wants to use your Acme CRM')
  })

  it('lets nobody in with a wrong password', async () => {
    const browser = createBrowser()
    const visit = await browser.submit(await browser.open(authorize()), { email: 'ann@acme.test', password: 'wrong' })
    expect(visit.status).toBe(401)
    expect(visit.body).toContain('do not belong together')
  })

  it('refuses a consent form that is not its own', async () => {
    const browser = createBrowser()
    const login = await browser.open(authorize())
    const consent = await browser.submit(login, { email: 'ann@acme.test', password: 'acme' })
    const forged = { ...consent, body: consent.body.replace(/name="csrf" value="[^"]*"/, 'name="csrf" value="forged"') }
    expect((await browser.submit(forged, { decision: 'allow' })).status).toBe(403)
  })

  it('refuses a request without PKCE, or with plain PKCE', async () => {
    for (const pkce of [{ code_challenge: '', code_challenge_method: '' }, { code_challenge_method: 'plain' }]) {
      const visit = await createBrowser().open(authorize(pkce), redirectUri)
      expect(new URL(visit.url).searchParams.get('error')).toBe('invalid_request')
    }
  })

  it('never redirects to an address that was not registered', async () => {
    const visit = await createBrowser().open(authorize({ redirect_uri: 'http://127.0.0.1:4000/elsewhere' }))
    expect(visit.status).toBe(400)
    expect(visit.body).toContain('invalid_redirect_uri')
  })

  it('lets a confidential client come back on any port of the loopback address', async () => {
    const back = 'http://127.0.0.1:49152/v1/oauth/callback'
    expect((await postToken(acme.url, await getCode({}, back))).status).toBe(200)
  })
})

describe('the token endpoint', () => {
  it('refuses a client that does not prove itself', async () => {
    const code = await getCode()
    expect((await postToken(acme.url, { ...code, client_id: testClient.clientId }, '')).status).toBe(401)
    expect((await postToken(acme.url, { ...code, client_id: testClient.clientId, client_secret: 'wrong' }, '')).status).toBe(401)
  })

  it('takes the client secret in the form too', async () => {
    const form = { ...(await getCode()), client_id: testClient.clientId, client_secret: testClient.clientSecret }
    expect((await postToken(acme.url, form, '')).status).toBe(200)
  })

  it('takes no secret from a public client', async () => {
    const form = await getCode({ client_id: publicClient.clientId }, 'http://127.0.0.1:5173/callback')
    const answer = await postToken(acme.url, { ...form, client_id: publicClient.clientId }, '')
    expect(answer.status).toBe(200)
    expect(answer.body['refresh_token']).toBeTruthy()
  })

  it('refuses a wrong code verifier', async () => {
    const answer = await postToken(acme.url, { ...(await getCode()), code_verifier: makePkce().verifier })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('takes a code only once', async () => {
    const form = await getCode()
    const first = await postToken(acme.url, form)
    expect((await postToken(acme.url, form)).status).toBe(400)
    expect((await callApi(acme.url, String(first.body['access_token']), '/users/me')).status).toBe(401)
  })
})

describe('a refresh token', () => {
  it('is replaced at every use, with a new access token', async () => {
    const tokens = await connect(acme.url)
    const answer = await refresh(acme.url, tokens.refresh_token)
    const renewed = answer.body as unknown as Tokens
    expect(answer.status).toBe(200)
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token)
    expect((await callApi(acme.url, renewed.access_token, '/users/me')).status).toBe(200)
    expect((await refresh(acme.url, renewed.refresh_token)).status).toBe(200)
  })

  it('ends the whole grant when it is used twice', async () => {
    const tokens = await connect(acme.url)
    const renewed = (await refresh(acme.url, tokens.refresh_token)).body as unknown as Tokens
    expect(await refresh(acme.url, tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(acme.url, renewed.refresh_token)).status).toBe(400)
    expect((await callApi(acme.url, renewed.access_token, '/users/me')).status).toBe(401)
  })

  it('is granted at most once to two at the same time', async () => {
    const tokens = await connect(acme.url)
    const answers = await Promise.all([1, 2, 3].map(() => refresh(acme.url, tokens.refresh_token)))
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
  })

  it('ends with its access tokens when it is revoked', async () => {
    const tokens = await connect(acme.url)
    expect((await revoke(acme.url, tokens.refresh_token)).status).toBe(200)
    expect((await callApi(acme.url, tokens.access_token, '/users/me')).status).toBe(401)
    expect((await refresh(acme.url, tokens.refresh_token)).status).toBe(400)
  })

  it('ends too when its access token is revoked', async () => {
    const tokens = await connect(acme.url)
    await revoke(acme.url, tokens.access_token)
    expect((await callApi(acme.url, tokens.access_token, '/users/me')).status).toBe(401)
    expect((await refresh(acme.url, tokens.refresh_token)).status).toBe(400)
  })

  it('belongs to one connection: ending it leaves another of the same user alone', async () => {
    const browser = createBrowser()
    const first = await connect(acme.url, { browser })
    const second = await connect(acme.url, { browser })
    await revoke(acme.url, first.refresh_token)
    expect((await refresh(acme.url, second.refresh_token)).status).toBe(200)
  })
})

describe('the switches over tokens', () => {
  it('expires every access token and leaves the refresh tokens', async () => {
    const tokens = await connect(acme.url)
    await control(acme.url, 'POST', 'expire-access-tokens')
    const answer = await callApi(acme.url, tokens.access_token, '/users/me')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect((await refresh(acme.url, tokens.refresh_token)).status).toBe(200)
  })

  it('revokes every grant', async () => {
    const tokens = await connect(acme.url)
    await control(acme.url, 'POST', 'revoke-grants')
    expect((await callApi(acme.url, tokens.access_token, '/users/me')).status).toBe(401)
    expect(await refresh(acme.url, tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('shortens the life of the next access tokens', async () => {
    await control(acme.url, 'PUT', 'switches', { access_token_ttl_seconds: 7 })
    expect((await connect(acme.url)).expires_in).toBe(7)
    await control(acme.url, 'PUT', 'switches', {})
    expect((await connect(acme.url)).expires_in).toBe(3600)
  })
})

import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, createVerifier } from '@linefinder/client'
import { createBrowser, loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import pg from 'pg'
import * as z from 'zod'
import { BenchError } from '../bench-error.js'
import { oauthClient, startCrm } from '../chaos/crm-process.js'
import { startServer, type ServerProcess } from '../parts/server-process.js'
import { createDatabase } from '../postgres.js'
import type { Observed } from './faults.js'
import { ask, type Answer } from './observing.js'
import { secretKey, startPeer } from './peer-process.js'
import { expireUsers, insertExpiredUser } from './peer-tables.js'

const atOnce = 20
/** Where RingCentral's client has a CRM send the browser back to. */
const rcRedirectPage = 'https://ringcentral.github.io/ringcentral-embeddable/redirect.html'
const userId = 'ann-acme'
/** Each a search of its own. */
const numbers = Array.from({ length: atOnce }, (_, n) => `+314137417${String(41 + n)}`)

const granted = z.object({ access_token: z.string(), refresh_token: z.string() })
const manifest = z.object({ platforms: z.object({ acme: z.object({ auth: z.object({ oauth: z.object({
  authUrl: z.string(), clientId: z.string(), scope: z.string(), customState: z.string().optional(),
}) }) }) }) })
const signedIn = z.object({ jwtToken: z.string() })
const refreshes = z.object({ refreshes_granted: z.int(), refreshes_refused: z.int() })

/** The example CRM gives a new refresh token with each access token, takes each once, and ends the whole grant when one comes a second time (RFC 9700 §4.14.2). */
export async function observeExpiredTokens(): Promise<Observed[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linefinder-bench-tokens-'))
  const [theirs, ours, crm] = [await createDatabase(), await createDatabase(), await startCrm(rcRedirectPage, join(folder, 'crm.log'))]
  const countRefreshes = async () => refreshes.parse(await (await fetch(`http://${crm.host}/_control/stats`)).json())
  const observe = async (who: Observed['who'], askFor: (number: string) => Promise<Answer>, expire: () => Promise<unknown> = () => Promise.resolve()): Promise<Observed> => {
    const alone = await askFor('+31413741799')
    if (!alone.isSuccessful) throw new BenchError('wrong_answer', `${who} finds nobody in the example CRM: ${alone.text.slice(0, 300)}`)
    await expire()
    await fetch(`http://${crm.host}/_control/expire-access-tokens`, { method: 'POST' })
    const before = await countRefreshes()
    const answers = await Promise.all(numbers.map(number => askFor(number)))
    const after = await countRefreshes()
    const later = await askFor(numbers[0] ?? '')
    const [taken, refused] = [after.refreshes_granted - before.refreshes_granted, after.refreshes_refused - before.refreshes_refused]
    return {
      fault: `${String(atOnce)} lookups at once with an access token that has run out, of a CRM that ends the grant when a refresh token comes twice`, who,
      answers: `${String(answers.filter(({ isSuccessful }) => isSuccessful).length)} of ${String(atOnce)} successful; one more afterwards: ${later.isSuccessful ? 'successful' : `not (${String(later.status)})`}`,
      afterwards: `${String(taken + refused)} requests for a token, ${String(refused)} of them refused`,
    }
  }
  try {
    const peer = await startPeer({
      databaseUrl: theirs.url, logFile: join(folder, 'peer.log'), variables: { ACME_CLIENT_ID: oauthClient.id, ACME_CLIENT_SECRET: oauthClient.secret, ACME_REDIRECT_URI: rcRedirectPage },
    })
    const { access_token: accessToken, refresh_token: refreshToken } = await signIn(crm.host)
    const client = new pg.Client({ connectionString: theirs.url })
    await client.connect()
    await insertExpiredUser(client, userId, crm.host, accessToken, refreshToken)
    const jwt = signToken({ id: userId, platform: 'acme' })
    const theirOutcome = await observe('peer', contactAsker(peer.url, jwt), () => expireUsers(client)).finally(() => Promise.all([peer.stop(), client.end()]))

    const server = await startServer({ databaseUrl: ours.url, crmHost: crm.host, adapter: '@linefinder/adapter-acme', logFile: join(folder, 'server.log'), variables: { LINEFINDER_APP_CONNECT: 'on' } })
    const surface = `${server.url}/app-connect`
    const ourOutcome = await observe('surface', contactAsker(surface, await connect(server, surface, crm.host))).finally(() => server.stop())
    return [theirOutcome, ourOutcome]
  } finally {
    await crm.stop()
    await Promise.all([theirs.drop(), ours.drop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As the client asks who has a number. */
const contactAsker = (baseUrl: string, jwt: string) => (number: string): Promise<Answer> =>
  ask(`${baseUrl}/contact?jwtToken=${jwt}&overridingFormat=&isExtension=false&phoneNumber=${encodeURIComponent(number)}`)

/** Sets the CRM up and signs one of its users in, by the manifest as the client does. Returns the token. */
async function connect({ url, adminKey }: ServerProcess, surface: string, crmHost: string): Promise<string> {
  await createClient({ baseUrl: url, token: adminKey }).admin.installations.create({
    body: { adapter: 'acme', name: 'Acme', host: crmHost, settings: { country: 'NL' }, oauthClientId: oauthClient.id, oauthClientSecret: oauthClient.secret },
  })
  const { platforms: { acme: { auth: { oauth } } } } = manifest.parse(await (await fetch(`${surface}/crmManifest`)).json())
  const address = `${oauth.authUrl}?response_type=code&client_id=${oauth.clientId}&${oauth.scope}&state=${oauth.customState ?? 'platform=acme'}&redirect_uri=${rcRedirectPage}`
  const back = await loginAndDecide({ authorizeUrl: address, redirectUri: rcRedirectPage, email: 'ann@acme.test', browser: createBrowser() })
  const response = await fetch(`${surface}/oauth-callback?callbackUri=${back.href}&hostname=temp&rcAccountId=1`)
  return signedIn.parse(await response.json()).jwtToken
}

/** As the peer's client would have, through its own connector; the peer sends no PKCE, which this CRM wants. */
async function signIn(host: string): Promise<z.infer<typeof granted>> {
  const redirectUri = rcRedirectPage
  const { codeVerifier, codeChallenge } = await createVerifier()
  const query = new URLSearchParams({
    response_type: 'code', client_id: oauthClient.id, redirect_uri: redirectUri, scope: 'crm.read crm.write offline_access', state: 'peer', code_challenge: codeChallenge, code_challenge_method: 'S256',
  })
  const back = await loginAndDecide({ authorizeUrl: `http://${host}/oauth/auth?${query.toString()}`, redirectUri, email: 'ann@acme.test', browser: createBrowser() })
  const response = await fetch(`http://${host}/oauth/token`, {
    method: 'POST', headers: { Authorization: `Basic ${Buffer.from(`${encodeURIComponent(oauthClient.id)}:${encodeURIComponent(oauthClient.secret)}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', redirect_uri: redirectUri, code: back.searchParams.get('code') ?? '', code_verifier: codeVerifier }),
  })
  return granted.parse(await response.json())
}

/** A token of the peer: HS256 with its secret key. */
function signToken(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, iat: now, exp: now + 1_209_600 })}`
  return `${signed}.${createHmac('sha256', secretKey).update(signed).digest('base64url')}`
}

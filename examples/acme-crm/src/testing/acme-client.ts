import { createHash, randomBytes } from 'node:crypto'
import type { ConfiguredClient } from '../index.js'
import { loginAndDecide, type Login } from '../scripted-browser.js'

export const testClient = {
  clientId: 'linefinder',
  clientSecret: 'a-secret-for-tests',
  redirectUris: ['http://127.0.0.1:4000/v1/oauth/callback'],
} as const satisfies ConfiguredClient

export const publicClient = {
  clientId: 'browser-app',
  redirectUris: ['http://127.0.0.1/callback'],
} as const satisfies ConfiguredClient

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly scope: string
}

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

const everything = 'crm.read crm.write offline_access'
const [redirectUri] = testClient.redirectUris

export function authorizeUrl(acmeUrl: string, challenge: string, more: Record<string, string> = {}): string {
  const params = new URLSearchParams({
    response_type: 'code', client_id: testClient.clientId, redirect_uri: redirectUri, scope: everything, state: 'a-state',
    code_challenge: challenge, code_challenge_method: 'S256', ...more,
  })
  return `${acmeUrl}/oauth/auth?${params.toString()}`
}

export function makePkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The whole way: authorize, sign in, allow, exchange. */
export async function connect(acmeUrl: string, login: Partial<Login> & { scope?: string } = {}): Promise<Tokens> {
  const { scope = everything, ...rest } = login
  const { verifier, challenge } = makePkce()
  const back = await loginAndDecide({ authorizeUrl: authorizeUrl(acmeUrl, challenge, { scope }), redirectUri, ...rest })
  const code = back.searchParams.get('code')!
  const answer = await postToken(acmeUrl, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier })
  if (answer.status !== 200) throw new Error(`The exchange failed: ${JSON.stringify(answer.body)}`)
  return answer.body as unknown as Tokens
}

export function refresh(acmeUrl: string, refreshToken: string): Promise<Answer> {
  return postToken(acmeUrl, { grant_type: 'refresh_token', refresh_token: refreshToken })
}

export function postToken(acmeUrl: string, form: Record<string, string>, authorization = basic()): Promise<Answer> {
  return postForm(`${acmeUrl}/oauth/token`, form, authorization)
}

export function revoke(acmeUrl: string, token: string): Promise<Answer> {
  return postForm(`${acmeUrl}/oauth/revoke`, { token }, basic())
}

export function basic({ clientId, clientSecret } = testClient as { clientId: string; clientSecret: string }): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
}

/** @param authorization empty for a client that sends its credentials, if any, in the form. */
async function postForm(url: string, form: Record<string, string>, authorization: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST', body: new URLSearchParams(form), headers: authorization === '' ? {} : { authorization },
  })
  return toAnswer(response)
}

export interface ApiCall {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export async function callApi<Body = Record<string, unknown>>(
  acmeUrl: string,
  accessToken: string,
  path: string,
  { method = 'GET', body, headers }: ApiCall = {},
): Promise<Answer<Body>> {
  const response = await fetch(`${acmeUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return toAnswer(response)
}

export async function control<Body = Record<string, unknown>>(
  acmeUrl: string,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer<Body>> {
  const response = await fetch(`${acmeUrl}/_control/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return toAnswer(response)
}

async function toAnswer<Body>(response: Response): Promise<Answer<Body>> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body }
}

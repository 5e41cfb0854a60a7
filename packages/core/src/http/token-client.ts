import axios, { type AxiosInstance } from 'axios'
import { z } from 'zod'
import type { OAuth2Scheme } from '../auth.js'
import { CrmError } from '../errors/crm-error.js'
import type { AddressRules } from './address-rules.js'
import type { Credentials } from './credentials.js'
import { toCrmError } from './crm-failure.js'
import { createHttp } from './http-client.js'

/** The client that the tenant's admin registered with the CRM. */
export interface OAuthClient {
  readonly id: string
  readonly secret: string | null
}

export interface TokenRequest {
  readonly scheme: OAuth2Scheme
  readonly hostname: string
  readonly client: OAuthClient
  readonly requestId: string
}

type ExchangeOptions = ReturnType<NonNullable<OAuth2Scheme['exchangeOptions']>>

type OAuthCredentials = Extract<Credentials, { type: 'oauth2' }>

/** RFC 6749 §5.1. */
const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().optional(),
})

const deadlineMs = 10_000

/** The only code that speaks to token endpoints: guarded, with a deadline, in each of the client authentications. */
export class TokenClient {
  constructor(private readonly guard: AddressRules) {}

  /** RFC 6749 §4.1.3. Throws `CrmError('unauthorized')` when the code is refused. */
  async exchange(request: TokenRequest, code: string, redirectUri: string, codeVerifier: string | undefined): Promise<OAuthCredentials> {
    return this.#tokens(request, {
      grant_type: 'authorization_code', code, redirect_uri: redirectUri,
      ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
    }, request.scheme.exchangeOptions?.(code))
  }

  /** RFC 6749 §6. Throws `CrmError('unauthorized')` when the CRM has revoked the grant. */
  async refresh(request: TokenRequest, held: OAuthCredentials): Promise<OAuthCredentials> {
    if (held.refreshToken === undefined) throw new CrmError('unauthorized')
    const renewed = await this.#tokens(request, { grant_type: 'refresh_token', refresh_token: held.refreshToken })
    // A CRM that does not rotate sends no new refresh token; the old one goes on.
    return { ...renewed, refreshToken: renewed.refreshToken ?? held.refreshToken }
  }

  /** RFC 7009: the refresh token, which ends the whole grant; else the access token. */
  async revoke(request: TokenRequest, held: OAuthCredentials): Promise<void> {
    if (request.scheme.revokeUrl === undefined) return
    const form = held.refreshToken === undefined
      ? { token: held.accessToken, token_type_hint: 'access_token' }
      : { token: held.refreshToken, token_type_hint: 'refresh_token' }
    await this.#post(request, request.scheme.revokeUrl, form)
  }

  async #tokens(request: TokenRequest, form: Record<string, string>, more: ExchangeOptions = {}): Promise<OAuthCredentials> {
    const answer = tokenAnswer.safeParse(await this.#post(request, request.scheme.tokenUrl, form, more))
    if (!answer.success) throw new CrmError('bad_response', { detail: 'The token endpoint’s answer makes no sense.', cause: answer.error })
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = answer.data
    return {
      type: 'oauth2', accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(expiresIn === undefined ? {} : { renewAt: Date.now() + expiresIn * 1000 - Math.min(60_000, expiresIn * 200) }),
    }
  }

  async #post(request: TokenRequest, template: string, form: Record<string, string>, { headers: more = {}, params }: ExchangeOptions = {}): Promise<unknown> {
    const url = this.guard.resolve(template, request.hostname)
    const signal = AbortSignal.timeout(deadlineMs)
    const http: AxiosInstance = createHttp({ guard: this.guard, baseUrl: url, requestId: request.requestId, signal })
    const { headers, fields } = clientAuthentication(request.scheme, request.client)
    // The error of a token endpoint says more in its body than in its status, so the interceptor must not see it.
    const sent = Object.fromEntries(Object.entries({ ...headers, ...more }).filter(([, value]) => value !== ''))
    const response = await http.post<unknown>(url, new URLSearchParams({ ...form, ...fields }), { headers: sent, params, validateStatus: status => status < 500 && status !== 429 })
    if (response.status < 300) return response.data
    throw refusal(response.status, response.data)
  }
}

/** RFC 6749 §2.3.1: in Basic, id and secret are form-encoded first. */
function clientAuthentication({ clientAuthentication: method = 'client_secret_basic' }: OAuth2Scheme, client: OAuthClient) {
  if (method === 'none' || client.secret === null) return { headers: {}, fields: { client_id: client.id } }
  if (method === 'client_secret_post') return { headers: {}, fields: { client_id: client.id, client_secret: client.secret } }
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return { headers: { Authorization: `Basic ${Buffer.from(`${encode(client.id)}:${encode(client.secret)}`).toString('base64')}` }, fields: {} }
}

/** RFC 6749 §5.2. */
function refusal(status: number, body: unknown): CrmError {
  const { error } = z.object({ error: z.string().catch('') }).catch({ error: '' }).parse(body)
  if (error === 'invalid_grant') return new CrmError('unauthorized', { crmStatus: status })
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    return new CrmError('rejected', { crmStatus: status, detail: 'The CRM refuses the OAuth client: check the installation’s client id and secret.' })
  }
  return toCrmError(new axios.AxiosError(undefined, undefined, undefined, undefined, { status, headers: {} } as never), new AbortController().signal)
}

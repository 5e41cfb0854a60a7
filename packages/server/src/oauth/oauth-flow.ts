import { timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { CrmError, factsOf } from '@linefinder/core'
import type { OAuth2Scheme } from '@linefinder/core'
import { takeConnectLink } from '../connections/connect-link-statements.js'
import { throwAsRefusedLogin, type ConnectionService } from '../connections/connection-service.js'
import type { ConnectionRow } from '../connections/models.js'
import { findReconnectLink } from '../connections/reconnect-link-statements.js'
import { refuseUnproven } from '../connections/unproven-identity.js'
import type { CallOptions } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { keepOpener } from '../http/browser-page.js'
import { describeFailure } from '../http/problem.js'
import type { ChosenInstallation } from '../installations/installation-service.js'
import { codeChallengeOf } from '../secrets/token.js'
import { runStrategy } from './crm-strategy.js'
import { setFlowCookie, takeFlowCookie } from './flow-cookie.js'
import { isSameBrowser, OAuthStateStore, type Flow, type FlowClient, type StoredFlow } from './oauth-state-store.js'
import { insertOneTimeCode, takeOneTimeCode } from './one-time-code-statements.js'

/** What the CRM's redirect brings (RFC 6749 §4.1.2 and §4.1.2.1). */
export interface CallbackQuery {
  readonly state?: string | undefined
  readonly code?: string | undefined
  readonly error?: string | undefined
}

/** What the client is told at its redirect address. */
export type ClientAnswer =
  | { readonly code: string; readonly state: string }
  | { readonly error: string; readonly error_description: string; readonly state: string }

/** How a flow ended for its client. */
export interface ClientLanding {
  readonly for: 'client'
  readonly client: FlowClient
  readonly answer: ClientAnswer
  /** For a page that shows the answer. */
  readonly status: number
}

/** Without a client it ends with a shared connection, or with one that was renewed by a link. */
export type Landing = ClientLanding | { readonly for: 'admin' | 'link'; readonly connection: ConnectionRow }

/** What a flow is to come to. */
export type FlowAim = Pick<Flow, 'kind' | 'client' | 'reconnectLinkHash'>

export interface Redemption {
  readonly clientAppId: string
  readonly code: string
  readonly codeVerifier: string
  readonly redirectUri: string
}

/** Leads agents to their CRM and back. */
export class OAuthFlow {
  readonly #states: OAuthStateStore

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'keyRing' | 'installations' | 'tokens' | 'guard' | 'publicUrl'>,
    private readonly connections: ConnectionService,
  ) {
    this.#states = new OAuthStateStore(deps.database, deps.keyRing)
  }

  /** Sends the browser to the CRM. Throws `wrong_auth_form` or `identity_unproven`; then nothing is stored. */
  async start(chosen: ChosenInstallation, { client, ...aim }: FlowAim, request: Request, response: Response): Promise<void> {
    const scheme = oauthSchemeOf(chosen)
    refuseUnproven(chosen, aim.kind)
    const { hostname, installation: { tenantId, id: installationId } } = chosen
    const { id: clientId } = await this.deps.installations.clientOf(scheme, tenantId, installationId)
    await runStrategy({
      scheme, clientId,
      authorizeUrl: this.deps.guard.resolve(scheme.authorizeUrl, hostname),
      callbackUrl: this.#callbackUrl(),
      begin: async codeVerifier => {
        const { state, nonce } = await this.#states.create({ ...aim, tenantId, installationId, hostname, client }, codeVerifier)
        setFlowCookie(response, state, nonce, this.#callbackUrl())
        if (client) keepOpener(response)
        return state
      },
      codeVerifier: undefined,
      exchange: async () => { throw new Error('a flow that has just begun has no code') },
    }, request, response)
  }

  /** The same from an admin's one-time link. Throws `oauth_state_invalid` when it is unknown, used or expired. */
  async startShared(link: string, request: Request, response: Response): Promise<void> {
    const wanted = await takeConnectLink(this.deps.database, link)
    if (!wanted) throw new ApiError('oauth_state_invalid', { detail: 'The link has been used, or ten minutes have passed.' })
    const chosen = await this.deps.installations.choose(wanted.tenantId, wanted.installationId, wanted.hostname)
    await this.start(chosen, { kind: 'shared', client: null, reconnectLinkHash: null }, request, response)
  }

  /**
   * Takes the browser back from the CRM. From the moment that the client is known, failures are its news, not the agent's;
   * before that, and where there is none, they are thrown. Throws `oauth_state_invalid` for a state that cannot be used.
   */
  async finish(query: CallbackQuery, request: Request, response: Response, options: CallOptions): Promise<Landing> {
    const flow = await this.#takeFlow(query.state, request, response)
    const { client } = flow
    if (!client) return { for: flow.reconnectLinkHash ? 'link' : 'admin', connection: await this.#connect(flow, query, request, response, options) }
    try {
      const connection = await this.#connect(flow, query, request, response, options)
      const code = await insertOneTimeCode(this.deps.database, { ...client, tenantId: flow.tenantId, connectionId: connection.id })
      return { for: 'client', client, status: 200, answer: { code, state: client.state } }
    } catch (error) {
      return { for: 'client', client, ...toOAuthError(error, client.state, options) }
    }
  }

  /** Uses a one-time code up. Throws `invalid_grant` unless everything it is bound to is shown. */
  async redeem({ clientAppId, code, codeVerifier, redirectUri }: Redemption): Promise<{ tenantId: string; id: string }> {
    const grant = await takeOneTimeCode(this.deps.database, code)
    const isTheirs = grant?.clientAppId === clientAppId && grant.redirectUri === redirectUri
    if (!grant || !isTheirs || !isVerified(codeVerifier, grant.codeChallenge)) throw new ApiError('invalid_grant')
    return { tenantId: grant.tenantId, id: grant.connectionId }
  }

  /** The state is used up before anything else is looked at, also when the agent has said no. */
  async #takeFlow(state: string | undefined, request: Request, response: Response): Promise<StoredFlow> {
    if (state === undefined) throw new ApiError('oauth_state_invalid', { detail: 'The address has no state.' })
    const nonce = takeFlowCookie(request, response, state, this.#callbackUrl())
    const flow = await this.#states.take(state)
    if (!flow) throw new ApiError('oauth_state_invalid', { detail: 'It has been used already, or ten minutes have passed.' })
    if (!isSameBrowser(flow, nonce)) throw new ApiError('oauth_state_invalid', { detail: 'It was started in another browser.' })
    return flow
  }

  async #connect(flow: StoredFlow, { code, error }: CallbackQuery, request: Request, response: Response, options: CallOptions): Promise<ConnectionRow> {
    if (error !== undefined) throw failureOf(error)
    if (code === undefined) throw new CrmError('bad_response', { detail: 'The CRM sent neither a code nor an error.' })
    // The admin may have changed the installation meanwhile.
    const chosen = await this.deps.installations.choose(flow.tenantId, flow.installationId, flow.hostname)
    const scheme = oauthSchemeOf(chosen)
    const client = await this.deps.installations.clientOf(scheme, flow.tenantId, flow.installationId)
    const held = await runStrategy({
      scheme,
      clientId: client.id,
      authorizeUrl: this.deps.guard.resolve(scheme.authorizeUrl, flow.hostname),
      callbackUrl: this.#callbackUrl(),
      begin: async () => { throw new Error('a flow that has come back is not begun') },
      codeVerifier: flow.codeVerifier,
      exchange: (given, codeVerifier) => this.deps.tokens
        .exchange({ scheme, hostname: flow.hostname, client, requestId: options.requestId }, given, this.#callbackUrl(), codeVerifier)
        .catch(throwAsRefusedLogin),
    }, request, response)
    if (!held) throw new Error('passport answered the callback by itself')
    if (!flow.reconnectLinkHash) return this.connections.connectByTokens(chosen, flow.kind, held, options)
    const link = await findReconnectLink(this.deps.database, flow.reconnectLinkHash)
    if (!link) throw new ApiError('reconnect_link_invalid', { detail: 'It has been used meanwhile, or 24 hours have passed.' })
    return this.connections.reconnectByTokens(link, chosen, held, options)
  }

  #callbackUrl(): string {
    return `${this.deps.publicUrl()}/v1/oauth/callback`
  }
}

function oauthSchemeOf({ scheme }: ChosenInstallation): OAuth2Scheme {
  if (scheme.type !== 'oauth2') throw new ApiError('wrong_auth_form')
  return scheme
}

/** RFC 7636 §4.6. */
const isVerified = (verifier: string, challenge: string): boolean => {
  const [shown, expected] = [Buffer.from(codeChallengeOf(verifier)), Buffer.from(challenge)]
  return shown.length === expected.length && timingSafeEqual(shown, expected)
}

/** RFC 6749 §4.1.2.1: all but two of the CRM's errors are a no. */
function failureOf(error: string): ApiError | CrmError {
  if (error === 'server_error') return new CrmError('server_error')
  if (error === 'temporarily_unavailable') return new CrmError('unavailable')
  const isWord = /^[A-Za-z0-9_.-]{1,60}$/.test(error)
  return new ApiError('oauth_denied', { detail: isWord ? `The CRM answered "${error}".` : 'The CRM answered with an error.' })
}

/** RFC 6749 §4.1.2.1: our code and the request id are in the description. */
function toOAuthError(error: unknown, state: string, { requestId, log }: CallOptions): Pick<ClientLanding, 'answer' | 'status'> {
  const { code, detail } = describeFailure(error)
  const { status, title, retryable } = factsOf(code)
  if (status >= 500) log.error({ err: error, code }, 'connecting failed')
  else log.info({ code }, 'connecting was refused')
  const description = `${code}: ${title}. ${detail === undefined ? '' : `${detail} `}Request ${requestId}`
  const isRefusal = status === 401 || status === 403
  return {
    status,
    answer: {
      error: isRefusal ? 'access_denied' : retryable && code !== 'internal' ? 'temporarily_unavailable' : 'server_error',
      // The characters that the RFC allows.
      error_description: description.replace(/[’"]/g, `'`).replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?'),
      state,
    },
  }
}

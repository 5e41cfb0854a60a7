import * as z from 'zod'
import { crmUser } from '../crm-user.js'
import { endpoint } from './endpoint.js'

/** Where the code goes for clients that cannot take a redirect: a page that shows it and hands it to its opener. */
export const codePageRedirect = 'urn:ietf:wg:oauth:2.0:oob'

const codeChallenge = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the base64url SHA-256 of the verifier')
const codeVerifier = z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/, 'must be 43 to 128 unreserved characters (RFC 7636 §4.1)')
const clientId = z.string().min(1).max(100)
const host = z.string().min(1).max(255)

export const connectionStates = ['healthy', 'degraded', 'needs_reconnect', 'revoked'] as const

/** How a connection fares with its CRM. */
export const connectionStanding = {
  state: z.enum(connectionStates).meta({ description: '`degraded`: the CRM fails or limits requests, and is tried again by itself. `needs_reconnect`: it refuses the credentials.' }),
  stateChangedAt: z.iso.datetime(),
  /** The last failure that counted; it stays when all is well again. */
  lastError: z.object({ code: z.string(), at: z.iso.datetime() }).nullable(),
  /** Until when the CRM is left alone. */
  pausedUntil: z.iso.datetime().nullable(),
}

const connectionResource = z.object({
  id: z.uuid(),
  installation: z.uuid(),
  adapter: z.string(),
  host: z.string(),
  ...connectionStanding,
  connectedAt: z.iso.datetime(),
}).meta({ id: 'Connection' })
export type ConnectionResource = z.infer<typeof connectionResource>

export const sessionToken = z.object({
  /** Opaque; send it as `Authorization: Bearer`. Slides 90 days with use, ends after a year. */
  token: z.string(),
  tokenType: z.literal('Bearer'),
  expiresAt: z.iso.datetime(),
  connection: z.object({ id: z.uuid(), installation: z.uuid(), adapter: z.string(), state: z.string() }),
  user: crmUser,
}).meta({ id: 'Session' })
export type SessionToken = z.infer<typeof sessionToken>

export const connecting = {
  authorize: endpoint({
    method: 'GET', path: '/v1/authorize', tag: 'Connecting', access: 'public', isBrowserPage: true,
    summary: 'Start connecting to a CRM by OAuth 2.0',
    description: 'Open it in the agent’s browser. It leads to the CRM and comes back to `redirect_uri` with `code` and `state`, or with `error`.',
    query: z.object({
      client_id: clientId,
      installation: z.uuid(),
      redirect_uri: z.string().max(2000).meta({ description: `One of the client app’s, or ${codePageRedirect} for a page that shows the code.` }),
      code_challenge: codeChallenge,
      code_challenge_method: z.literal('S256'),
      state: z.string().min(1).max(500),
      host: host.optional().meta({ description: 'For an installation with several allowed hosts.' }),
    }),
    output: null, statuses: [302],
    errors: ['client_app_not_found', 'installation_not_found', 'installation_disabled', 'redirect_not_allowed', 'host_not_allowed', 'properties_missing', 'identity_unproven', 'wrong_auth_form'],
  }),
  connectShared: endpoint({
    method: 'GET', path: '/v1/authorize/{link}', tag: 'Connecting', access: 'public', isBrowserPage: true,
    summary: 'Start connecting a shared connection, from an admin’s one-time link',
    params: z.object({ link: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
    output: null, statuses: [302],
    errors: ['oauth_state_invalid'],
  }),
  callback: endpoint({
    method: 'GET', path: '/v1/oauth/callback', tag: 'Connecting', access: 'public', isBrowserPage: true,
    summary: 'Where the CRM sends the browser back',
    query: z.object({
      state: z.string().max(500).optional(),
      code: z.string().max(4000).optional(),
      error: z.string().max(200).optional(),
      error_description: z.string().max(2000).optional(),
      iss: z.string().max(500).optional(),
      // CRMs add parameters of their own.
    }).loose(),
    output: null, statuses: [302],
    errors: ['oauth_state_invalid', 'oauth_denied'],
  }),
  createSession: endpoint({
    method: 'POST', path: '/v1/sessions', tag: 'Connecting', access: 'public',
    summary: 'Trade a one-time code for a session',
    body: z.object({
      client_id: clientId,
      code: z.string().min(1).max(200),
      code_verifier: codeVerifier,
      redirect_uri: z.string().max(2000),
    }),
    output: sessionToken, statuses: [201],
    errors: ['client_app_not_found', 'invalid_grant', 'too_many_requests'],
  }),
  createConnection: endpoint({
    method: 'POST', path: '/v1/connections', tag: 'Connecting', access: 'public',
    summary: 'Connect by filling in the fields of the auth form',
    description: 'For API keys, user name and password, and CRMs with a login of their own. The CRM is asked before anything is stored.',
    body: z.object({
      client_id: clientId,
      installation: z.uuid(),
      host: host.optional(),
      fields: z.record(z.string().max(100), z.string().max(4000)),
    }),
    output: sessionToken, statuses: [201],
    errors: ['client_app_not_found', 'installation_not_found', 'installation_disabled', 'host_not_allowed', 'properties_missing', 'identity_unproven', 'wrong_auth_form', 'login_refused', 'too_many_requests', 'crm_unreachable', 'crm_timeout'],
  }),
}

export const me = {
  get: endpoint({
    method: 'GET', path: '/v1/me', tag: 'Session', access: 'session',
    summary: 'Who is connected, asked of the CRM now',
    output: z.object({
      user: crmUser,
      connection: connectionResource,
      session: z.object({ expiresAt: z.iso.datetime() }),
    }),
    errors: ['needs_reconnect', 'crm_unreachable', 'crm_timeout'],
  }),
  getConnection: endpoint({
    method: 'GET', path: '/v1/connection', tag: 'Session', access: 'session',
    summary: 'How the connection fares, without asking the CRM',
    output: connectionResource, errors: [],
  }),
  endSession: endpoint({
    method: 'DELETE', path: '/v1/session', tag: 'Session', access: 'session',
    summary: 'End this session',
    description: 'The connection and other sessions on it stay.',
    output: null, errors: [],
  }),
  endConnection: endpoint({
    method: 'DELETE', path: '/v1/connection', tag: 'Session', access: 'session',
    summary: 'Log out of the CRM',
    description: 'Revokes at the CRM, forgets the credentials and ends every session of the connection. Call logs stay; connecting again resumes it.',
    output: null, errors: [],
  }),
}

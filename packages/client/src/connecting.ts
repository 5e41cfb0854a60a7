import { api, type QueryInputOf } from '@linefinder/core/api'
import { addressOf } from './address.js'

/** `state` comes back unchanged: make it unguessable and compare it. */
export type AuthorizeQuery = Omit<QueryInputOf<typeof api.connecting.authorize>, 'code_challenge_method'> & {
  readonly code_challenge_method?: 'S256'
}

/** The address to open in the agent's browser to connect by OAuth 2.0. */
export const authorizeUrl = (baseUrl: string, query: AuthorizeQuery): string =>
  addressOf(baseUrl, api.connecting.authorize.path, { query: { code_challenge_method: 'S256', ...query } })

export interface Verifier {
  /** Keep it until the code is traded for a session. */
  readonly codeVerifier: string
  /** Goes into `authorizeUrl`. */
  readonly codeChallenge: string
}

/** PKCE (RFC 7636, S256). Browsers offer the hash on https and localhost only. */
export async function createVerifier(): Promise<Verifier> {
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier))
  return { codeVerifier, codeChallenge: base64url(new Uint8Array(hash)) }
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

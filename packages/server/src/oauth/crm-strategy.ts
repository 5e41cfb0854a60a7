import type { Request, Response } from 'express'
import passport from 'passport'
import OAuth2Strategy, { InternalOAuthError, type Metadata, type StateStore } from 'passport-oauth2'
import type { OAuth2Scheme } from '@linefinder/core'
import type { Credentials } from '@linefinder/core/http'

export interface CrmStrategyParts {
  readonly scheme: OAuth2Scheme
  readonly authorizeUrl: string
  readonly clientId: string
  readonly callbackUrl: string
  /** Keeps the flow with the PKCE verifier, and resolves to the state that stands for it. */
  begin(codeVerifier: string | undefined): Promise<string>
  /** The verifier of the flow that has come back. Its state is checked and used up by then. */
  readonly codeVerifier: string | undefined
  /** Trades the CRM's code for tokens. */
  exchange(code: string, codeVerifier: string | undefined): Promise<Credentials>
}

/** passport's strategy builds the redirect, PKCE and state; keeping the flow and speaking to the token endpoint are ours. */
class CrmStrategy extends OAuth2Strategy {
  readonly #authorizeParams: Readonly<Record<string, string>>

  /** `onSent` is called once the browser has been sent to the CRM: passport itself tells nobody. */
  constructor(parts: CrmStrategyParts, onSent: () => void) {
    const { scheme } = parts
    super({
      authorizationURL: parts.authorizeUrl,
      tokenURL: scheme.tokenUrl,
      clientID: parts.clientId,
      // The token client holds the secret.
      clientSecret: '',
      callbackURL: parts.callbackUrl,
      ...(scheme.scopes.length > 0 ? { scope: [...scheme.scopes] } : {}),
      scopeSeparator: scheme.scopeSeparator ?? ' ',
      pkce: scheme.pkce !== false,
      state: true,
      store: storeOf(parts, onSent),
      skipUserProfile: true,
    }, (_access: string, _refresh: string, credentials: Credentials, _profile: unknown, verified: OAuth2Strategy.VerifyCallback) => {
      verified(null, credentials)
    })
    this.#authorizeParams = scheme.authorizeParams ?? {}
    const getTokens = (code: string, params: { code_verifier?: string }, answer: (error: unknown, access?: string, refresh?: string, credentials?: Credentials) => void) => {
      parts.exchange(code, params.code_verifier)
        // The strategy insists on an access token of its own.
        .then(credentials => { answer(null, 'is in the credentials', '', credentials) })
        .catch(answer)
    }
    // The type has an overload without parameters, which the strategy never calls.
    this._oauth2.getOAuthAccessToken = getTokens as typeof this._oauth2.getOAuthAccessToken
  }

  override authorizationParams(): object {
    return this.#authorizeParams
  }
}

/** passport-oauth2 looks at how many parameters a store's methods have; its types leave the form with PKCE out. */
function storeOf(parts: CrmStrategyParts, onSent: () => void): StateStore {
  return {
    store(_request: Request, codeVerifier: string | undefined, _state: unknown, _meta: Metadata, done: (error: unknown, state?: string) => void) {
      parts.begin(codeVerifier).then(state => {
        done(null, state)
        onSent()
      }).catch(done)
    },
    verify(_request: Request, _state: string, done: (error: unknown, codeVerifier: string | true) => void) {
      done(null, parts.codeVerifier ?? true)
    },
  } as unknown as StateStore
}

/** Runs the strategy. Resolves to the credentials, or to `null` when it has sent the browser to the CRM. */
export async function runStrategy(parts: CrmStrategyParts, request: Request, response: Response): Promise<Credentials | null> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, held?: Credentials | false) => {
      if (held) resolve(held)
      else reject(error instanceof InternalOAuthError ? error.oauthError as Error : error ?? new Error('passport came to no result'))
    }
    // passport takes a strategy itself where its types want a registered name.
    const authenticate = passport.authenticate(new CrmStrategy(parts, () => { resolve(null) }), { session: false }, done) as (request: Request, response: Response, next: (error: unknown) => void) => void
    authenticate(request, response, reject)
  })
}

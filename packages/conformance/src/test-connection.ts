import { CrmError, type AuthScheme, type CrmAdapter, type LoginContext } from '@linefinder/core'
import {
  baseUrlOf, createAdapterContext, createHttp, HeldHere, OperationCredentials, stopAt, toCrmError, TokenClient, type AddressRules, type Credentials, type CredentialSource, type Held, type OAuthClient,
} from '@linefinder/core/http'
import { Limited } from './check.js'
import type { Connected } from './crm-under-test.js'
import { outside } from './watch/scope.js'

export interface ConnectionParts {
  readonly adapter: CrmAdapter
  readonly scheme: AuthScheme
  readonly rules: AddressRules
  readonly hostname: string
  readonly oauthClient: OAuthClient | undefined
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
}

const loginDeadlineMs = 10_000

/** A connection's credentials in memory, renewed by the same rule as a server's: once, whoever asks. */
export class TestConnection implements CredentialSource {
  /** How often the CRM was asked for newer ones. */
  renewals = 0
  #held: Held
  #renewal: Promise<Held> | undefined
  #isForgotten = false

  private constructor(private readonly parts: ConnectionParts, credentials: Credentials) {
    this.#held = { credentials, version: 1 }
  }

  /** Throws `CrmError('unauthorized')` when the CRM's own login refuses the fields. */
  static async open(parts: ConnectionParts, connected: Connected): Promise<TestConnection> {
    if (!('fields' in connected)) return new TestConnection(parts, { type: 'oauth2', ...connected })
    const fields = { ...connected.fields }
    if (parts.scheme.type !== 'custom') return new TestConnection(parts, { type: 'fields', fields })
    return new TestConnection(parts, await logIn(parts, fields))
  }

  get credentials(): Credentials {
    return this.#held.credentials
  }

  /** What must never be seen anywhere. */
  get secrets(): string[] {
    const held = this.#held.credentials
    const values = held.type === 'oauth2' ? [held.accessToken, held.refreshToken ?? '']
      : [...Object.values(held.fields), ...(held.type === 'custom' ? Object.values(held.session.values) : [])]
    return values.filter(value => value.length >= 8)
  }

  async current(): Promise<Held> {
    if (this.#isForgotten) throw new CrmError('unauthorized')
    return this.#held
  }

  renew(stale: number): Promise<Held> {
    if (this.#held.version > stale) return Promise.resolve(this.#held)
    return this.#renewal ??= outside(() => this.#renew()).finally(() => { this.#renewal = undefined })
  }

  async replace(known: number, next: Credentials): Promise<Held | null> {
    await this.#renewal?.catch(() => undefined)
    if (this.#held.version !== known || this.#isForgotten) return null
    this.#held = { credentials: next, version: known + 1 }
    return this.#held
  }

  async forget(known: number): Promise<void> {
    if (this.#held.version === known) this.#isForgotten = true
  }

  /** At the scheme's `revokeUrl`. Throws `Limited` where there is none, or no client to do it with. */
  async revoke(): Promise<void> {
    const { credentials } = this.#held
    if (credentials.type !== 'oauth2') throw new Limited('these credentials are not revoked')
    await new TokenClient(this.parts.rules).revoke(this.#tokenRequest(), credentials)
  }

  /** Ends a session of the CRM's own login. */
  async end(): Promise<void> {
    const { scheme } = this.parts
    const { credentials } = this.#held
    if (scheme.type !== 'custom' || credentials.type !== 'custom') return
    await withLogin(this.parts, async login => scheme.end?.(login, credentials.session as Parameters<typeof scheme.authorize>[0]))
  }

  async #renew(): Promise<Held> {
    const { scheme } = this.parts
    const { credentials, version } = this.#held
    this.renewals += 1
    if (this.parts.adapter.renewCredentials) {
      this.#held = { credentials: await this.#renewByAdapter(credentials), version: version + 1 }
      return this.#held
    }
    const renewed = credentials.type === 'oauth2' && scheme.type === 'oauth2' ? await new TokenClient(this.parts.rules).refresh(this.#tokenRequest(), credentials)
      : credentials.type === 'custom' ? await logIn(this.parts, credentials.fields) : null
    if (renewed === null) throw new CrmError('unauthorized')
    this.#held = { credentials: { ...renewed, ...(credentials.state && { state: credentials.state }) }, version: version + 1 }
    return this.#held
  }

  async #renewByAdapter(held: Credentials): Promise<Credentials> {
    const { adapter, scheme, rules, hostname, settings, secrets } = this.parts
    const here = new HeldHere(held)
    const ctx = createAdapterContext({
      adapter, scheme, credentials: new OperationCredentials(here), guard: rules, signal: AbortSignal.timeout(loginDeadlineMs), requestId: 'conformance-renewal',
      connection: { id: 'connection-renewal', hostname, settings, secrets, user: null }, phoneOptions: {}, log: { debug: () => undefined, warn: () => undefined },
    })
    await adapter.renewCredentials?.(ctx)
    return (await here.current()).credentials
  }

  #tokenRequest() {
    const { scheme, hostname, oauthClient } = this.parts
    if (scheme.type !== 'oauth2') throw new Limited('the adapter does not connect by OAuth')
    if (!oauthClient) throw new Limited('no `oauthClient` was given to renew and revoke tokens with')
    return { scheme, hostname, client: oauthClient, requestId: 'conformance-token' }
  }
}

async function logIn(parts: ConnectionParts, fields: Record<string, string>): Promise<Credentials> {
  const { scheme } = parts
  if (scheme.type !== 'custom') throw new Error('only a custom scheme logs in')
  const { values, expiresAt } = await withLogin(parts, login => scheme.login(login, fields))
  return { type: 'custom', fields, session: { values: { ...values }, ...(expiresAt === undefined ? {} : { expiresAt }) } }
}

async function withLogin<Result>({ adapter, rules, hostname }: ConnectionParts, work: (login: LoginContext) => Promise<Result>): Promise<Result> {
  const signal = AbortSignal.timeout(loginDeadlineMs)
  const http = createHttp({ guard: rules, signal, requestId: 'conformance-login', baseUrl: baseUrlOf(adapter, rules, hostname) })
  try {
    return await stopAt(signal, work({ http, hostname, signal }))
  } catch (error) {
    throw toCrmError(error, signal)
  }
}

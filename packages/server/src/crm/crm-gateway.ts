import type { Logger } from 'pino'
import type { z } from 'zod'
import {
  CrmError, crmUser, type AdapterContext, type AuthScheme, type CrmAdapter, type CrmUser, type SessionCredential,
} from '@linefinder/core'
import { parsePhone, samePhone } from '@linefinder/core/phone'
import type { AdapterRegistry } from '../installations/adapter-registry.js'
import type { InstallationService } from '../installations/installation-service.js'
import type { AddressGuard } from './address-guard.js'
import { applyCredentials, renewAtOf, type Credentials } from './credentials.js'
import type { CredentialVault, Held } from './credential-vault.js'
import { toCrmError } from './crm-failure.js'
import { createHttp } from './http-client.js'
import { Deadline } from './deadline.js'
import type { TokenClient } from './token-client.js'

/** The part of a connection that a call to its CRM needs. */
export interface CrmConnection {
  readonly id: string
  readonly tenantId: string
  readonly installationId: string
  readonly adapter: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly hostname: string
  readonly crmUser: CrmUser | null
}

export interface CallOptions {
  readonly requestId: string
  readonly log: Logger
  /** The caller's own wish to stop, beside the deadline. */
  readonly signal?: AbortSignal
  /** For the whole operation, however many requests it takes. Default 10 s. */
  readonly deadlineMs?: number
  readonly idempotencyKey?: string
}

/** Where an operation takes its credentials from. */
interface CredentialSource {
  current(): Promise<Held>
  renew(stale: number): Promise<Held>
}

const defaultDeadlineMs = 10_000

/** Every call to a CRM goes through here: it builds the adapter's context, and turns whatever happens into one kind of failure. */
export class CrmGateway {
  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly installations: InstallationService,
    private readonly vault: CredentialVault,
    private readonly tokens: TokenClient,
    private readonly guard: AddressGuard,
  ) {}

  /** Runs `work` with the connection's stored credentials and checks its result by `schema`. Throws `CrmError` only. */
  async call<Schema extends z.ZodType>(
    connection: CrmConnection, options: CallOptions, schema: Schema, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
  ): Promise<z.output<Schema>> {
    return this.#run(connection, options, scheme => this.#stored(connection, scheme, options), schema, work)
  }

  /** Asks the CRM whose credentials these are, before anything is stored. */
  async identify(connection: CrmConnection, options: CallOptions, held: Credentials): Promise<CrmUser> {
    const fixed: CredentialSource = {
      current: async () => ({ credentials: held, version: 0 }),
      renew: async () => { throw new CrmError('unauthorized') },
    }
    return this.#run(connection, options, () => fixed, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
  }

  /** Trades the fields of the form for what is kept. Throws `CrmError('unauthorized')` when the CRM's own login refuses them. */
  async logIn(connection: CrmConnection, options: CallOptions, scheme: AuthScheme, fields: Readonly<Record<string, string>>): Promise<Credentials> {
    if (scheme.type !== 'custom') return { type: 'fields', fields: { ...fields } }
    const session = await this.#withLogin(connection, options, login => scheme.login(login, fields))
    return { type: 'custom', fields: { ...fields }, session: plain(session) }
  }

  /** Ends the credentials at the CRM, each way that there is even when another fails. Throws `CrmError` when it cannot be told. */
  async revoke(connection: CrmConnection, options: CallOptions): Promise<void> {
    const { adapter, scheme } = await this.#setUp(connection)
    const source = () => this.#stored(connection, scheme, options)
    const [loggedOut] = await Promise.allSettled([this.#work(connection, options, adapter, source, ctx => adapter.logout(ctx), scheme)])
    // Read late: logging out may have renewed them.
    const { credentials: held } = await this.vault.read(connection.id)
    if (held.type === 'oauth2' && scheme.type === 'oauth2') {
      await this.tokens.revoke(await this.#tokenRequest(connection, scheme, options), held)
    }
    if (held.type === 'custom' && scheme.type === 'custom') {
      await this.#withLogin(connection, options, async login => scheme.end?.(login, held.session as SessionCredential))
    }
    if (loggedOut.status === 'rejected') throw loggedOut.reason
  }

  async #run<Schema extends z.ZodType>(
    connection: CrmConnection, options: CallOptions, sourceOf: (scheme: AuthScheme) => CredentialSource, schema: Schema,
    work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
  ): Promise<z.output<Schema>> {
    const { adapter, scheme } = await this.#setUp(connection)
    const result = await this.#work(connection, options, adapter, () => sourceOf(scheme), ctx => work(adapter, ctx), scheme)
    const checked = schema.safeParse(result)
    if (!checked.success) throw toCrmError(checked.error, new AbortController().signal)
    return checked.data
  }

  async #work<Result>(
    connection: CrmConnection, options: CallOptions, adapter: CrmAdapter, sourceOf: () => CredentialSource,
    work: (ctx: AdapterContext) => Promise<Result>, scheme: AuthScheme,
  ): Promise<Result> {
    const deadline = deadlineOf(options)
    const { signal } = deadline
    try {
      return await stopAt(signal, work(this.#context(connection, options, adapter, scheme, sourceOf(), signal)))
    } catch (error) {
      const failure = toCrmError(error, signal)
      if (failure.code === 'adapter_fault') options.log.error({ err: failure.cause, adapter: adapter.id }, 'adapter failed')
      throw failure
    } finally {
      deadline.end()
    }
  }

  #context(
    connection: CrmConnection, options: CallOptions, adapter: CrmAdapter, scheme: AuthScheme, source: CredentialSource, signal: AbortSignal,
  ): AdapterContext {
    let held: Promise<Held> | undefined
    const phoneOptions = { country: countryOf(connection.settings) }
    return {
      http: createHttp({
        guard: this.guard, signal, requestId: options.requestId, idempotencyKey: options.idempotencyKey,
        baseUrl: this.#baseUrl(adapter, connection.hostname),
        authorize: async config => {
          held ??= source.current()
          const { credentials, version } = await held
          applyCredentials(scheme, credentials, config)
          return version
        },
        renew: async refusedVersion => {
          if ((await held)?.version === refusedVersion) held = source.renew(refusedVersion)
          await held
        },
      }),
      connection: { id: connection.id, hostname: connection.hostname, settings: connection.settings, user: connection.crmUser },
      phone: {
        options: phoneOptions,
        parse: text => parsePhone(text, phoneOptions),
        isSame: (a, b) => samePhone(a, b, phoneOptions),
      },
      log: {
        debug: (message, fields) => options.log.debug({ ...fields, adapter: adapter.id }, message),
        warn: (message, fields) => options.log.warn({ ...fields, adapter: adapter.id }, message),
      },
      signal,
    }
  }

  #stored(connection: CrmConnection, scheme: AuthScheme, options: CallOptions): CredentialSource {
    const renew = async (stale: number): Promise<Held> => {
      const canRenew = scheme.type === 'oauth2' || scheme.type === 'custom'
      if (canRenew) return this.vault.renew(connection.id, stale, held => this.#renewed(connection, scheme, options, held))
      await this.vault.markRefused(connection.id, stale)
      throw new CrmError('unauthorized')
    }
    return {
      current: async () => {
        const held = await this.vault.read(connection.id)
        const renewAt = renewAtOf(held.credentials)
        return renewAt !== undefined && renewAt <= Date.now() ? renew(held.version) : held
      },
      renew,
    }
  }

  async #renewed(connection: CrmConnection, scheme: AuthScheme, options: CallOptions, held: Credentials): Promise<Credentials> {
    if (held.type === 'oauth2' && scheme.type === 'oauth2') return this.tokens.refresh(await this.#tokenRequest(connection, scheme, options), held)
    if (held.type === 'custom') return this.logIn(connection, options, scheme, held.fields)
    throw new CrmError('unauthorized')
  }

  async #tokenRequest(connection: CrmConnection, scheme: Extract<AuthScheme, { type: 'oauth2' }>, options: CallOptions) {
    const client = await this.installations.getOAuthClient(connection.tenantId, connection.installationId)
    return { scheme, hostname: connection.hostname, client, requestId: options.requestId }
  }

  async #withLogin<Result>(connection: CrmConnection, options: CallOptions, work: (login: Parameters<Extract<AuthScheme, { type: 'custom' }>['login']>[0]) => Promise<Result>): Promise<Result> {
    const { adapter } = await this.#setUp(connection)
    const deadline = deadlineOf(options)
    const { signal } = deadline
    const http = createHttp({ guard: this.guard, signal, requestId: options.requestId, baseUrl: this.#baseUrl(adapter, connection.hostname) })
    try {
      return await stopAt(signal, work({ http, hostname: connection.hostname, signal }))
    } catch (error) {
      throw toCrmError(error, signal)
    } finally {
      deadline.end()
    }
  }

  async #setUp(connection: CrmConnection): Promise<{ adapter: CrmAdapter; scheme: AuthScheme }> {
    const adapter = this.adapters.get(connection.adapter)
    return { adapter, scheme: await this.adapters.schemeOf(adapter, { hostname: connection.hostname, settings: connection.settings }) }
  }

  #baseUrl(adapter: CrmAdapter, hostname: string): string {
    return this.guard.resolve(adapter.baseUrl ?? 'https://{hostname}', hostname)
  }
}

/** The installation's country, by which numbers without a country code are read. */
export const countryOf = (settings: Readonly<Record<string, unknown>>): string | undefined =>
  typeof settings['country'] === 'string' ? settings['country'] : undefined

const deadlineOf = ({ deadlineMs = defaultDeadlineMs, signal }: CallOptions): Deadline => new Deadline(deadlineMs, signal)

/** An adapter that does not listen to its signal is left behind at the deadline all the same. */
async function stopAt<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let stop: (() => void) | undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => { reject(new CrmError('timeout')) }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
  }
}

/** Sealed as JSON, so what the adapter's type calls read-only is copied. */
const plain = ({ values, expiresAt }: SessionCredential) => ({ values: { ...values }, ...(expiresAt === undefined ? {} : { expiresAt }) })

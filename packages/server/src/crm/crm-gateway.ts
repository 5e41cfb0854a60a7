import type { Logger } from 'pino'
import type { z } from 'zod'
import {
  CrmError, crmUser, type AdapterContext, type AuthScheme, type CrmAdapter, type CrmUser, type SessionCredential,
} from '@linefinder/core'
import {
  baseUrlOf, createAdapterContext, createHttp, Deadline, HeldHere, OperationCredentials, renewAtOf, stopAt, toCrmError,
  type Credentials, type CredentialSource, type Held, type TokenClient,
} from '@linefinder/core/http'
import { isAnswer, type ConnectionHealth, type HealthAsRead } from '../connections/connection-health.js'
import type { AdapterRegistry } from '../installations/adapter-registry.js'
import { checkCredentialsAllowed } from '../installations/allow-credentials.js'
import type { InstallationSecrets } from '../installations/installation-secrets.js'
import type { InstallationService } from '../installations/installation-service.js'
import type { CrmOutcome, Metrics } from '../metrics/metrics.js'
import { missingOf, propertiesOf } from '../installations/properties.js'
import type { AddressGuard } from './address-guard.js'
import { watchAsked } from './asked-adapter.js'
import { credentialsFit } from './credentials-fit.js'
import type { CredentialVault, SealedCredentials } from './credential-vault.js'

/** The part of a connection that a call to its CRM needs. */
export interface CrmConnection {
  readonly id: string
  readonly tenantId: string
  readonly installationId: string
  readonly adapter: string
  readonly settings: Readonly<Record<string, unknown>>
  /** The installation's secret properties. Opened only for an adapter that declares some. */
  readonly sealedSecrets: string | null
  readonly hostname: string
  readonly crmUser: CrmUser | null
  /** As read with the connection; without it nothing is held back. */
  readonly health?: HealthAsRead
  /** As read with the connection, a moment ago; without them each operation reads them. */
  readonly sealedCredentials?: SealedCredentials
}

export interface CallOptions {
  readonly requestId: string
  readonly log: Logger
  /** What each of its lines says beside. Most calls have none, and a child of the log costs more than a line. */
  readonly about?: Readonly<Record<string, unknown>>
  /** The caller's own wish to stop, beside the deadline. */
  readonly signal?: AbortSignal
  /** For the whole operation, however many requests it takes. Default 10 s. */
  readonly deadlineMs?: number
  readonly idempotencyKey?: string
  /** `ConnectionHealth.admit` let this call through. Else somebody waits for it, who is told at once while the connection is paused. */
  readonly isAdmitted?: boolean
}

export interface Identified {
  readonly crmUser: CrmUser
  readonly held: Credentials
}

const defaultDeadlineMs = 10_000
/** A CRM that had less than this to answer cannot be blamed for a timeout. */
const fairDeadlineMs = 1000

/** Every call to a CRM goes through here: it builds the adapter's context, and turns whatever happens into one kind of failure. */
export class CrmGateway {
  /** Something was noted against them since they were read. */
  readonly #shaken = new WeakSet<CrmConnection>()
  /** Newer ones were asked for since they were read. */
  readonly #outdated = new WeakSet<SealedCredentials>()

  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly installations: InstallationService,
    private readonly secrets: InstallationSecrets,
    private readonly vault: CredentialVault,
    private readonly tokens: TokenClient,
    private readonly guard: AddressGuard,
    private readonly health: ConnectionHealth,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Runs `work` with the connection's stored credentials and checks its result by `schema`. What comes of it is noted for the
   * connection's health; while that is paused, it fails at once. In the metrics it goes by the name of the member that `work` asks
   * the adapter for. Throws `CrmError` only.
   */
  async call<Schema extends z.ZodType>(
    connection: CrmConnection, options: CallOptions, schema: Schema, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
  ): Promise<z.output<Schema>> {
    if (options.isAdmitted !== true && connection.health?.pausedUntil) await this.health.admitInteractive(connection.tenantId, connection.id)
    const startedAt = Date.now()
    try {
      const result = await this.#run(connection, options, scheme => this.#stored(connection, scheme, options), schema, work)
      await this.#note(connection, options, null)
      return result
    } catch (error) {
      if (error instanceof CrmError) {
        const isOurs = error.code === 'timeout' && error.crmStatus === undefined && (options.signal?.aborted === true || Date.now() - startedAt < fairDeadlineMs)
        await this.#note(connection, options, isOurs ? 'nothing' : error)
      }
      throw error
    }
  }

  /** Asks the CRM whose credentials these are, before anything is stored. They come back as the adapter wants them kept. */
  async identify(connection: CrmConnection, options: CallOptions, held: Credentials): Promise<Identified> {
    const here = new HeldHere(held)
    const user = await this.#run(connection, options, () => here, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
    return { crmUser: user, held: here.credentials }
  }

  /** How the connection is authorised, by the adapter and the properties of this moment. */
  async schemeOf(connection: CrmConnection): Promise<AuthScheme> {
    return (await this.#setUp(connection)).scheme
  }

  /** Trades the fields of the form for what is kept. Throws `CrmError('unauthorized')` when the CRM's own login refuses them. */
  async logIn(connection: CrmConnection, options: CallOptions, scheme: AuthScheme, fields: Readonly<Record<string, string>>): Promise<Credentials> {
    if (scheme.type !== 'custom') return { type: 'fields', fields: { ...fields } }
    const session = await this.#withLogin(connection, options, login => scheme.login(login, fields))
    return { type: 'custom', fields: { ...fields }, session: plain(session) }
  }

  /** Ends the credentials at the CRM, each way that there is even when another fails. Throws `CrmError` when it cannot be told. */
  async revoke(connection: CrmConnection, options: CallOptions): Promise<void> {
    const setUp = await this.#setUp(connection)
    const { scheme } = setUp
    const source = () => this.#stored(connection, scheme, options)
    const [loggedOut] = await Promise.allSettled([this.#work(connection, options, setUp, source, (crm, ctx) => crm.logout(ctx))])
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

  /** The call is done and its result is worth more than this. */
  async #note(connection: CrmConnection, { log, about }: CallOptions, outcome: CrmError | 'nothing' | null): Promise<void> {
    const { id, tenantId, health } = connection
    const isWellKnown = health !== undefined && this.health.isCalm(id, health) && !this.#shaken.has(connection)
    try {
      if (outcome === 'nothing') await (isWellKnown ? undefined : this.health.noteNothing(id, tenantId))
      else if (outcome === null || isAnswer(outcome)) await (isWellKnown ? undefined : this.health.noteSuccess(id, tenantId))
      else {
        this.#shaken.add(connection)
        await this.health.noteFailure(id, tenantId, outcome)
      }
    } catch (error) {
      log.error({ ...about, err: error, connection: id }, 'how the CRM fares could not be noted')
    }
  }

  async #run<Schema extends z.ZodType>(
    connection: CrmConnection, options: CallOptions, sourceOf: (scheme: AuthScheme) => CredentialSource, schema: Schema,
    work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
  ): Promise<z.output<Schema>> {
    const setUp = await this.#setUp(connection)
    return this.#work(connection, options, setUp, () => sourceOf(setUp.scheme), async (crm, ctx) => schema.parse(await work(crm, ctx)))
  }

  async #work<Result>(
    connection: CrmConnection, options: CallOptions, setUp: SetUp, sourceOf: () => CredentialSource,
    work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<Result>,
  ): Promise<Result> {
    const { adapter, scheme } = setUp
    const deadline = deadlineOf(options)
    const { signal } = deadline
    const asked = watchAsked(adapter)
    const begunAt = performance.now()
    const count = (outcome: CrmOutcome) => {
      this.metrics.countCrmRequest({ adapter: adapter.id, operation: asked.operation(), outcome, seconds: (performance.now() - begunAt) / 1000 })
    }
    const credentials = new OperationCredentials(sourceOf())
    try {
      const result = await stopAt(signal, work(asked.adapter, this.#context(connection, options, setUp, credentials, signal)))
      count('ok')
      return result
    } catch (error) {
      const failure = toCrmError(error, signal)
      count(failure.code)
      if (failure.code === 'unauthorized' && !canRenew(scheme)) await credentials.giveUp()
      if (failure.code === 'adapter_fault') options.log.error({ ...options.about, err: failure.cause, adapter: adapter.id }, 'adapter failed')
      throw failure
    } finally {
      deadline.end()
    }
  }

  #context(
    connection: CrmConnection, options: CallOptions, { adapter, scheme, secrets }: SetUp, operation: OperationCredentials, signal: AbortSignal,
  ): AdapterContext {
    return createAdapterContext({
      adapter, scheme, credentials: operation, guard: this.guard, signal, requestId: options.requestId, idempotencyKey: options.idempotencyKey,
      connection: { id: connection.id, hostname: connection.hostname, settings: connection.settings, secrets, user: connection.crmUser },
      phoneOptions: { country: countryOf(connection.settings) },
      log: {
        debug: (message, fields) => options.log.debug({ ...options.about, ...fields, adapter: adapter.id }, message),
        warn: (message, fields) => options.log.warn({ ...options.about, ...fields, adapter: adapter.id }, message),
      },
    })
  }

  #stored(connection: CrmConnection, scheme: AuthScheme, options: CallOptions): CredentialSource {
    const { needsCredentials } = this.adapters.get(connection.tenantId, connection.adapter)
    // Who changes credentials has them read anew each time.
    const known = needsCredentials === true ? undefined : connection.sealedCredentials
    const renew = async (stale: number): Promise<Held> => {
      if (known) this.#outdated.add(known)
      if (canRenew(scheme)) return this.vault.renew(connection.id, stale, held => this.#countedRenewal(connection, scheme, options, held))
      await this.vault.markRefused(connection.id, stale)
      throw new CrmError('unauthorized')
    }
    return {
      current: async () => {
        const held = await this.vault.read(connection.id, known && !this.#outdated.has(known) ? known : undefined)
        if (!credentialsFit(held.credentials, scheme)) {
          await this.vault.markRefused(connection.id, held.version)
          throw new CrmError('unauthorized')
        }
        const renewAt = renewAtOf(held.credentials)
        return renewAt !== undefined && renewAt <= Date.now() ? renew(held.version) : held
      },
      renew,
      replace: (known, next) => this.vault.replace(connection.id, known, next),
      forget: known => this.vault.markRefused(connection.id, known),
    }
  }

  async #countedRenewal(connection: CrmConnection, scheme: AuthScheme, options: CallOptions, held: Credentials): Promise<Credentials> {
    try {
      const renewed = await this.#renewed(connection, scheme, options, held)
      this.metrics.countTokenRefresh(connection.adapter, 'ok')
      return renewed
    } catch (error) {
      this.metrics.countTokenRefresh(connection.adapter, toCrmError(error, new AbortController().signal).code)
      throw error
    }
  }

  async #renewed(connection: CrmConnection, scheme: AuthScheme, options: CallOptions, held: Credentials): Promise<Credentials> {
    const adapter = this.adapters.get(connection.tenantId, connection.adapter)
    if (adapter.needsCredentials === true && adapter.renewCredentials) {
      const here = new HeldHere(held)
      await this.#work(connection, options, await this.#setUp(connection), () => here, async (crm, ctx) => crm.renewCredentials?.(ctx))
      return (await here.current()).credentials
    }
    const { state } = held
    const kept = state === undefined ? {} : { state }
    if (held.type === 'oauth2' && scheme.type === 'oauth2') return { ...await this.tokens.refresh(await this.#tokenRequest(connection, scheme, options), held), ...kept }
    if (held.type === 'custom') return { ...await this.logIn(connection, options, scheme, held.fields), ...kept }
    throw new CrmError('unauthorized')
  }

  async #tokenRequest(connection: CrmConnection, scheme: Extract<AuthScheme, { type: 'oauth2' }>, options: CallOptions) {
    const client = await this.installations.clientOf(scheme, connection.tenantId, connection.installationId)
    return { scheme, hostname: connection.hostname, client, requestId: options.requestId }
  }

  async #withLogin<Result>(connection: CrmConnection, options: CallOptions, work: (login: Parameters<Extract<AuthScheme, { type: 'custom' }>['login']>[0]) => Promise<Result>): Promise<Result> {
    const { adapter } = await this.#setUp(connection)
    const deadline = deadlineOf(options)
    const { signal } = deadline
    const http = createHttp({ guard: this.guard, signal, requestId: options.requestId, baseUrl: baseUrlOf(adapter, this.guard, connection.hostname) })
    try {
      return await stopAt(signal, work({ http, hostname: connection.hostname, signal }))
    } catch (error) {
      throw toCrmError(error, signal)
    } finally {
      deadline.end()
    }
  }

  /** The adapter as it is now: one whole operation goes by one version of a document. */
  async #setUp({ tenantId, installationId, adapter: id, hostname, settings, sealedSecrets }: CrmConnection): Promise<SetUp> {
    const adapter = this.adapters.get(tenantId, id)
    checkCredentialsAllowed(adapter, settings)
    const secrets = this.secrets.openFor(adapter, installationId, sealedSecrets)
    const missing = missingOf(adapter, { properties: propertiesOf(settings), secrets })
    // It passes once the admin has filled them in, so what waits for the CRM goes on waiting.
    if (missing.length > 0) throw new CrmError('unavailable', { detail: `The installation lacks: ${missing.join(', ')}.` })
    return { adapter, secrets, scheme: await this.adapters.schemeOf(adapter, { hostname, settings, secrets }) }
  }
}

/** What an operation goes by from its beginning to its end. */
interface SetUp {
  readonly adapter: CrmAdapter
  readonly scheme: AuthScheme
  readonly secrets: Readonly<Record<string, string>>
}

const canRenew = ({ type }: AuthScheme): boolean => type === 'oauth2' || type === 'custom'

/** The installation's country, by which numbers without a country code are read. */
export const countryOf = (settings: Readonly<Record<string, unknown>>): string | undefined =>
  typeof settings['country'] === 'string' ? settings['country'] : undefined

const deadlineOf = ({ deadlineMs = defaultDeadlineMs, signal }: CallOptions): Deadline => new Deadline(deadlineMs, signal)

/** Sealed as JSON, so what the adapter's type calls read-only is copied. */
const plain = ({ values, expiresAt }: SessionCredential) => ({ values: { ...values }, ...(expiresAt === undefined ? {} : { expiresAt }) })

import { CrmError, type AdapterContext, type InstallationWithSecrets } from '@linefinder/core'
import type * as z from 'zod'
import type { AdminSettingsReader, JsonObject, ReturnMessage } from '../extras.js'
import * as answers from './answers.js'
import { ConnectorCall } from './connector-call.js'
import type { ConnectorFunction, ConnectorModule } from './connector-module.js'
import { ConnectorUser } from './connector-user.js'
import { failureOf, refusalOf, type Refusal } from './failures.js'
import type { PlatformManifest } from './manifest.js'
import { within } from './scope.js'
import type { OAuthInfo } from './shim/oauth.js'
import type { Shim } from './shim/index.js'

export interface HostParts {
  readonly platform: string
  readonly module: ConnectorModule
  readonly manifest: JsonObject
  readonly platformManifest: PlatformManifest
  readonly shim: Shim
  /** Sends our key with every POST of `createCallLog` and `createMessageLog`. */
  readonly sendsIdempotencyKey: boolean
  /** Its updates leave alone what they are not told of, also when the call began, how long it took, and the text. */
  readonly keepsUntold: boolean
  /** Which member of `platformAdditionalInfo` is the id of the customer's account. */
  readonly accountKey: string | undefined
  /** The server writes a text for it. */
  readonly hasBody: boolean
}

/** What every function of a connector is given. */
export interface Given {
  readonly user: ConnectorUser
  readonly authHeader: string
  readonly proxyConfig: undefined
}

export interface RunOptions {
  /** The connection ends: nothing is kept any more. */
  readonly isEnding?: boolean
  /** The connector renews by itself in this very call. */
  readonly isRenewal?: boolean
  /** By requests of which a part may be answered and the rest not. */
  readonly isCreating?: boolean
  readonly idempotencyKey?: string
}

type Work<Result> = (call: ConnectorCall, given: Given) => Promise<Result>

const mostMessages = 1000

/** Runs a connector's functions, each within the scope of the one connection that it is called for. */
export class ConnectorHost {
  readonly adminSettingsReaders: AdminSettingsReader[] = []
  readonly #messages = new Map<string, ReturnMessage>()

  constructor(readonly parts: HostParts) {}

  has(name: ConnectorFunction): boolean {
    return this.parts.module[name] !== undefined
  }

  /** Throws `CrmError`: what the work threw, and what its requests came to. */
  async run<Result>(ctx: AdapterContext, work: Work<Result>, options: RunOptions = {}): Promise<Result> {
    const first = await this.#open(ctx, options)
    try {
      return await this.#within(ctx, first, work)
    } catch (error) {
      const failure = failureOf(error, first)
      // Sent again, it would be there twice: the connector gave no id of what it has made.
      if (options.isCreating && first.hasMade && failure.isRetryable && first.idempotencyKey === undefined) throw new CrmError('rejected', { detail: 'A part of it is in the CRM, the rest was not taken', cause: failure })
      // One that renews in its own way is asked to when its session turns out to be over.
      if (failure.code !== 'unauthorized' || !this.has('checkAndRefreshAccessToken') || options.isEnding || options.isRenewal) throw failure
      await first.renew()
      if (first.writes > 0) throw new CrmError('unavailable', { detail: 'The session with the CRM has been renewed.', cause: failure })
      const second = await this.#open(ctx, options)
      return await this.#within(ctx, second, work).catch((again: unknown) => { throw failureOf(again, second) })
    }
  }

  /** Asks a function that the connector has. What it answers is checked; `successful: false` is a failure. */
  async ask<Schema extends z.ZodType<Refusal | null | undefined>>(call: ConnectorCall, schema: Schema, name: ConnectorFunction, ...given: unknown[]): Promise<z.output<Schema>> {
    const answer = await this.askLeniently(call, schema, name, ...given)
    if (answer?.successful === false) throw refusalOf(answer, call)
    return answer
  }

  /** As `ask`, but what the connector refuses is an answer. */
  async askLeniently<Schema extends z.ZodType>(call: ConnectorCall, schema: Schema, name: ConnectorFunction, ...given: unknown[]): Promise<z.output<Schema>> {
    const work = this.parts.module[name]
    if (!work) throw new CrmError('unsupported')
    const answer: unknown = await work.call(this.parts.module, ...given)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    // What follows a request that failed says less than the request.
    const said = answers.beside.parse(answer) ?? {}
    throw call.failure || said.successful === false || answer == null ? refusalOf(said, call) : parsed.error
  }

  /** Without a call: for what is known of an installation only. */
  asInstallation<Result>(installation: InstallationWithSecrets, work: () => Result): Result {
    return within({ installation, call: null }, work)
  }

  async oauthInfo({ hostname }: { readonly hostname: string }, more: JsonObject = {}): Promise<z.output<typeof answers.oauthInfo>> {
    return answers.oauthInfo.parse(await this.parts.module.getOauthInfo?.({ hostname, ...more, proxyId: undefined, proxyConfig: undefined }) ?? {})
  }

  /** A client as connectors are given one. */
  async oauthApp(user: ConnectorUser): Promise<unknown> {
    if (!this.has('getOauthInfo')) return undefined
    const info = await this.oauthInfo(user, { ...(typeof user.platformAdditionalInfo['tokenUrl'] === 'string' && { tokenUrl: user.platformAdditionalInfo['tokenUrl'] }) })
    const { getOAuthApp } = this.parts.shim.modules.get('lib/oauth') as { getOAuthApp(info: OAuthInfo): unknown }
    return getOAuthApp(info as OAuthInfo)
  }

  keepMessage(ctx: AdapterContext, activityId: string, message: ReturnMessage | null | undefined): void {
    if (message?.message === undefined || message.message === '') return
    if (this.#messages.size >= mostMessages) this.#messages.delete(this.#messages.keys().next().value ?? '')
    this.#messages.set(`${ctx.connection.id} ${activityId}`, message)
  }

  takeMessage(connectionId: string, activityId: string): ReturnMessage | null {
    const key = `${connectionId} ${activityId}`
    const message = this.#messages.get(key)
    this.#messages.delete(key)
    return message ?? null
  }

  async #adminSettings(connectionId: string): Promise<JsonObject | null> {
    for (const read of this.adminSettingsReaders) {
      const found = await read(connectionId)
      if (found) return found
    }
    return null
  }

  async #open(ctx: AdapterContext, { isEnding = false, isRenewal = false, idempotencyKey }: RunOptions): Promise<ConnectorCall> {
    const { credentials, connection } = ctx
    if (!credentials) throw new Error('an App Connect connector handles credentials itself, and was given none')
    const kept = await credentials.read()
    const user = new ConnectorUser(kept, { account: connection.id, platform: this.parts.platform, hostname: connection.hostname, crmUserId: connection.user?.id }, { credentials, isEnding })
    return new ConnectorCall({
      ctx, credentials, user, hasKey: 'fields' in kept, readAdminSettings: () => this.#adminSettings(connection.id),
      renewsTokens: !isEnding && !isRenewal && !this.has('checkAndRefreshAccessToken'),
      ...(this.parts.sendsIdempotencyKey && idempotencyKey !== undefined && { idempotencyKey }),
    })
  }

  #within<Result>(ctx: AdapterContext, call: ConnectorCall, work: Work<Result>): Promise<Result> {
    return within({ installation: ctx.connection, call }, async () => work(call, { user: call.user, authHeader: this.#authHeader(call), proxyConfig: undefined }))
  }

  #authHeader({ user, hasKey }: ConnectorCall): string {
    if (!hasKey) return `Bearer ${user.accessToken}`
    return `Basic ${String(this.parts.module.getBasicAuth?.({ apiKey: user.accessToken }) ?? user.accessToken)}`
  }
}

/** The CRM's own id of a user, of which connectors make one of theirs by adding their name. */
export const crmIdOf = (id: string, platform: string): string => id.endsWith(`-${platform}`) ? id.slice(0, -platform.length - 1) : id

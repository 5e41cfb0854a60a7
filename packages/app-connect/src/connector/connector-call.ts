import axios, { type AxiosError } from 'axios'
import { CrmError, type AdapterContext, type AdapterCredentials, type KeptCredentials } from '@linefinder/core'
import type { JsonObject } from '../extras.js'
import type { ConnectorUser } from './connector-user.js'

export type Output = (level: 'debug' | 'info' | 'warn' | 'error', words: readonly unknown[]) => void

export interface CallParts {
  readonly ctx: AdapterContext
  readonly credentials: AdapterCredentials
  readonly user: ConnectorUser
  /** The user has an API key instead of a token. */
  readonly hasKey: boolean
  /** A refused token is renewed and its request sent again, as the server does for every adapter. */
  readonly renewsTokens: boolean
  /** What administrators keep over App Connect's wire. */
  readAdminSettings(): Promise<JsonObject | null>
  /** Sent with each POST. */
  readonly idempotencyKey?: string | undefined
}

/** Contacts as the connector gives them, and the number that they were found by. */
export interface Matches {
  readonly phoneNumber: string
  readonly contacts: readonly unknown[]
}

/** One call of a connector's function: whose it is, and what became of its requests. */
export class ConnectorCall {
  /** The last request of it that failed. */
  failure: AxiosError | CrmError | null = null
  /** How many of its requests have been answered. */
  answers = 0
  /** Of those, how many may have changed something. */
  writes = 0
  /** The CRM has said of one that it made something. */
  hasMade = false
  /** Whom of the CRM's users the call is to be logged for, beside the mapping of the installation. */
  assignee: { readonly crmUserId: string; readonly rcExtensionId: readonly string[] } | null = null
  /** Asks the CRM for whom it has under the other party's number, where the call is about one. */
  findMatches: (() => Promise<Matches>) | null = null
  readonly #stale = new Set<string>()
  #renewal: Promise<void> | undefined

  constructor(private readonly parts: CallParts) {}

  get ctx(): AdapterContext {
    return this.parts.ctx
  }

  get credentials(): AdapterCredentials {
    return this.parts.credentials
  }

  get hasKey(): boolean {
    return this.parts.hasKey
  }

  get user(): ConnectorUser {
    return this.parts.user
  }

  get idempotencyKey(): string | undefined {
    return this.parts.idempotencyKey
  }

  readAdminSettings(): Promise<JsonObject | null> {
    return this.parts.readAdminSettings()
  }

  noteAnswer(method: string, status: number): void {
    this.answers += 1
    if (status === 201) this.hasMade = true
    if (!/^(get|head|options)$/i.test(method)) this.writes += 1
  }

  noteFailure(error: unknown): void {
    if (error instanceof CrmError || axios.isAxiosError(error)) this.failure = error
  }

  /** The header with the token of now, where it holds one that has been replaced since. */
  currentHeader(header: string): string {
    return this.#stale.has(header) ? this.#bearer() : header
  }

  /** A header to send the request again with, after a 401. `null`: it stands. Throws `CrmError('unauthorized')` when there is no newer token. */
  async headerAfterRefusal(refused: string): Promise<string | null> {
    if (!this.parts.renewsTokens || refused !== this.#bearer()) return this.#stale.has(refused) ? this.#bearer() : null
    await (this.#renewal ??= this.#renew(refused).finally(() => { this.#renewal = undefined }))
    return this.#bearer()
  }

  /** Credentials newer than those that this call has used: somebody else may have got them already. */
  async renew(): Promise<KeptCredentials> {
    const now = await this.credentials.read()
    return 'fields' in now || now.accessToken === this.user.accessToken ? this.credentials.renew() : now
  }

  async #renew(refused: string): Promise<void> {
    const renewed = await this.renew()
    this.#stale.add(refused)
    this.user.takeRenewed(renewed)
  }

  #bearer(): string {
    return `Bearer ${this.user.accessToken}`
  }
}

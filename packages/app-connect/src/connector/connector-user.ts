import { CrmError, type AdapterCredentials, type KeptCredentials } from '@linefinder/core'
import { sealable, stateOf, type KeptState } from './kept-state.js'

/** The columns that a connector finds on its user. */
const columns = [
  'id', 'platform', 'hostname', 'rcAccountId', 'hashedRcExtensionId', 'timezoneName', 'timezoneOffset', 'accessToken', 'refreshToken', 'tokenExpiry',
  'platformAdditionalInfo', 'userSettings',
] as const
export type Column = (typeof columns)[number]
export type ColumnValues = Partial<Record<Column, unknown>>

export interface UserFacts {
  /** Stands for the RingCentral account where that is not known: connectors look for what is kept under it. */
  readonly account: string
  readonly platform: string
  readonly hostname: string
  /** What an admin says of the connection's user before the connector has; `undefined` while connecting. */
  readonly crmUserId: string | undefined
}

export interface UserStore {
  readonly credentials: AdapterCredentials
  /** While the connection ends nothing is kept: the server forgets it all. */
  readonly isEnding: boolean
}

const mostAttempts = 8

/**
 * The user as a connector knows it: a row of a table with `save`, `update` and `destroy`. It is the sealed state of one connection, and reaches no
 * other one.
 */
export class ConnectorUser implements Partial<Record<Column, unknown>> {
  declare id: string
  declare platform: string
  declare hostname: string
  declare accessToken: string
  declare refreshToken: string | undefined
  declare tokenExpiry: Date | number | string | undefined
  declare rcAccountId: string | undefined
  declare hashedRcExtensionId: string | undefined
  declare timezoneName: string | undefined
  declare timezoneOffset: string | number | undefined
  declare platformAdditionalInfo: Record<string, unknown>
  declare userSettings: Record<string, unknown>
  readonly #facts: UserFacts
  readonly #store: UserStore
  /** As it was kept last, column by column, in JSON. */
  #known: Partial<Record<Column, string>> = {}

  constructor(kept: KeptCredentials, facts: UserFacts, store: UserStore) {
    this.#facts = facts
    this.#store = store
    this.#take(kept)
  }

  /** Keeps what has changed since it was read, over whatever has changed elsewhere meanwhile. */
  async save(): Promise<this> {
    if (this.#store.isEnding) return this
    const changed = columns.filter(name => jsonOf(this[name]) !== this.#known[name])
    if (changed.length === 0) return this
    const { credentials } = this.#store
    if (changed.includes('accessToken') && (this.accessToken as unknown) == null || this.accessToken === '') {
      await credentials.forget()
      return this
    }
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const next = this.#over(await credentials.read(), changed)
      if (await credentials.replace(next)) {
        this.#take(next)
        return this
      }
    }
    throw new CrmError('conflict', { detail: 'The connection is changed in many places at once.' })
  }

  async update(values: ColumnValues): Promise<this> {
    return this.set(values).save()
  }

  /** The agent has to connect again. */
  async destroy(): Promise<void> {
    if (!this.#store.isEnding) await this.#store.credentials.forget()
  }

  async reload(): Promise<this> {
    this.#take(await this.#store.credentials.read())
    return this
  }

  set(values: ColumnValues | Column, value?: unknown): this {
    const given = typeof values === 'string' ? { [values]: value } : values
    return Object.assign(this, given)
  }

  get(name?: Column): unknown {
    return name === undefined ? this.toJSON() : this[name]
  }

  /** Only for connectors that tell the database what has changed: here that is found out. */
  changed(): boolean {
    return columns.some(name => jsonOf(this[name]) !== this.#known[name])
  }

  get dataValues(): ColumnValues {
    return this.toJSON()
  }

  /** With the secrets, as a connector's own code expects it. */
  toJSON(): ColumnValues {
    return Object.fromEntries(columns.map(name => [name, this[name]]))
  }

  /** After the server has renewed the credentials. What the connector has set and not saved stays. */
  takeRenewed(kept: KeptCredentials): void {
    const unsaved = columns.filter(name => jsonOf(this[name]) !== this.#known[name] && !['accessToken', 'refreshToken', 'tokenExpiry'].includes(name))
    const values = Object.fromEntries(unsaved.map(name => [name, this[name]]))
    this.#take(kept)
    this.set(values)
  }

  #take(kept: KeptCredentials): void {
    const { account, platform, hostname, crmUserId } = this.#facts
    const state = stateOf(kept.state)
    this.set({
      id: state.userId ?? (crmUserId === undefined ? '' : `${crmUserId}-${platform}`), platform, hostname: state.hostname ?? hostname,
      rcAccountId: state.rcAccountId ?? account, hashedRcExtensionId: state.hashedRcExtensionId ?? undefined,
      timezoneName: state.timezoneName ?? undefined, timezoneOffset: state.timezoneOffset ?? undefined,
      platformAdditionalInfo: structuredClone(state.platformAdditionalInfo), userSettings: structuredClone(state.userSettings),
      ...('fields' in kept
        // App Connect's client sends the word itself where a form has no such field.
        ? { accessToken: kept.fields['apiKey'] ?? 'apiKey', refreshToken: undefined, tokenExpiry: undefined }
        : { accessToken: kept.accessToken, refreshToken: kept.refreshToken, tokenExpiry: kept.expiresAt === undefined ? undefined : new Date(kept.expiresAt) }),
    })
    this.#known = Object.fromEntries(columns.map(name => [name, jsonOf(this[name])]))
  }

  #over(newest: KeptCredentials, changed: readonly Column[]): KeptCredentials {
    const has = (name: Column) => changed.includes(name)
    const before = stateOf(newest.state)
    // A connector may put anything into its own columns; what is not JSON falls away when they are sealed.
    const own = this as unknown as KeptState
    const state = sealable({
      ...before,
      ...(has('id') && { userId: this.id }),
      ...(has('hostname') && { hostname: this.hostname }),
      ...Object.fromEntries((['rcAccountId', 'hashedRcExtensionId', 'timezoneName', 'timezoneOffset', 'platformAdditionalInfo', 'userSettings'] as const)
        .filter(has).map(name => [name, own[name]])),
    })
    if ('fields' in newest) return { fields: { ...newest.fields, ...(has('accessToken') && { apiKey: this.accessToken }) }, state }
    const expiresAt = this.tokenExpiry == null ? undefined : new Date(this.tokenExpiry).getTime()
    return {
      state,
      accessToken: has('accessToken') ? this.accessToken : newest.accessToken,
      refreshToken: has('refreshToken') ? this.refreshToken : newest.refreshToken,
      expiresAt: has('tokenExpiry') ? (Number.isFinite(expiresAt) ? expiresAt : undefined) : newest.expiresAt,
    }
  }
}

const jsonOf = (value: unknown): string => JSON.stringify(value) as string | undefined ?? ''

import type { JsonObject } from '../extras.js'

/** A platform of the manifest: what RingCentral's client calls a CRM. */
export interface PlatformOptions {
  /** The id of the installation that its users connect to. */
  readonly installation: string
  /** Merged into the platform's part of the manifest, deeply: an object into an object, anything else instead. */
  readonly manifest?: JsonObject
}

/** Who may use the admin's calls. */
export interface AdminOptions {
  /**
   * `ringcentral`: whoever RingCentral itself says is an administrator of the account, asked with the access token that the client sends.
   * `apiKey`: whoever sends an API key of the tenant with the scope `admin` in its place. Default `ringcentral`.
   */
  readonly by?: 'ringcentral' | 'apiKey'
  /**
   * The RingCentral accounts that may administer here. Default: each CRM account is administered by the RingCentral account that was the first to
   * do so.
   */
  readonly rcAccounts?: readonly string[]
}

export interface AppConnectOptions {
  /** Default `/app-connect`. */
  readonly path?: string
  /** The client app whose sessions the client's tokens are; it names the tenant. Default `default`. */
  readonly clientApp?: string
  /** By name. Default: every enabled installation of the tenant, under its adapter's id. */
  readonly platforms?: Readonly<Record<string, PlatformOptions>>
  /** Merged into the whole manifest, as each platform's own. */
  readonly manifest?: JsonObject
  /** As the client shows it. Default Linefinder. */
  readonly authorName?: string
  /** With which account and extension ids are hashed. Default: one derived from the oldest key of the key ring. */
  readonly hashKey?: string
  /** Whether tokens are taken from the query, where RingCentral's client puts them, or from headers only. Default true. */
  readonly queryCredentials?: boolean
  /** Web origins that may call beside browser extensions. Default none. */
  readonly origins?: readonly string[]
  /** The ids of the browser extensions that may call. Default any: an extension holds no one's token but its user's. */
  readonly extensions?: readonly string[]
  /** After how many days a token has a successor, which is offered for the last seven. Default 14. */
  readonly tokenDays?: number
  /**
   * Whether a token stays good beyond that while its session is used, up to 90 days without use and a year in all. Default true: client 1.6.6
   * does not take the successor.
   */
  readonly keepsUsedTokens?: boolean
  /** Whether an OAuth code is taken only with a state that this surface gave out. Default false: a manifest of one's own may lead straight to the CRM. */
  readonly requiresOwnState?: boolean
  /** How long the CRM may take for a call log before it is answered without; 0: never waited for. Default 2000. */
  readonly deliveryWaitMs?: number
  /** How long a lookup is waited for. Default 8000. */
  readonly lookupDeadlineMs?: number
  readonly admin?: AdminOptions
  /** RingCentral's API. Default `https://platform.ringcentral.com`. */
  readonly rcApi?: string
  /** As what `rcUser` is answered in a user mapping. Default `auto`: as a list for whoever has stored lists before, else as one. */
  readonly rcUserForm?: 'auto' | 'one' | 'list'
}

/** The same with the defaults filled in. */
export interface WireSettings extends Required<Omit<AppConnectOptions, 'platforms' | 'hashKey' | 'admin' | 'extensions'>> {
  readonly platforms: AppConnectOptions['platforms']
  readonly hashKey: string | undefined
  readonly extensions: readonly string[] | undefined
  readonly admin: { readonly by: 'ringcentral' | 'apiKey'; readonly rcAccounts: readonly string[] | undefined }
}

export const withDefaults = (options: AppConnectOptions): WireSettings => ({
  path: '/app-connect', clientApp: 'default', manifest: {}, authorName: 'Linefinder', queryCredentials: true, origins: [], tokenDays: 14,
  keepsUsedTokens: true, requiresOwnState: false, deliveryWaitMs: 2000, lookupDeadlineMs: 8000, rcApi: 'https://platform.ringcentral.com', rcUserForm: 'auto',
  ...options,
  platforms: options.platforms, hashKey: options.hashKey, extensions: options.extensions,
  admin: { by: options.admin?.by ?? 'ringcentral', rcAccounts: options.admin?.rcAccounts },
})

import type { AxiosInstance } from 'axios'
import type { JsonValue } from './extra.js'

/** What a connection holds, by the adapter's kind of `auth`. */
export type HeldSecrets =
  | {
    readonly accessToken: string
    readonly refreshToken?: string | undefined
    /** Milliseconds since the epoch from which the server renews it before it is used. */
    readonly expiresAt?: number | undefined
  }
  /** As the form was filled in. */
  | { readonly fields: Readonly<Record<string, string>> }

/** What an adapter keeps for a connection beside its secrets. Sealed with them; gone when the connection is. At most 64 kB as JSON. */
export type ConnectionState = Readonly<Record<string, JsonValue>>

export type KeptCredentials = HeldSecrets & { readonly state: ConnectionState }

/**
 * The credentials of the one connection that the context is of, for an adapter that declares `needsCredentials`. Never put them into a message, a log
 * or an address.
 */
export interface AdapterCredentials {
  /** As they are now; renewed before when they have expired. Throws `CrmError('unauthorized')` when there are none. */
  read(): Promise<KeptCredentials>
  /**
   * Newer ones than those read last, from the CRM or from whoever renewed them meanwhile: of all requests of all processes one asks. For after a 401.
   * Throws `CrmError('unauthorized')` when there are none; the agent then has to connect again.
   */
  renew(): Promise<KeptCredentials>
  /** Keeps `next` in place of those read last. `false`, and nothing is changed, when they have changed since: read again. */
  replace(next: KeptCredentials): Promise<boolean>
  /** They are of no use any more: the agent has to connect again. Does nothing when they have changed since they were read. */
  forget(): Promise<void>
  /**
   * As `ctx.http`, with its deadline and its rules for addresses, but for absolute addresses only, without credentials, renewal and
   * `Idempotency-Key`; and it fails as axios does, with `error.response`. Follows redirects within the origin that was asked.
   */
  readonly http: AxiosInstance
}

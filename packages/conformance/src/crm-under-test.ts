import type { LogFieldValues } from '@linefinder/core'
import type { OAuthClient } from '@linefinder/core/http'

/** What the kit needs to know of the CRM that the adapter is tried against. */
export interface CrmUnderTest {
  /** Such as `http://127.0.0.1:4100` or `https://sandbox.example.com`. The kit puts its fault proxy in front of it. */
  readonly origin: string
  /** Further origins that the adapter may ask, such as an upload host. */
  readonly otherOrigins?: readonly string[]
  /** The installation's settings. Default `{ country: 'NL' }`. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The installation's secret properties. Default none. */
  readonly secrets?: Readonly<Record<string, string>>
  /** For an OAuth adapter: the client that the tokens were given to. Renewal and revocation are tried with it. */
  readonly oauthClient?: OAuthClient
  readonly user: TestUser
  /** Another person of the same customer. */
  readonly secondUser?: TestUser
  /** How long a seeded contact may stay out of `findContact` here. Default the adapter's `contactLagMs`. */
  readonly contactLagMs?: number
  readonly probes: Probes
  stop?(): Promise<void>
}

export interface TestUser {
  /** Connects anew. Asked again whenever a check has ended what it gave before. */
  connect(): Promise<Connected>
}

/** OAuth tokens, or what a person would type into the form. */
export type Connected =
  | { readonly accessToken: string; readonly refreshToken?: string }
  | { readonly fields: Readonly<Record<string, string>> }

/** A contact as the CRM itself holds it. A member that is absent is not looked at; `null` is an empty field. */
export interface SeenContact {
  readonly name: string
  readonly phones: readonly string[]
  readonly email?: string | null
}

/** A user as the CRM itself holds it. A member that is absent is not looked at; `null` is an empty field. */
export interface SeenUser {
  readonly id: string
  readonly name?: string
  readonly email?: string | null
}

/**
 * An activity as the CRM itself holds it, in our words. A member that is absent is one that the CRM has no field for, or that the
 * probe does not show: checks of it come out as limited. `null` is an empty field.
 */
export interface SeenActivity {
  readonly id: string
  readonly contactId?: string | null
  /** The CRM's user whose activity it is; absent where an activity is always whoever's made it. */
  readonly userId?: string | null
  readonly externalId?: string | null
  readonly subject?: string | null
  /** The field that holds the note, whole; for an adapter with `bodyFormat` the text that holds everything. */
  readonly note?: string | null
  readonly direction?: 'inbound' | 'outbound' | null
  readonly from?: string | null
  readonly to?: string | null
  /** RFC 3339. */
  readonly startedAt?: string | null
  readonly durationSeconds?: number | null
  readonly result?: string | null
  readonly disposition?: string | null
  readonly recordingUrl?: string | null
  /** The CRM's own fields, by the names that `fields` gives. */
  readonly fields?: LogFieldValues
  /** RFC 3339. */
  readonly dueAt?: string | null
  readonly status?: 'open' | 'done' | 'cancelled' | null
  readonly recordings?: readonly { readonly fileName: string; readonly sizeBytes: number }[]
}

/** What people can edit in the CRM by hand. */
export interface HandEdit {
  readonly subject?: string
  readonly note?: string
}

/**
 * They look behind the adapter's back, by the CRM's own API or database and never through the adapter. Each may be left out; the
 * checks that need it then come out as limited.
 */
export interface Probes {
  /** Gives the id under which the adapter knows the contact. Phones are stored as spelled here. */
  createContact?(contact: { readonly name: string; readonly phones: readonly string[]; readonly email?: string }): Promise<string>
  readContact?(id: string): Promise<SeenContact | null>
  renameContact?(id: string, name: string): Promise<void>
  deleteContact?(id: string): Promise<void>
  /** By the id that the adapter gave. `null` when it is not there. */
  readActivity?(id: string): Promise<SeenActivity | null>
  editActivity?(id: string, edit: HandEdit): Promise<void>
  deleteActivity?(id: string): Promise<void>
  /** Every activity on a contact, of any kind. */
  listActivities?(contactId: string): Promise<readonly SeenActivity[]>
  /** Every user who is to be listed. Best are more of them than the adapter gets with one request. */
  listUsers?(): Promise<readonly SeenUser[]>
  /** Makes the CRM refuse every access token or session that it gave out. What renews them stays good. */
  expireTokens?(): Promise<void>
  /** Ends every connection at the CRM, as an administrator there would. */
  revokeAccess?(): Promise<void>
}

export type ProbeName = keyof Probes

/*
 * The words of Linefinder. The code uses no others.
 *
 * tenant        one organisation; nothing is ever visible across tenants
 * adapter       code (or a document) for one CRM product
 * installation  an adapter set up for one tenant by an admin: host, OAuth client, properties, settings; every connection belongs to one
 * CRM account   one customer's instance behind an installation, by the account id that getUserInfo reports; never merged by host
 * agent         a person of a tenant who makes and takes calls; known by (tenant, CRM account, CRM user id)
 * connection    credentials for one CRM user of an installation: personal (one agent), or shared (the tenant's)
 * client app    a registered caller of the API: public id, tenant, redirect addresses, web origins, its phone system's name
 * session       what a client app holds after connecting: an opaque bearer token that names one connection
 * contact       a person or company in the CRM that a number can belong to
 * directory     our own index of contacts by E.164 number; scope `account` (read by agents of that CRM account) or `personal`
 * call          one telephone call as the phone system sees it; (phoneSystem, callId) names it
 * call log      our durable record of what the CRM shall know of a call; the CRM's copy of it is the activity
 * message log   the same for one day of a conversation of messages
 * callback      somebody is to be called back; the CRM's copy of it is the task
 * ledger        all call logs, message logs and callbacks
 * delivery      bringing an entry of the ledger to the CRM
 * provider      code for one phone system
 * surface       a set of HTTP routes over the same services
 */
import type { Readable } from 'node:stream'
import type { AxiosInstance } from 'axios'
import type { AdapterCredentials } from './adapter-credentials.js'
import type { AuthScheme } from './auth.js'
import type { Activity, ActivityRef, CallLog } from './call-log.js'
import type { BodyDetail, BodyFormat } from './call-log-body.js'
import type { Callback } from './callback.js'
import type { Contact, ContactInput, ContactPage, ContactPhone, PhoneQuery } from './contact.js'
import type { CrmUser } from './crm-user.js'
import type { ContactId, ExternalId } from './ids.js'
import type { LogField } from './log-field.js'
import type { MessageLog } from './message-log.js'
import type { ParsedPhone, PhoneOptions } from './phone/parsed-phone.js'
import type { PhoneSearch } from './phone/variants.js'

/** Everything an adapter may use. It sees no database and no environment, and a token only where it declares `needsCredentials`. */
export interface AdapterContext {
  /**
   * Already authorised, with a deadline. Relative paths go to the adapter's `baseUrl`. Refreshes once on 401, maps every
   * failure to a `CrmError`, refuses private addresses, and follows no redirect to another host.
   */
  readonly http: AxiosInstance
  readonly connection: {
    readonly id: string
    /** The installation's host, such as `crm.example.com` or `127.0.0.1:4100`. */
    readonly hostname: string
    /** The installation's properties and settings, as the admin filled them in. */
    readonly settings: Readonly<Record<string, unknown>>
    /** The installation's secret properties by name, in clear. Never put one into a message or log. */
    readonly secrets: Readonly<Record<string, string>>
    /** `null` while `getUserInfo` runs for the first time. */
    readonly user: CrmUser | null
  }
  /** What the agent filled in to connect, without the secret fields. Nothing after OAuth. */
  filledIn(): Promise<Readonly<Record<string, string>>>
  /** The phone engine with the installation's country. */
  readonly phone: {
    readonly options: PhoneOptions
    parse(text: string): ParsedPhone
    isSame(a: string, b: string): boolean
  }
  /** Never put a token, phone number or note into it. */
  readonly log: {
    debug(message: string, fields?: Readonly<Record<string, unknown>>): void
    warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  }
  /** Aborted when the deadline is reached or the caller has gone. */
  readonly signal: AbortSignal
  /** Present only for an adapter that declares `needsCredentials`. */
  readonly credentials?: AdapterCredentials
}

/** A recording on its way from the phone system to the CRM. */
export interface Recording {
  readonly stream: Readable
  /** Such as `audio/mpeg`. */
  readonly contentType: string
  /** With an extension, and without a path. The same recording has the same name each time. */
  readonly fileName: string
  /** In bytes, where the phone system says so. */
  readonly sizeBytes: number | null
}

export interface Disposition {
  readonly value: string
  readonly label: string
}

export interface FieldsAbout {
  readonly kind: 'call' | 'message'
  /** `null`: nobody is chosen yet. */
  readonly contactId: ContactId | null
}

export interface InstallationFacts {
  readonly hostname: string
  /** With the installation's properties by name as `properties`; secret ones are not among them. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** What is known of an installation when its auth scheme is asked for. */
export interface InstallationWithSecrets extends InstallationFacts {
  /** The secret properties by name, in clear. */
  readonly secrets: Readonly<Record<string, string>>
}

/** A field of the form that an admin fills in for an installation, before anybody connects. */
export interface Property {
  /** As the adapter asks for it, such as `Instance URL`. */
  readonly name: string
  /** Default: the name. */
  readonly label?: string
  /** Shown as dots, stored sealed, never given out again. */
  readonly isSecret: boolean
  readonly isRequired: boolean
  readonly help?: string
}

/**
 * One CRM. No retries, queues, caches or database here: the server does those once, for everyone. Nothing found is `[]` or
 * `null`; failure is a throw of `CrmError`. An optional member is present or absent, and that is the capability.
 */
export interface CrmAdapter {
  /** Lower case and hyphens, unique on a server. */
  readonly id: string
  readonly name: string
  readonly contractVersion: 1
  readonly auth: AuthScheme | ((installation: InstallationWithSecrets) => Promise<AuthScheme>)

  /** Proves the credentials; names the user and, where the CRM has one, the account. */
  getUserInfo(ctx: AdapterContext): Promise<CrmUser>

  /** Contacts that may be reachable at `query.variants`, best first. The server checks each number again, so just search. */
  findContact(ctx: AdapterContext, query: PhoneQuery): Promise<Contact[]>

  createContact(ctx: AdapterContext, input: ContactInput): Promise<Contact>

  /**
   * `log.externalId` is ours and stable: store it where the CRM can. It is also sent as `Idempotency-Key` on every POST. Where it takes several
   * requests and a later one fails, throw a `CrmError` with `created`: all of the log then comes to `updateCallLog`.
   */
  createCallLog(ctx: AdapterContext, log: CallLog): Promise<ActivityRef>

  /** `changed` is measured against what the CRM was last told. Touch nothing else: people edit there. */
  updateCallLog(ctx: AdapterContext, ref: ActivityRef, log: CallLog, changed: readonly (keyof CallLog)[]): Promise<void>

  /** Ends what `auth` alone does not end. OAuth revocation and a custom scheme's `end` are the server's work. */
  logout(ctx: AdapterContext): Promise<void>

  /** Contacts whose name contains `text`, best first, at most `limit`. */
  searchContacts?(ctx: AdapterContext, text: string, limit: number): Promise<Contact[]>

  /**
   * One page of the CRM's contacts, for the directory. `since` is RFC 3339, or `null` for all of them; then `deleted` names those
   * that went since, where the CRM can tell. `cursor` is the `nextCursor` of the page before, or `null` for the first. A contact
   * that changes meanwhile may come twice but must not be left out. Order by last change where the CRM can.
   */
  listContacts?(ctx: AdapterContext, since: string | null, cursor: string | null): Promise<ContactPage>

  /** Adds a number to a contact that is there, and touches nothing else. The same number again changes nothing. */
  addContactNumber?(ctx: AdapterContext, id: ContactId, phone: ContactPhone): Promise<Contact>

  /** What the CRM holds now, or `null` when the activity was deleted there. */
  getCallLog?(ctx: AdapterContext, ref: ActivityRef): Promise<Activity | null>

  /** The activity that was created with this id, or `null`. With it, a lost answer never makes a second activity. */
  findCallLog?(ctx: AdapterContext, externalId: ExternalId): Promise<ActivityRef | null>

  /**
   * Stores the recording of a call with its activity. `log.recordingUrl` is where it comes from. Called once for each address; after a
   * lost answer once more, so replace what carries the same name. Read the stream to its end, or throw.
   */
  uploadRecording?(ctx: AdapterContext, ref: ActivityRef, recording: Recording, log: CallLog): Promise<void>

  /** For a CRM that keeps the outcome apart. With it, `changed` of `updateCallLog` never holds `disposition`. `null` takes it away. */
  setDisposition?(ctx: AdapterContext, ref: ActivityRef, disposition: string | null): Promise<void>

  /** The CRM's own outcomes of a call. */
  listDispositions?(ctx: AdapterContext): Promise<Disposition[]>

  /** The CRM's own fields of an activity; what may be chosen may depend on the contact. Ids in values, names in labels. */
  fields?(ctx: AdapterContext, about: FieldsAbout): Promise<LogField[]>

  /** One activity for one day of a conversation. Without these members message logs are refused. */
  createMessageLog?(ctx: AdapterContext, log: MessageLog): Promise<ActivityRef>
  updateMessageLog?(ctx: AdapterContext, ref: ActivityRef, log: MessageLog, changed: readonly (keyof MessageLog)[]): Promise<void>
  /** As `getCallLog`. */
  getMessageLog?(ctx: AdapterContext, ref: ActivityRef): Promise<Activity | null>
  /** As `findCallLog`. */
  findMessageLog?(ctx: AdapterContext, externalId: ExternalId): Promise<ActivityRef | null>

  /** A task for a callback. Without it callbacks are kept here only. */
  createTask?(ctx: AdapterContext, callback: Callback): Promise<ActivityRef>
  updateTask?(ctx: AdapterContext, ref: ActivityRef, callback: Callback, changed: readonly (keyof Callback)[]): Promise<void>
  /** As `findCallLog`. */
  findTask?(ctx: AdapterContext, externalId: ExternalId): Promise<ActivityRef | null>

  /** The CRM's users, to tell which of them an agent of the phone system is. */
  listUsers?(ctx: AdapterContext): Promise<CrmUser[]>

  /** The record's page in the CRM, `null` where this one has none. Pure. */
  contactUrl?(ctx: InstallationFacts, id: ContactId): string | null

  /** The activity's page in the CRM. Pure. */
  activityUrl?(ctx: InstallationFacts, ref: ActivityRef): string

  /**
   * The adapter handles credentials itself, by `ctx.credentials`. For code that cannot do without, such as one written for another product. An admin
   * has to allow it (`allowCredentials` in the installation's settings); until then it is asked for nothing.
   */
  readonly needsCredentials?: true
  /**
   * For an adapter that declares `needsCredentials`, and a CRM that renews in a way of its own: renews them, and keeps the new ones by
   * `ctx.credentials.replace`. One process at a time. Throws `CrmError('unauthorized')` when there will be none. Default: by `auth`.
   */
  renewCredentials?(ctx: AdapterContext): Promise<void>
  /** What an admin fills in for an installation. Without what is required nobody can connect. Default none. */
  readonly properties?: readonly Property[]
  /** Where `ctx.http`'s relative paths go. Default `https://{hostname}`. */
  readonly baseUrl?: string
  /** The host when every customer has the same. Absent: the admin sets one per installation. */
  readonly defaultHostname?: string
  /** Further hosts of the same CRM that get the credentials, such as `id.example.com`. Default none. */
  credentialHosts?(installation: InstallationFacts): readonly string[]
  /** What the CRM's phone search compares. Default `e164`. */
  readonly phoneSearch?: PhoneSearch
  /**
   * For a CRM that keeps a call as one text, or has no field for much of it: the server writes that text, and passes it as `log.body`.
   * With `getCallLog` giving it back, what people wrote into it in the CRM stays. Absent: no body.
   */
  readonly bodyFormat?: BodyFormat
  /** What the body tells, in this order, unless the installation says otherwise. Default all. Leave out what has a field of its own. */
  readonly bodyDetails?: readonly BodyDetail[]
  /**
   * How long a new body may be, in UTF-16 units; what people write into it comes on top. The transcript is cut first, then the summary, then
   * the note. Default any length.
   */
  readonly bodyMaxLength?: number
  /** `createCallLog` takes several requests, so what `findCallLog` finds may be half of it: all of the log then comes to `updateCallLog`. Default false. */
  readonly createsInSteps?: boolean
  /** How long after its answer a create may stay invisible to `findCallLog`, in milliseconds. Default 0. */
  readonly commitLagMs?: number
  /** How long a created contact may stay out of `findContact` and `listContacts`, in milliseconds. Default 15 minutes. */
  readonly contactLagMs?: number
}

/** The optional members that make a capability. */
export const capabilityMembers = [
  'searchContacts', 'listContacts', 'addContactNumber', 'getCallLog', 'findCallLog', 'uploadRecording', 'setDisposition', 'listDispositions', 'fields',
  'createMessageLog', 'updateMessageLog', 'getMessageLog', 'findMessageLog', 'createTask', 'updateTask', 'findTask', 'listUsers', 'contactUrl', 'activityUrl',
] as const
export type Capability = (typeof capabilityMembers)[number]

export const capabilitiesOf = (adapter: CrmAdapter): Capability[] =>
  capabilityMembers.filter(member => adapter[member] !== undefined)

/** The newest contract that this package describes. */
export const contractVersion = 1

/** Types an adapter factory: options in, adapter out. */
export const defineAdapter = <Options>(make: (options: Options) => CrmAdapter): ((options: Options) => CrmAdapter) => make

/** For code that has handled every member of a union. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}

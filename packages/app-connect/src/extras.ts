import type { AdapterContext, Contact, CrmAdapter, JsonValue } from '@linefinder/core'

export type JsonObject = Readonly<Record<string, JsonValue>>

/** What a connector says to the person at the screen. `messageType` is `success`, `info`, `warning`, `danger` or `error`. */
export interface ReturnMessage {
  readonly message?: string
  readonly messageType?: string
  /** In milliseconds. */
  readonly ttl?: number
  readonly details?: readonly JsonValue[]
}

/** Everything a connector may say beside its answer. */
export interface Said {
  readonly returnMessage?: ReturnMessage
}

/** A contact as the connector gives it: `id`, `name`, `type`, `phone`, `additionalInfo`, `isNewContact` and whatever else. */
export type ConnectorContact = Readonly<Record<string, JsonValue | undefined>>

export interface ContactsAnswer extends Said {
  /** Also those that stand for making a new one (`isNewContact`). `[]`: nobody. */
  readonly contacts: readonly ConnectorContact[]
}

export interface AppointmentAnswer extends Said {
  /** What the connector answered: `appointments`, `appointment`, `appointmentId`. */
  readonly values: JsonObject
}

/** How a call log or message log carries in `extra` what came over the App Connect wire, as it came. */
export interface WireExtra {
  /** The call as RingCentral Embeddable tells it, or the conversation. */
  readonly logInfo?: JsonObject
  readonly additionalSubmission?: JsonObject
  readonly contactType?: string
  readonly contactName?: string
  /** Of a call: `voicemailLink`, `voicemailMessageId`, `ringSenseTranscript`, `ringSenseSummary`, `ringSenseAIScore`, `ringSenseBulletedSummary`, `ringSenseLink`. */
  readonly more?: JsonObject
  /** The form's fields that are chosen for a call: `dispositions` of `PUT /callDisposition`, each by its `const`. */
  readonly dispositions?: JsonObject
  readonly hashedAccountId?: string
  readonly hashedExtensionId?: string
  readonly extensionNumber?: string
  readonly isFromSSCL?: boolean
  /** Of a shared SMS: `subject` and `body`, written by the caller. */
  readonly sharedSMSLogContent?: { readonly subject: string; readonly body: string }
}

/** The name under which `WireExtra` stands in `extra`. */
export const wireExtraName = 'appConnect'

/** What is known of the App Connect user of a connection and is no part of ours. It is sealed with the credentials. */
export interface AppConnectUserFacts {
  readonly rcAccountId?: string
  readonly hashedRcExtensionId?: string
  readonly userSettings?: JsonObject
}

/** Resolves to `userSettings` and `userMappings` as the administrators of the connection's account keep them over the wire; `null` when they keep none. */
export type AdminSettingsReader = (connectionId: string) => Promise<JsonObject | null>

/**
 * What App Connect's wire asks of a connector and no adapter has. Each function wants the context of a call through the gateway, and throws
 * `CrmError` when it fails. An optional member is present when the connector has the function.
 */
export interface ConnectorExtras {
  /** Its key in the manifest. */
  readonly platform: string
  /** The whole manifest as its author wrote it. */
  readonly manifest: JsonObject
  /** The names of all functions that the connector has, for `/implementedInterfaces`. */
  readonly functions: readonly string[]
  /** `text/plain`, `text/html`, `text/markdown` or its own; `null`: the connector writes no such text. */
  readonly logFormat: string | null

  /** What the connector said when a log was brought to the CRM by this process, once; `null` when it said nothing. `activityId` is of the log's activity. */
  takeMessage(connectionId: string, activityId: string): ReturnMessage | null
  /** From where the connector has what administrators keep. There may be several; the first that knows the connection is heard. */
  readAdminSettingsBy(read: AdminSettingsReader): void
  /** What is kept of the user. */
  userFacts(ctx: AdapterContext): Promise<AppConnectUserFacts>
  /** Keeps what is given and leaves the rest. */
  keepUserFacts(ctx: AdapterContext, facts: AppConnectUserFacts): Promise<void>

  /** `isExtension` is the text of the query: connectors compare it. */
  findContact(ctx: AdapterContext, query: { readonly phoneNumber: string; readonly overridingFormat: string; readonly isExtension: string; readonly isForceRefreshAccountData?: boolean }): Promise<ContactsAnswer>
  findContactWithName?(ctx: AdapterContext, name: string): Promise<ContactsAnswer>
  /** `shown`: the contact as the connector gives it. */
  createContact?(ctx: AdapterContext, input: {
    readonly phoneNumber: string; readonly newContactName: string; readonly newContactType?: string; readonly additionalSubmission?: JsonObject
  }): Promise<Said & { readonly contact: Contact; readonly shown: ConnectorContact }>
  /** `callLogInfo` as the connector gives it: `subject`, `note`, `fullBody`, `dispositions`. `null`: the activity is gone. */
  getCallLog?(ctx: AdapterContext, query: { readonly callLogId: string; readonly telephonySessionId?: string; readonly contactId?: string }): Promise<Said & { readonly callLogInfo: JsonObject | null }>
  /** `successful: false` with status 401 means that the session with the CRM has ended; that is an answer here. */
  authValidation?(ctx: AdapterContext): Promise<Said & { readonly successful: boolean; readonly status?: number }>
  licenseStatus?(ctx: AdapterContext): Promise<{ readonly isLicenseValid: boolean; readonly licenseStatus?: string; readonly licenseStatusDescription?: string }>
  refreshUserInfo?(ctx: AdapterContext): Promise<Said>
  /** Asks the connector, and keeps `updatedSettings` when it agrees. Without a function of the connector's they are just kept. `userSettings` are those that were sent. */
  updateUserSettings(ctx: AdapterContext, settings: { readonly userSettings: JsonObject; readonly updatedSettings: JsonObject }): Promise<Said & { readonly successful: boolean }>
  serverLoggingSettings?(ctx: AdapterContext): Promise<JsonObject>
  updateServerLoggingSettings?(ctx: AdapterContext, additionalFieldValues: JsonObject): Promise<Said & { readonly successful: boolean }>
  managedAuthOptions?(ctx: AdapterContext, query: { readonly fieldConst: string; readonly accountValues: JsonObject }): Promise<readonly { readonly value: string; readonly label: string }[]>
  listAppointments?(ctx: AdapterContext, range: JsonObject): Promise<AppointmentAnswer>
  createAppointment?(ctx: AdapterContext, payload: JsonObject): Promise<AppointmentAnswer>
  updateAppointment?(ctx: AdapterContext, appointmentId: string, patchBody: JsonObject): Promise<AppointmentAnswer>
  refreshAppointment?(ctx: AdapterContext, appointmentId: string): Promise<AppointmentAnswer>
  confirmAppointment?(ctx: AdapterContext, appointmentId: string): Promise<AppointmentAnswer>
  cancelAppointment?(ctx: AdapterContext, appointmentId: string): Promise<AppointmentAnswer>
  /** The keys of the connector's `accountData`. */
  readonly accountDataKeys: readonly string[]
  /** From memory while it is fresh, unless `forceRefresh`; an old value when the CRM fails. Throws `CrmError('not_found')` for an unknown key. */
  accountData(ctx: AdapterContext, key: string, forceRefresh?: boolean): Promise<JsonValue>
}

/** An adapter that runs an App Connect connector. */
export interface ConnectorAdapter extends CrmAdapter {
  readonly appConnect: ConnectorExtras
}

/** What a connector's author wrote of its platform in the manifest. */
export const writtenPartOf = ({ appConnect: { manifest, platform } }: ConnectorAdapter): JsonObject =>
  (manifest['platforms'] as JsonObject | undefined)?.[platform] as JsonObject | undefined ?? {}

export const isConnectorAdapter = (adapter: CrmAdapter): adapter is ConnectorAdapter => 'appConnect' in adapter

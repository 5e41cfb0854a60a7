import type { JsonObject } from '../extras.js'

/** Every function that App Connect's server asks a connector for. */
export const connectorFunctions = [
  'getAuthType', 'getOauthInfo', 'getOverridingOAuthOption', 'getBasicAuth', 'getUserInfo', 'postSaveUserInfo', 'checkAndRefreshAccessToken', 'authValidation',
  'unAuthorize', 'refreshUserInfo', 'getLicenseStatus', 'findContact', 'findContactWithName', 'createContact', 'getLogFormatType', 'createCallLog', 'getCallLog',
  'updateCallLog', 'upsertCallDisposition', 'createMessageLog', 'updateMessageLog', 'getUserList', 'getServerLoggingSettings', 'updateServerLoggingSettings',
  'onUpdateUserSettings', 'getManagedAuthOptions', 'listAppointments', 'createAppointment', 'updateAppointment', 'refreshAppointment', 'confirmAppointment',
  'cancelAppointment',
] as const
export type ConnectorFunction = (typeof connectorFunctions)[number]

/** What `accountData` of a connector says of one key. */
export interface AccountDataSource {
  fetch(argument: { readonly user: unknown; readonly authHeader: string }): unknown
  readonly ttlMs?: number
}

/** A connector as it was written: every function may be missing, and what one answers is to be looked at. */
export type ConnectorModule = { readonly [Name in ConnectorFunction]?: (...given: unknown[]) => unknown } & {
  readonly accountData?: Readonly<Record<string, AccountDataSource>>
}

/** Throws when it is no connector. */
export function connectorModuleOf(exported: unknown): ConnectorModule {
  const candidates = [exported, (exported as { default?: unknown } | null)?.default]
  const found = candidates.find(each => typeof each === 'object' && each !== null && 'createCallLog' in each && 'updateCallLog' in each)
  if (!found) throw new Error('this is no App Connect connector: it exports no createCallLog and updateCallLog')
  const module = found as Record<string, unknown>
  for (const name of connectorFunctions) {
    if (module[name] !== undefined && typeof module[name] !== 'function') throw new Error(`the connector's ${name} is no function`)
  }
  // True because each member was looked at.
  return module as ConnectorModule
}

/** A connector with its name and its part of the manifest. */
export interface RegisteredConnector {
  readonly platform: string
  readonly module: ConnectorModule
  readonly manifest: JsonObject | null
}

import type { CrmAdapter } from '@linefinder/core'
import { isConnectorAdapter } from '../extras.js'

/** Under App Connect's names of what a connector can do: whether this adapter can. */
export function interfacesOf(adapter: CrmAdapter): Record<string, boolean> {
  if (isConnectorAdapter(adapter)) {
    const has = new Set(adapter.appConnect.functions)
    return { ...Object.fromEntries(connectorFunctions.map(name => [name, has.has(name)])), cacheCallNote: true }
  }
  const { auth } = adapter
  const isOAuth = typeof auth === 'function' || auth.type === 'oauth2'
  return {
    ...Object.fromEntries(connectorFunctions.map(name => [name, false])),
    getAuthType: true, getOauthInfo: isOAuth, getBasicAuth: !isOAuth, getUserInfo: true, authValidation: true, unAuthorize: true,
    findContact: true, createContact: true, findContactWithName: adapter.searchContacts !== undefined,
    createCallLog: true, updateCallLog: true, getCallLog: true, getLogFormatType: adapter.bodyFormat !== undefined,
    upsertCallDisposition: adapter.fields !== undefined || adapter.listDispositions !== undefined,
    createMessageLog: adapter.createMessageLog !== undefined, updateMessageLog: adapter.updateMessageLog !== undefined,
    getUserList: adapter.listUsers !== undefined, getLicenseStatus: false, cacheCallNote: true,
  }
}

const connectorFunctions = [
  'getAuthType', 'getOauthInfo', 'getOverridingOAuthOption', 'getBasicAuth', 'getUserInfo', 'postSaveUserInfo', 'checkAndRefreshAccessToken', 'authValidation',
  'unAuthorize', 'refreshUserInfo', 'getLicenseStatus', 'findContact', 'findContactWithName', 'createContact', 'getLogFormatType', 'createCallLog', 'getCallLog',
  'updateCallLog', 'upsertCallDisposition', 'createMessageLog', 'updateMessageLog', 'getUserList', 'getServerLoggingSettings', 'updateServerLoggingSettings',
  'onUpdateUserSettings', 'getManagedAuthOptions', 'listAppointments', 'createAppointment', 'updateAppointment', 'refreshAppointment', 'confirmAppointment',
  'cancelAppointment',
] as const

import { activityId, contact, crmUserId, apiKey, CrmError, type CallLog, type MessageLog } from '@linefinder/core'
import { wireExtraName, type ConnectorAdapter, type JsonObject, type WireExtra } from '../extras.js'

/** What it was asked, and what its logs carried from the wire. */
export interface Heard {
  readonly asked: (readonly [string, unknown])[]
  readonly extras: WireExtra[]
}

/** An adapter as the host of connectors makes them, that remembers what it was asked. */
export function spokenConnector(heard: Heard): ConnectorAdapter {
  const extraOf = ({ extra }: Pick<CallLog | MessageLog, 'extra'>) => { heard.extras.push((extra?.[wireExtraName] ?? {}) as WireExtra) }
  const hear = (name: string, asked: unknown = null) => { heard.asked.push([name, asked]) }
  let facts: JsonObject = {}
  return {
    id: 'spoken', name: 'Spoken', contractVersion: 1, defaultHostname: 'spoken.example',
    auth: apiKey({ fields: [{ name: 'apiKey', label: 'Key' }], placements: [{ in: 'header', field: 'apiKey', name: 'X-Key' }] }),
    getUserInfo: async () => ({ id: crmUserId.parse('u'), name: 'Uma', account: { id: 'spoken' } }),
    findContact: async () => [],
    createContact: async (_ctx, { name, phone }) => contact.parse({ id: 'made', name, phones: [{ number: phone }] }),
    async createCallLog(_ctx, log) {
      extraOf(log)
      return { id: activityId.parse(`log-${log.externalId}`) }
    },
    async updateCallLog(_ctx, _ref, log) { extraOf(log) },
    async createMessageLog(_ctx, log) {
      extraOf(log)
      return { id: activityId.parse(`messages-${log.externalId}`) }
    },
    async updateMessageLog(_ctx, _ref, log) { extraOf(log) },
    async logout() { /* nothing to end */ },
    contactUrl: ({ hostname }, id) => `https://${hostname}/contact/${id}`,
    appConnect: {
      platform: 'spokenCRM', functions: ['createCallLog', 'updateCallLog', 'findContact', 'listAppointments'], logFormat: null, accountDataKeys: ['lists'],
      manifest: { platforms: { spokenCRM: { displayName: 'Spoken by its author', contactTypes: [{ value: 'Lead', display: 'Lead' }] } } },
      takeMessage: () => ({ message: 'The connector’s own words.', messageType: 'success', ttl: 1000 }),
      readAdminSettingsBy: () => { /* it has nothing to ask them for */ },
      userFacts: async () => facts,
      async keepUserFacts(_ctx, kept) { facts = { ...facts, ...kept } as JsonObject },
      async findContact(_ctx, query) {
        hear('findContact', query)
        return { contacts: [{ id: '1', name: 'Lea Lead', type: 'Lead', phone: query.phoneNumber, additionalInfo: { stage: [{ const: 'a', title: 'A' }] } }, { id: 'createNewContact', name: 'New', isNewContact: true }] }
      },
      async findContactWithName(_ctx, name) {
        hear('findContactWithName', name)
        return { contacts: [], returnMessage: { message: 'Nobody.', messageType: 'warning', ttl: 1 } }
      },
      async createContact(_ctx, input) {
        hear('createContact', input)
        return {
          contact: contact.parse({ id: '13', name: input.newContactName, phones: [{ number: input.phoneNumber }] }), shown: { id: 13, name: input.newContactName, title: 'Of its author' },
          returnMessage: { message: 'Made.', messageType: 'success', ttl: 1 },
        }
      },
      async getCallLog(_ctx, query) {
        hear('getCallLog', query)
        return { callLogInfo: { subject: 'In the CRM', note: 'Edited there' } }
      },
      licenseStatus: async () => ({ isLicenseValid: false, licenseStatus: 'Expired', licenseStatusDescription: 'Buy' }),
      authValidation: async () => ({ successful: false, status: 401 }),
      refreshUserInfo: async () => ({ returnMessage: { message: 'Refreshed.', messageType: 'success', ttl: 1 } }),
      async updateUserSettings(_ctx, { updatedSettings }) {
        hear('updateUserSettings', updatedSettings)
        return updatedSettings['forbidden'] === undefined ? { successful: true } : { successful: false, returnMessage: { message: 'Not that.', messageType: 'warning', ttl: 1 } }
      },
      serverLoggingSettings: async () => ({ apiUser: 'robot' }),
      updateServerLoggingSettings: async () => ({ successful: true, returnMessage: { message: 'Stored.', messageType: 'success', ttl: 1 } }),
      managedAuthOptions: async (_ctx, { fieldConst }) => [{ value: fieldConst, label: 'One' }],
      async listAppointments(_ctx, range) {
        hear('listAppointments', range)
        return { values: { appointments: [] } }
      },
      async createAppointment(_ctx, payload) {
        hear('createAppointment', payload)
        return { values: { appointmentId: 'a1' } }
      },
      async updateAppointment(_ctx, id, patch) {
        hear('updateAppointment', [id, patch])
        return { values: { appointment: { id } } }
      },
      async accountData(_ctx, key, force) {
        hear('accountData', [key, force])
        if (key !== 'lists') throw new CrmError('not_found')
        return ['x']
      },
    },
  }
}


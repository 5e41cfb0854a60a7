import { beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, crmUserId, externalId, messageId, type CallLog, type MessageLog } from '@linefinder/core'
import type { JsonObject } from '../extras.js'
import { connectionOf, type Connected } from '../testing/context.js'
import { appConnectConnector, connectorFunctions, type ConnectorFunction, type ConnectorModule } from './index.js'

const manifest: JsonObject = {
  platforms: {
    nice: {
      displayName: 'Nice CRM', auth: { type: 'apiKey', apiKey: { page: { content: [{ const: 'apiKey', title: 'Key', required: true }, { const: 'site', title: 'Site' }] } } },
      contactTypes: [{ value: 'Lead' }, { value: 'Contact' }], contactPageUrl: 'https://{hostname}/c/{contactId}', logPageUrl: 'https://{hostname}/l/{logId}?t={contactType}',
      page: { callLog: { additionalFields: [{ const: 'outcomes', title: 'Outcome', type: 'selection', options: [{ const: 'a', title: 'A' }] }, { const: 'paid', type: 'checkbox' }] }, newContact: { additionalFields: [{ const: 'email', type: 'inputField' }] } },
    },
  },
}

/** What each function was given. */
const given: Partial<Record<ConnectorFunction, unknown[] | undefined>> = {}
const answersOf: Partial<Record<ConnectorFunction, unknown>> = {
  getAuthType: 'apiKey', getBasicAuth: 'c2VjcmV0', getLogFormatType: 'text/html', getUserInfo: { successful: true, platformUserInfo: { id: '7-nice', name: 'Ann' } },
  findContact: { successful: true, matchedContactInfo: [{ id: 12, name: 'Jan', type: 'Lead', phone: '0413 741741', mostRecentActivityDate: 1_700_000_000_000 }, { id: 'createNewContact', name: 'New', isNewContact: true }] },
  findContactWithName: { successful: true, matchedContactInfo: [{ id: '12', name: 'Jan' }] },
  createContact: { contactInfo: { id: 13, name: 'Piet' } }, createCallLog: { logId: 99, returnMessage: { message: 'Logged!', messageType: 'success', ttl: 2000 } },
  getCallLog: { callLogInfo: { subject: 'S', note: 'N', fullBody: '<b>N</b>', fullLogResponse: { etag: 5 }, dispositions: { outcomes: 'a' } } },
  updateCallLog: { updatedNote: 'x' }, upsertCallDisposition: { logId: '99' }, createMessageLog: { logId: 'm9' }, updateMessageLog: {},
  unAuthorize: { returnMessage: { message: 'Bye' } }, getUserList: [{ id: '7', name: 'Ann', email: 'ann@nice.test' }, { id: 8, name: '', email: '' }],
  getLicenseStatus: { isLicenseValid: true, licenseStatus: 'Basic' }, authValidation: { successful: false, status: 401 }, refreshUserInfo: { successful: true },
  onUpdateUserSettings: { successful: true }, getServerLoggingSettings: { a: 1 }, updateServerLoggingSettings: { successful: true, returnMessage: { message: 'ok' } },
  getManagedAuthOptions: [{ value: 'k', label: 'K' }], listAppointments: { successful: true, appointments: [{ id: 'x' }] }, createAppointment: { appointmentId: 'x', appointment: { id: 'x' } },
  updateAppointment: { appointment: { id: 'x' } }, refreshAppointment: { appointment: { id: 'x' } }, confirmAppointment: { appointment: { id: 'x' } }, cancelAppointment: { appointment: { id: 'x' } },
}
const unlisted = ['getOauthInfo', 'getOverridingOAuthOption', 'postSaveUserInfo', 'checkAndRefreshAccessToken']
const module = {
  ...Object.fromEntries(connectorFunctions.filter(name => !unlisted.includes(name)).map(name => [name, (...values: unknown[]) => {
    given[name] = values
    return answersOf[name]
  }])),
  accountData: { list: { fetch: async () => [1, 2] } },
} as unknown as ConnectorModule

const adapter = appConnectConnector(module, { manifest })
let connected: Connected
beforeEach(() => {
  for (const name of connectorFunctions) given[name] = undefined
  connected = connectionOf(adapter, { type: 'fields', fields: { apiKey: 'secret', site: 'nl' }, state: { userId: '7-nice', platformAdditionalInfo: { team: 't' } } })
})

const log: CallLog = {
  ...callLogInput.parse({
    direction: 'inbound', from: { number: '+31413741741', name: 'Caller' }, to: { number: '+31201234567', extension: '205' }, startedAt: '2026-03-01T10:00:00Z',
    durationSeconds: 62, result: 'answered', subject: 'Roof', note: 'A note', contactId: '12', summary: 'AI', transcript: 'T', recordingUrl: 'https://pbx.test/r', fields: { paid: true },
  }),
  externalId: externalId.parse('lf-1'), body: '<div>A note</div>',
}
const ref = { id: activityId.parse('99') }
const first = (name: ConnectorFunction) => given[name]?.[0] as Record<string, never>

describe('what functions are given', () => {
  it('names the user of the connection and the header that getBasicAuth makes, in each', async () => {
    await adapter.findContact(connected.ctx, { e164: '+31413741741', raw: '0413741741', extension: null, variants: ['x'] })
    expect(given.getBasicAuth).toEqual([{ apiKey: 'secret' }])
    expect(first('findContact')).toMatchObject({
      authHeader: 'Basic c2VjcmV0', proxyConfig: undefined, phoneNumber: '+31413741741', overridingFormat: '', isExtension: 'false',
      user: { id: '7-nice', platform: 'nice', hostname: 'crm.example', accessToken: 'secret', platformAdditionalInfo: { team: 't' }, userSettings: {} },
    })
  })

  it('says by a text whether it is an extension, and passes what the wire asks for as it came', async () => {
    await adapter.findContact(connected.ctx, { e164: null, raw: '204', extension: null, variants: ['204'] })
    expect(first('findContact')).toMatchObject({ phoneNumber: '204', isExtension: 'true' })
    await adapter.appConnect.findContact(connected.ctx, { phoneNumber: '+1', overridingFormat: '(###) ###,#', isExtension: 'true', isForceRefreshAccountData: true })
    expect(first('findContact')).toMatchObject({ phoneNumber: '+1', overridingFormat: '(###) ###,#', isExtension: 'true', isForceRefreshAccountData: true })
  })

  it('of a call are RingCentral’s', async () => {
    expect(await adapter.createCallLog(connected.ctx, log)).toEqual({ id: '99' })
    expect(first('createCallLog')).toMatchObject({
      contactInfo: { id: '12', phoneNumber: '+31413741741', type: 'Lead', name: 'Jan' }, note: 'A note', aiNote: 'AI', transcript: 'T', composedLogDetails: '<div>A note</div>',
      additionalSubmission: { paid: true }, isFromSSCL: false,
      callLog: {
        sessionId: 'lf-1', telephonySessionId: 'lf-1', direction: 'Inbound', from: { phoneNumber: '+31413741741', name: 'Caller' },
        to: { phoneNumber: '+31201234567', extensionNumber: '205' }, startTime: 1_772_359_200_000, duration: 62, result: 'Accepted', customSubject: 'Roof', recording: { link: 'https://pbx.test/r' },
      },
    })
  })

  it('names the user of the CRM whom the log is for, as App Connect’s administrators do', async () => {
    await adapter.createCallLog(connected.ctx, { ...log, agent: { userId: crmUserId.parse('8'), extension: '201' } })
    expect(first('createCallLog')).toMatchObject({ additionalSubmission: { isAssignedToUser: true, adminAssignedUserRcId: '201' } })
    await adapter.createCallLog(connected.ctx, { ...log, agent: { userId: crmUserId.parse('8') }, extra: { appConnect: { additionalSubmission: { isAssignedToUser: false } } } })
    expect(first('createCallLog')).toMatchObject({ additionalSubmission: { isAssignedToUser: false } })
    expect(first('createCallLog')['additionalSubmission']).not.toHaveProperty('adminAssignedUserRcId')
  })

  it('that came over the wire are as they were sent, and what the log says by now', async () => {
    const logInfo = { sessionId: 's1', telephonySessionId: 't1', direction: 'Inbound', from: { phoneNumber: '+1' }, to: { phoneNumber: '+2' }, startTime: '2026-03-01T11:00:00+01:00', result: 'Call connected', queueCall: true, legs: [{ x: 1 }] }
    const extra = { appConnect: { logInfo, additionalSubmission: { deal: 'd1' }, contactType: 'Contact', contactName: 'Given', hashedAccountId: 'h', isFromSSCL: true, more: { voicemailLink: 'v', other: 1 } } }
    await adapter.createCallLog(connected.ctx, { ...log, extra })
    expect(given.findContact).toBeUndefined()
    expect(first('createCallLog')).toMatchObject({
      contactInfo: { id: '12', type: 'Contact', name: 'Given' }, additionalSubmission: { deal: 'd1', paid: true }, hashedAccountId: 'h', isFromSSCL: true, voicemailLink: 'v',
      callLog: { sessionId: 's1', telephonySessionId: 't1', queueCall: true, legs: [{ x: 1 }], from: { phoneNumber: '+1' }, startTime: '2026-03-01T11:00:00+01:00', result: 'Call connected', duration: 62 },
    })
    expect(first('createCallLog')).not.toHaveProperty('other')
    await adapter.createCallLog(connected.ctx, { ...log, extra, result: 'voicemail', startedAt: '2026-03-01T10:00:01Z' })
    expect(first('createCallLog')).toMatchObject({ callLog: { result: 'Voicemail', startTime: 1_772_359_201_000 } })
  })

  it('of a change are those that changed, and the times; what was taken away is empty', async () => {
    const { note: _note, recordingUrl: _recording, ...less } = log
    await adapter.updateCallLog(connected.ctx, ref, less, ['note', 'recordingUrl', 'body', 'durationSeconds'])
    const { user: _user, ...told } = first('updateCallLog') as unknown as Record<string, unknown>
    expect(told).toEqual({
      authHeader: 'Basic c2VjcmV0', proxyConfig: undefined, note: '', recordingLink: '', recordingDownloadLink: '', startTime: 1_772_359_200_000, duration: 62, composedLogDetails: '<div>A note</div>', existingCallLogDetails: { etag: 5 },
      existingCallLog: { id: 'lf-1', sessionId: 'lf-1', platform: 'nice', thirdPartyLogId: '99', userId: '7-nice', contactId: '12', extensionNumber: '', hashedExtensionId: '' },
      hashedAccountId: undefined, isFromSSCL: false,
    })
  })

  it('of a change that no connector knows of are none', async () => {
    await adapter.updateCallLog(connected.ctx, ref, log, ['endedAt', 'agent'])
    expect(given.updateCallLog).toBeUndefined()
  })

  it('of an outcome are the form’s', async () => {
    expect(await adapter.listDispositions!(connected.ctx)).toEqual([{ value: 'a', label: 'A' }])
    await adapter.setDisposition!(connected.ctx, ref, null)
    expect(first('upsertCallDisposition')).toMatchObject({ existingCallLog: { thirdPartyLogId: '99' }, dispositions: { outcomes: '' } })
    await adapter.updateCallLog(connected.ctx, ref, { ...log, extra: { appConnect: { dispositions: { outcomes: 'a', note: '' } } } }, ['extra'])
    expect(first('upsertCallDisposition')).toMatchObject({ dispositions: { outcomes: 'a', note: '' } })
  })

  it('of messages come one by one, and none twice', async () => {
    const message = (id: string) => ({ id: messageId.parse(id), kind: 'sms' as const, direction: 'inbound' as const, from: log.from, to: log.to, sentAt: '2026-03-01T10:00:00Z', text: `Text ${id}` })
    const day: MessageLog = { messages: [message('1'), message('2')], contactId: contactId.parse('12'), externalId: log.externalId, conversationId: 'k', day: '2026-03-01' }
    const made = await adapter.createMessageLog!(connected.ctx, day)
    expect(first('createMessageLog')).toMatchObject({ contactInfo: { id: '12', type: 'Lead' }, correspondents: [], message: { id: '1', type: 'SMS', subject: 'Text 1', direction: 'Inbound' } })
    expect(first('updateMessageLog')).toMatchObject({ existingMessageLog: { thirdPartyLogId: 'm9' }, message: { id: '2' } })
    delete given.updateMessageLog
    await adapter.updateMessageLog!(connected.ctx, made, day, ['messages'])
    expect(given.updateMessageLog).toBeUndefined()
    await adapter.updateMessageLog!(connected.ctx, made, { ...day, messages: [...day.messages, message('3')] }, ['messages'])
    expect(first('updateMessageLog')).toMatchObject({ message: { id: '3' } })
  })
})

describe('what functions answer', () => {
  it('is read as contacts of ours, without the one that stands for a new one', async () => {
    const found = await adapter.findContact(connected.ctx, { e164: '+31413741741', raw: 'x', extension: null, variants: ['x'] })
    expect(found).toEqual([{ id: '12', name: 'Jan', type: 'Lead', phones: [{ number: '0413 741741' }], lastActivityAt: '2023-11-14T22:13:20.000Z' }])
    expect((await adapter.appConnect.findContact(connected.ctx, { phoneNumber: 'x', overridingFormat: '', isExtension: 'false' })).contacts).toHaveLength(2)
    expect(await adapter.createContact(connected.ctx, { name: 'Piet', phone: '+31201234567', email: 'p@x.test' })).toEqual({ id: '13', name: 'Piet', type: 'Lead', phones: [{ number: '+31201234567' }] })
    expect(first('createContact')).toMatchObject({ newContactName: 'Piet', newContactType: 'Lead', additionalSubmission: { email: 'p@x.test' } })
  })

  it('is said to the person once, where it belongs', async () => {
    await adapter.createCallLog(connected.ctx, log)
    expect(adapter.appConnect.takeMessage('other', '99')).toBeNull()
    expect(adapter.appConnect.takeMessage('c1', '99')).toEqual({ message: 'Logged!', messageType: 'success', ttl: 2000 })
    expect(adapter.appConnect.takeMessage('c1', '99')).toBeNull()
  })

  it('is read back as an activity, and as a list of users', async () => {
    expect(await adapter.getCallLog!(connected.ctx, ref)).toEqual({ ref, subject: 'S', note: 'N', body: '<b>N</b>', disposition: 'a' })
    expect(await adapter.listUsers!(connected.ctx)).toEqual([{ id: '7', name: 'Ann', email: 'ann@nice.test' }, { id: '8', name: '8' }])
  })

  it('of what only the wire asks comes through', async () => {
    const { appConnect } = adapter
    const { ctx } = connected
    expect(await appConnect.licenseStatus!(ctx)).toEqual({ isLicenseValid: true, licenseStatus: 'Basic' })
    expect(await appConnect.authValidation!(ctx)).toEqual({ successful: false, status: 401 })
    expect(await appConnect.refreshUserInfo!(ctx)).toEqual({})
    expect(await appConnect.serverLoggingSettings!(ctx)).toEqual({ a: 1 })
    expect(await appConnect.updateServerLoggingSettings!(ctx, { a: 2 })).toEqual({ successful: true, returnMessage: { message: 'ok' } })
    expect(await appConnect.managedAuthOptions!(ctx, { fieldConst: 'f', accountValues: {} })).toEqual([{ value: 'k', label: 'K' }])
    expect(await appConnect.listAppointments!(ctx, { startDate: 'a' })).toEqual({ values: { appointments: [{ id: 'x' }] } })
    for (const name of ['refreshAppointment', 'confirmAppointment', 'cancelAppointment'] as const) {
      expect(await appConnect[name]!(ctx, 'x')).toEqual({ values: { appointment: { id: 'x' } } })
      expect(first(name)).toMatchObject({ appointmentId: 'x' })
    }
    await appConnect.createAppointment!(ctx, { title: 't' })
    expect(first('createAppointment')).toMatchObject({ payload: { title: 't' } })
    await appConnect.updateAppointment!(ctx, 'x', { title: 'u' })
    expect(first('updateAppointment')).toMatchObject({ appointmentId: 'x', patchBody: { title: 'u' } })
    expect(await appConnect.accountData(ctx, 'list')).toEqual([1, 2])
    await expect(appConnect.accountData(ctx, 'constructor')).rejects.toMatchObject({ code: 'not_found' })
    expect(appConnect.functions).toEqual(connectorFunctions.filter(name => !unlisted.includes(name)))
  })

  it('of settings is kept with the connection when the connector agrees', async () => {
    const userSettings = { autoLogCall: { value: true } }
    expect(await adapter.appConnect.updateUserSettings(connected.ctx, { userSettings, updatedSettings: userSettings })).toEqual({ successful: true })
    await adapter.appConnect.keepUserFacts(connected.ctx, { rcAccountId: 'r1' })
    expect(await adapter.appConnect.userFacts(connected.ctx)).toEqual({ rcAccountId: 'r1', userSettings })
    expect(connected.held.credentials.state).toMatchObject({ userSettings, rcAccountId: 'r1', userId: '7-nice', platformAdditionalInfo: { team: 't' } })
  })
})

it('has a member for each function that the connector has, and none without', () => {
  const bare = appConnectConnector({ createCallLog: () => undefined, updateCallLog: () => undefined } as ConnectorModule, { manifest })
  expect(Object.keys(bare.appConnect).sort()).toEqual(['accountData', 'accountDataKeys', 'findContact', 'functions', 'keepUserFacts', 'logFormat', 'manifest', 'platform', 'readAdminSettingsBy', 'takeMessage', 'updateUserSettings', 'userFacts'])
  expect(['searchContacts', 'getCallLog', 'setDisposition', 'createMessageLog', 'listUsers', 'renewCredentials'].filter(name => name in bare)).toEqual([])
  expect(['searchContacts', 'getCallLog', 'setDisposition', 'createMessageLog', 'listUsers', 'contactUrl'].filter(name => name in adapter)).toHaveLength(6)
  expect(adapter.contactUrl!({ hostname: 'nice.example', settings: {} }, contactId.parse('a/..'))).toBe('https://nice.example/c/a%2F..')
  expect(['note', 'fields', 'disposition'].map(name => (adapter.bodyDetails as readonly string[]).includes(name))).toEqual([true, false, false])
  expect([adapter.bodyFormat, bare.bodyFormat, adapter.activityUrl]).toEqual(['html', 'plain', undefined])
})

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, crmUserId, externalId, messageId, type CallLog, type MessageLog } from '@linefinder/core'
import { connectionOf, type Connected } from '../testing/context.js'
import { FakeApi, json } from '../testing/fake-api.js'
import { appConnectConnector, type ConnectorAdapter } from './index.js'

const path = fileURLToPath(new URL('../testing/keyed-connector.cjs', import.meta.url))
// As App Connect's developer portal writes it.
const manifest = { platforms: [{ name: 'Keyed', displayName: 'Keyed CRM', contactTypes: ['Contact'], auth: { type: 'apiKey' } }] }

let api: FakeApi
let adapter: ConnectorAdapter
let connected: Connected
beforeAll(async () => {
  api = await FakeApi.start()
  adapter = appConnectConnector(path, { manifest })
})
afterAll(() => api.stop())
beforeEach(() => {
  api.asked.length = 0
  api.answer = ({ method, url }, response) => {
    const isContacts = url.startsWith('/contacts')
    json(response, 200, isContacts ? [{ id: 12, name: 'Jan', client: 'c7', phone: undefined }] : method === 'GET' ? { text: 'As it stands', links: [{ name: 'Roof' }] } : { id: 'n1' })
  }
  connected = connectionOf(adapter, { type: 'fields', fields: { apiKey: 'key' }, state: { userId: '7' } }, { hostname: api.host })
})

const log: CallLog = {
  ...callLogInput.parse({
    direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567', extension: '205' }, startedAt: '2026-03-01T10:00:00Z', durationSeconds: 62, note: 'A note', contactId: '12',
  }),
  externalId: externalId.parse('lf-1'), body: 'The text',
}
const ref = { id: activityId.parse('n1') }
const told = () => api.asked.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.parse(body) as Record<string, unknown>)

it('is known by its name in a list of platforms, with kinds of contacts that are texts', () => {
  expect(adapter).toMatchObject({ id: 'keyed', name: 'Keyed CRM' })
  expect(adapter.appConnect.manifest).toMatchObject({ platforms: { Keyed: { displayName: 'Keyed CRM', contactTypes: [{ value: 'Contact', display: 'Contact' }] } } })
  expect(() => appConnectConnector(path, { manifest: { platforms: [{ name: 'Other' }] }, platform: 'Keyed' })).toThrow('no platform "Keyed"')
})

describe('a new log', () => {
  it('is told with whom App Connect’s server would have kept for the number', async () => {
    expect(await adapter.createCallLog(connected.ctx, log)).toEqual(ref)
    expect(told()).toEqual([{ client: 'c7' }])
    expect(api.asked[0]!.url).toContain('phone=%2B31413741741')
  })

  it('waits where they cannot be asked for, and is refused where there are none', async () => {
    api.answer = (_asked, response) => { json(response, 503, {}) }
    await expect(adapter.createCallLog(connected.ctx, log)).rejects.toMatchObject({ code: 'unavailable' })
    api.answer = (_asked, response) => { json(response, 200, []) }
    await expect(adapter.createCallLog(connected.ctx, log)).rejects.toMatchObject({ detail: 'The contact has no client.' })
  })

  it('is for the user whom the client names by an extension’s id', async () => {
    const additionalSubmission = { isAssignedToUser: true, adminAssignedUserRcId: '9001' }
    await adapter.createCallLog(connected.ctx, { ...log, agent: { userId: crmUserId.parse('8'), extension: '205' }, extra: { appConnect: { additionalSubmission } } })
    await adapter.createCallLog(connected.ctx, { ...log, extra: { appConnect: { additionalSubmission } } })
    expect(told()).toEqual([{ client: 'c7', owner: '8' }, { client: 'c7' }])
  })

  it('has numbers of the form as they were sent', async () => {
    await adapter.createCallLog(connected.ctx, { ...log, fields: { deal: '601' }, extra: { appConnect: { additionalSubmission: { deal: 601 } } } })
    expect(told()).toEqual([{ client: 'c7', deal: 601 }])
  })
})

describe('a change', () => {
  it('says when the call began and how long it took, whatever has changed', async () => {
    await adapter.updateCallLog(connected.ctx, ref, log, ['note', 'body'])
    expect(told()).toEqual([{ text: 'The text', startTime: 1_772_359_200_000, duration: 62 }])
  })

  it('that leaves the text alone tells it as it stands', async () => {
    await adapter.updateCallLog(connected.ctx, ref, { ...log, extra: { appConnect: { more: { ringSenseLink: 'https://r.example' } } } }, ['extra'])
    expect(told()).toEqual([{ text: 'As it stands', startTime: 1_772_359_200_000, duration: 62 }])
  })

  it('leaves them out for a connector that keeps what it is not told of', async () => {
    const keeping = appConnectConnector(path, { manifest, keepsUntold: true })
    await keeping.updateCallLog(connected.ctx, ref, { ...log, extra: { appConnect: { more: { ringSenseLink: 'https://r.example' } } } }, ['extra'])
    expect(told()).toEqual([{ text: '' }])
  })

  it('of a record that the connector cannot read is told all the same', async () => {
    api.answer = (_asked, response) => { json(response, 200, { text: 'x', links: [] }) }
    await adapter.updateCallLog(connected.ctx, ref, log, ['body'])
    expect(told()).toMatchObject([{ text: 'The text' }])
    expect(await adapter.getCallLog!(connected.ctx, ref)).toEqual({ ref })
    await expect(appConnectConnector(path, { manifest, keepsUntold: true }).getCallLog!(connected.ctx, ref)).rejects.toMatchObject({ code: 'bad_response' })
  })

  it('that the CRM did not take is a failure, whatever the connector says', async () => {
    api.answer = ({ method }, response) => { json(response, method === 'GET' ? 200 : 503, { text: 'x', links: [{ name: 'y' }] }) }
    await expect(adapter.updateCallLog(connected.ctx, ref, log, ['body'])).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('of outcomes in which the connector finds nothing is none', async () => {
    const changed = (dispositions: { deal?: string; note: string }) => adapter.updateCallLog(connected.ctx, ref, { ...log, extra: { appConnect: { dispositions } } }, ['extra'])
    await expect(changed({ note: '' })).resolves.toBeUndefined()
    await expect(changed({ deal: '1', note: '' })).resolves.toBeUndefined()
  })
})

describe('messages', () => {
  const message = (kind: 'sms' | 'voicemail', id: string) => ({
    id: messageId.parse(id), kind, direction: 'inbound' as const, from: log.from, to: log.to, sentAt: '2026-03-01T10:00:00Z', attachments: kind === 'voicemail' ? [{ url: 'https://media.test/1' }] : [],
  })
  const dayOf = (...messages: MessageLog['messages']): MessageLog => ({ messages, contactId: contactId.parse('12'), externalId: log.externalId, conversationId: 'k', day: '2026-03-01', body: 'The day', extra: { appConnect: { contactName: 'Jan' } } })

  it('that are told as a day say when it was, and of whom', async () => {
    await adapter.createMessageLog!(connected.ctx, dayOf(message('sms', '1'), message('sms', '2')))
    expect(told()).toEqual([{ sharedSMSLogContent: { subject: 'Conversation with Jan', body: 'The day', conversationCreatedDate: '2026-03-01T10:00:00Z' } }])
  })

  it('of which one is a voicemail are told as one', async () => {
    await adapter.createMessageLog!(connected.ctx, dayOf(message('voicemail', '1')))
    expect(told()).toEqual([{ recordingLink: 'https://media.test/1' }])
  })

  it('that the CRM did not take are a failure, whatever the connector says', async () => {
    api.answer = (_asked, response) => { json(response, 503, {}) }
    await expect(adapter.updateMessageLog!(connected.ctx, ref, dayOf(message('sms', '1'), message('sms', '2')), ['messages'])).rejects.toMatchObject({ code: 'unavailable' })
  })
})

it('answers without members that have no value, and no new contact is a refusal', async () => {
  const { contacts } = await adapter.appConnect.findContact(connected.ctx, { phoneNumber: '+31413741741', overridingFormat: '', isExtension: 'false' })
  expect(contacts.map(each => Object.keys(each))).toEqual([['id', 'name', 'client'], ['id', 'name', 'isNewContact']])
  expect(Object.keys((await adapter.appConnect.getCallLog!(connected.ctx, { callLogId: 'n1' })).callLogInfo!)).toEqual(['subject', 'fullBody'])
  await expect(adapter.createContact(connected.ctx, { name: 'N', phone: '+31201234567', type: 'none' })).rejects.toMatchObject({ code: 'rejected' })
})

it('finds with its user what the person has set by now', async () => {
  const updatedSettings = { colour: { value: 'red' } }
  await adapter.appConnect.updateUserSettings(connected.ctx, { userSettings: {}, updatedSettings })
  expect(await adapter.appConnect.userFacts(connected.ctx)).toEqual({ userSettings: updatedSettings })
})

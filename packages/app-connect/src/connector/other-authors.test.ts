import { beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, CrmError, externalId, messageId, type CallLog, type Message, type MessageLog } from '@linefinder/core'
import { connectionOf, type Connected } from '../testing/context.js'
import { appConnectConnector, type ConnectorFunction, type ConnectorModule } from './index.js'

const given: (readonly [ConnectorFunction, Record<string, unknown>])[] = []
const hear = <Answer>(name: ConnectorFunction, answer: Answer) => async (argument: Record<string, unknown>): Promise<Answer> => {
  given.push([name, argument])
  return answer
}
const dispositionAnswers: unknown[] = []
const failures: CrmError[] = []

/** Takes a shared mailbox's day as one text, and says so by the name of the argument. */
const module = {
  getAuthType: () => 'apiKey', getBasicAuth: () => 'a2V5', getLogFormatType: () => 'text/html',
  createCallLog: hear('createCallLog', { logId: 99 }), updateCallLog: hear('updateCallLog', {}),
  upsertCallDisposition: async (argument: Record<string, unknown>) => hear('upsertCallDisposition', dispositionAnswers.shift() ?? { logId: 99 })(argument),
  async createMessageLog({ sharedSMSLogContent, ...others }: Record<string, unknown>) { return hear('createMessageLog', { logId: 'm9' })({ sharedSMSLogContent, ...others }) },
  async updateMessageLog({ sharedSMSLogContent, ...others }: Record<string, unknown>) {
    const failure = failures.pop()
    if (failure) throw failure
    return hear('updateMessageLog', {})({ sharedSMSLogContent, ...others })
  },
} as unknown as ConnectorModule

const adapter = appConnectConnector(module, { manifest: { platforms: { other: { page: { callLog: { additionalFields: [{ const: 'deals', type: 'selection', contactDependent: true }] } } } } } })
let connected: Connected
beforeEach(() => {
  given.length = 0
  connected = connectionOf(adapter, { type: 'fields', fields: { apiKey: 'secret' }, state: { userId: '7-other' } })
})

const party = { number: '+31413741741', name: 'Jan' }
const own = { number: '+31201234567' }
const log: CallLog = {
  ...callLogInput.parse({ direction: 'inbound', from: party, to: own, startedAt: '2026-03-01T10:00:00Z', contactId: '12' }), externalId: externalId.parse('lf-1'), body: '<div>A note</div>',
}
const ref = { id: activityId.parse('99') }
const wire = (values: object) => ({ extra: { appConnect: { contactType: 'contact', contactName: 'Jan de Vries', ...values } } as never })

describe('a call', () => {
  it('has the choices of its form as the client made them, numbers as numbers', async () => {
    await adapter.createCallLog(connected.ctx, { ...log, fields: { deals: '101' }, ...wire({ additionalSubmission: { deals: 101 } }) })
    await adapter.createCallLog(connected.ctx, { ...log, fields: { deals: '102' }, ...wire({ additionalSubmission: { deals: 101 } }) })
    expect(given.map(([, { additionalSubmission }]) => additionalSubmission)).toEqual([{ deals: 101 }, { deals: '102' }])
  })

  it('is not changed to nothing where something was chosen in its form', async () => {
    await adapter.updateCallLog(connected.ctx, ref, { ...log, ...wire({ additionalSubmission: { deals: 101 }, dispositions: { deals: 102, note: '' } }) }, ['extra'])
    expect(given).toMatchObject([['upsertCallDisposition', { dispositions: { deals: 102 } }]])
    await adapter.updateCallLog(connected.ctx, ref, { ...log, ...wire({ dispositions: { deals: 102 }, more: { ringSenseLink: 'https://r.example' } }) }, ['extra'])
    expect(given.slice(1)).toMatchObject([['updateCallLog', { ringSenseLink: 'https://r.example' }], ['upsertCallDisposition', {}]])
  })

  it('is kept where the form has nothing that the connector keeps, and refused where it says why', async () => {
    const chosen = { ...log, ...wire({ dispositions: { deals: '', note: '' } }) }
    dispositionAnswers.push({ logId: null })
    await adapter.updateCallLog(connected.ctx, ref, chosen, ['extra'])
    dispositionAnswers.push({ logId: null, returnMessage: { messageType: 'warning', message: 'Closed' } })
    await expect(adapter.updateCallLog(connected.ctx, ref, chosen, ['extra'])).rejects.toMatchObject({ code: 'rejected' })
  })
})

describe('messages', () => {
  const message = (id: string, more: Partial<Message> = {}): Message =>
    ({ id: messageId.parse(id), kind: 'sms', direction: 'inbound', from: party, to: own, sentAt: `2026-03-01T10:0${id}:00Z`, text: `Text ${id}`, ...more })
  const day = (messages: readonly Message[], more: object = {}): MessageLog =>
    ({ messages: [...messages], body: '<div>Both</div>', contactId: contactId.parse('12'), externalId: log.externalId, conversationId: 'k', day: '2026-03-01', ...more })
  const sentBy = (messages: readonly object[], logInfo: object = {}) => wire({ logInfo: { correspondents: [{ phoneNumber: party.number, name: 'Jan' }], messages, ...logInfo } })

  it('of RingCentral’s client are told one by one, also where the day could be told as one text', async () => {
    const sent = [{ id: '1', subject: 'Text 1' }, { id: '2', subject: 'Text 2', direction: 'Outbound', typingDurationMs: 45_000 }]
    await adapter.createMessageLog!(connected.ctx, day([message('1'), message('2')], sentBy(sent)))
    expect(given).toMatchObject([['createMessageLog', { sharedSMSLogContent: undefined, message: { id: '1' } }], ['updateMessageLog', { message: { id: '2', typingDurationMs: 45_000 } }]])
  })

  it('of a mailbox that is shared, and of other clients, are one text of the day that they are of, and stay so', async () => {
    const shared = { sharedSMSLogContent: { body: '<div>Both</div>', conversationCreatedDate: '2026-03-01T10:01:00Z' }, message: { id: '1' } }
    await adapter.createMessageLog!(connected.ctx, day([message('1')], sentBy([], { owner: { name: 'Sales' } })))
    const made = await adapter.createMessageLog!(connected.ctx, day([message('1')]))
    await adapter.updateMessageLog!(connected.ctx, made, day([message('1'), message('2')], sentBy([])), ['messages', 'body'])
    expect(given).toMatchObject([['createMessageLog', shared], ['createMessageLog', shared], ['updateMessageLog', { ...shared, message: { id: '2' } }]])
  })

  it('of which one was not taken go on where they were, in the same activity', async () => {
    const all = day([message('1'), message('2')], sentBy([]))
    failures.push(new CrmError('unavailable'))
    await expect(adapter.createMessageLog!(connected.ctx, all)).rejects.toMatchObject({ code: 'unavailable' })
    given.length = 0
    expect(await adapter.createMessageLog!(connected.ctx, all)).toEqual({ id: 'm9' })
    expect(given).toMatchObject([['updateMessageLog', { existingMessageLog: { thirdPartyLogId: 'm9' }, message: { id: '2' } }]])
    await adapter.createMessageLog!(connected.ctx, day([message('1')], sentBy([])))
    expect(given.at(-1)).toMatchObject(['createMessageLog', {}])
  })

  it('name those who take part beside the contact, as lists of contacts', async () => {
    const all = [{ phoneNumber: party.number, name: 'Jan' }, { phoneNumber: '+31612345678', name: 'Janna' }, { phoneNumber: '+31687654321' }]
    await adapter.createMessageLog!(connected.ctx, day([message('1')], sentBy([])))
    await adapter.createMessageLog!(connected.ctx, day([message('1')], sentBy([], { correspondents: all })))
    expect(given.map(([, { correspondents }]) => correspondents)).toEqual([[], [[{ name: 'Janna', phone: '+31612345678' }]]])
  })

  it('show a picture on RingCentral’s page, and copy it from where it is', async () => {
    const [uri, link] = ['https://media.example/1', 'https://reader.example/?media=1']
    const page = 'https://ringcentral.github.io/ringcentral-media-reader/?media=https%3A%2F%2Fmedia.example%2F1'
    const picture = (url: string) => [message('1', { kind: 'mms', attachments: [{ url, contentType: 'image/png' }] })]
    await adapter.createMessageLog!(connected.ctx, day(picture(link), sentBy([{ id: '1', attachments: [{ link, uri }] }])))
    await adapter.createMessageLog!(connected.ctx, day(picture(uri), sentBy([{ id: '1', attachments: [{ uri }] }])))
    expect(given.map(([, { imageLink, imageDownloadLink }]) => [imageLink, imageDownloadLink])).toEqual([[link, uri], [page, uri]])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'
import { conversationDayOf, messageLogBody } from './message-log-input.js'

let test: TestWire
let ann: WireClient
beforeAll(async () => {
  test = await startTestWire()
  ann = await test.connectToAcme()
})
afterAll(() => test.stop())

const jan = { phoneNumber: '+31413741741', name: 'Jan de Vries' }
const us = { phoneNumber: '+31201234567', name: 'Ann' }
const message = (id: number, more: object = {}) => ({ id, type: 'SMS', subject: `Text ${String(id)}`, direction: 'Inbound', creationTime: '2026-03-01T10:00:00.000Z', from: jan, to: [us], ...more })
const log = (conversation: string, messages: object[], info: object = {}, more: object = {}) => ann.post('/messageLog?jwtToken={jwt}', {
  logInfo: { type: 'SMS', conversationId: conversation, conversationLogId: `${conversation}/2026-03-01`, correspondents: [jan], messages, ...info },
  additionalSubmission: {}, overridingFormat: [], contactId: 'p_1001', contactType: 'person', contactName: 'Jan de Vries', ...more,
})
const stored = async (conversation: string) => {
  const [row] = await test.server.services.database.query<{ part: string; content: { messages: Record<string, unknown>[] } }>({ text: `SELECT part, content FROM ledger WHERE kind = 'message' AND key = $1` }, [conversation])
  return row!
}

describe('a conversation by SMS', () => {
  it('is one activity of the day, which later messages join', async () => {
    const first = await log('sms', [message(1)])
    expect(first).toMatchObject({ status: 200, body: { successful: true, logIds: [expect.any(String)], returnMessage: { messageType: 'success' } } })
    const second = await log('sms', [message(1), message(2, { direction: 'Outbound', from: us, to: [jan], creationTime: Date.parse('2026-03-01T11:00:00Z') })])
    expect(second.body.logIds).toEqual(first.body.logIds)
    expect(await stored('sms')).toMatchObject({ part: '2026-03-01', content: { messages: [{ id: '1', kind: 'sms', direction: 'inbound', text: 'Text 1' }, { id: '2', direction: 'outbound', to: { number: '+31413741741' } }] } })
    expect(JSON.stringify(await test.acmeApi(`/activities/${String(first.body.logIds[0])}`))).toMatch(/Text 1[^]*Text 2/)
  })

  it('with several people is logged once for each of them', async () => {
    const group = { correspondents: [jan, { phoneNumber: '+31201110000' }] }
    const [one, other] = [await log('group', [message(1)], group), await log('group', [message(1)], group, { contactId: 'p_1002' })]
    expect(one.body.logIds).not.toEqual(other.body.logIds)
  })

  it('has its pictures by link', async () => {
    await log('mms', [message(1, { attachments: [{ type: 'MmsAttachment', link: 'https://media.example/a?access_token=RC-SECRET', contentType: 'image/png' }] })])
    expect((await stored('mms')).content.messages).toMatchObject([{ kind: 'mms', attachments: [{ url: 'https://media.example/a', contentType: 'image/png' }] }])
  })
})

it('logs a voicemail with its length', async () => {
  await log('vm', [message(1, { type: 'VoiceMail', subject: undefined, attachments: [{ type: 'AudioRecording', link: 'https://media.example/v', contentType: 'audio/mpeg', vmDuration: 12 }] })], { type: 'VoiceMail' })
  expect((await stored('vm')).content.messages).toMatchObject([{ kind: 'voicemail', durationSeconds: 12, attachments: [{ url: 'https://media.example/v' }] }])
})

it('logs a fax, and RingCentral’s token goes nowhere', async () => {
  const { body } = await log('fax', [message(1, { type: 'Fax', faxPageCount: 3, attachments: [{ type: 'RenderedDocument', link: 'https://media.example/f?accessToken=RC-SECRET', uri: 'https://media.example/f', contentType: 'application/pdf' }] })], { type: 'Fax', rcAccessToken: 'RC-SECRET' })
  expect(body.successful).toBe(true)
  expect((await stored('fax')).content.messages).toMatchObject([{ kind: 'fax', pageCount: 3, attachments: [{ url: 'https://media.example/f' }] }])
  expect(JSON.stringify(await stored('fax'))).not.toContain('RC-SECRET')
})

describe('a failure', () => {
  it('has a list of ids too, because the client counts them', async () => {
    const legacy = await test.connectToLegacy()
    const { status, body } = await legacy.post('/messageLog?jwtToken={jwt}', { logInfo: { type: 'SMS', conversationId: 'x', messages: [message(1)] }, contactId: '1' })
    expect({ status, body }).toMatchObject({ status: 200, body: { successful: false, logIds: [], returnMessage: { messageType: 'warning' } } })
    expect((await log('new', [message(1)], {}, { contactId: 'createNewContact' })).body).toMatchObject({ successful: false, logIds: [] })
    expect((await log('none', [])).status).toBe(400)
  })
})

describe('the day', () => {
  const dayOf = (info: object) => conversationDayOf(messageLogBody.parse({ logInfo: { messages: [message(1, { creationTime: '2026-03-02T00:30:00Z' })], ...info } }))

  it.each([
    ['c/2026-03-01', { conversationId: 'c', day: '2026-03-01' }],
    ['c/3/1/2026', { conversationId: 'c', day: '2026-03-01' }],
    ['c-without-a-day', { conversationId: 'c-without-a-day', day: '2026-03-02' }],
  ])('of "%s" is the client’s own, where it says one', (conversationLogId, key) => {
    expect(dayOf({ conversationId: 'c', conversationLogId })).toEqual(key)
  })
})

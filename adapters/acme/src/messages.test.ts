import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { activityId, externalId, messageLogInput, type MessageLog } from '@linefinder/core'
import acme from './index.js'
import { signInToNewAcme, type SignedIn } from './testing/signed-in.js'

let at: SignedIn

beforeAll(async () => { at = await signInToNewAcme(1) })
afterAll(() => at.stop())

const jan = { number: '+31612345678', name: 'Jan de Vries' }
const office = { number: '+31413700700' }
const first = { id: 'm1', kind: 'sms', direction: 'inbound', from: jan, to: office, sentAt: '2026-03-02T09:15:00+01:00', text: 'Can you\ncome today?' }
const second = { id: 'm2', kind: 'mms', direction: 'outbound', from: office, to: jan, sentAt: '2026-03-02T09:20:00+01:00', attachments: [{ url: 'https://files.example.test/1', name: 'map.png' }] }

const logOf = (id: string, changes: object = {}): MessageLog => ({
  ...messageLogInput.parse({ messages: [first], contactId: 'p_1001', ...changes }), externalId: externalId.parse(id), conversationId: 'c1', day: '2026-03-02',
})
const inAcme = async (id: string) => (await at.api.get(`/activities/${id}`)).data

describe('a day of messages', () => {
  it('is an activity of the person, with the server’s text', async () => {
    const { id } = await acme.createMessageLog!(at.ctx, { ...logOf('lf-1', { messages: [first, second], note: 'Likes texting.' }), body: 'The whole day.' })
    expect(await inAcme(id)).toMatchObject({
      type: 'sms', person_id: 'p_1001', external_id: 'lf-1', subject: 'Text messages with Jan de Vries', direction: 'inbound',
      from_number: '+31612345678', to_number: '+31413700700', started_at: '2026-03-02T08:15:00.000Z',
      body: 'The whole day.',
    })
  })

  it.each(['fax', 'voicemail'])('is a %s when its first message is one', async kind => {
    const { id } = await acme.createMessageLog!(at.ctx, logOf(`lf-${kind}`, { messages: [{ ...first, kind }] }))
    expect((await inAcme(id)).type).toBe(kind)
  })

  it('takes in what is new, and leaves the rest as people edited it', async () => {
    const ref = await acme.createMessageLog!(at.ctx, logOf('lf-2', { subject: 'Roof' }))
    await at.api.patch(`/activities/${ref.id}`, { disposition: 'Lead' })
    await acme.updateMessageLog!(at.ctx, ref, { ...logOf('lf-2', { subject: 'Roof', messages: [first, second], contactId: undefined }), body: 'Both.' }, ['messages', 'body'])
    expect(await inAcme(ref.id)).toMatchObject({ subject: 'Roof', disposition: 'Lead', person_id: 'p_1001', body: 'Both.' })
  })

  it('has the text that the server writes, where it writes one', async () => {
    const ref = await acme.createMessageLog!(at.ctx, { ...logOf('lf-3'), body: 'composed' })
    expect((await inAcme(ref.id)).body).toBe('composed')
    await acme.updateMessageLog!(at.ctx, ref, { ...logOf('lf-3'), body: 'again' }, ['body'])
    expect((await inAcme(ref.id)).body).toBe('again')
  })

  it('is read back, and found by our id', async () => {
    const ref = await acme.createMessageLog!(at.ctx, logOf('lf-4'))
    expect(await acme.getMessageLog!(at.ctx, ref)).toMatchObject({ ref, contactId: 'p_1001', subject: 'Text messages with Jan de Vries' })
    expect(await acme.findMessageLog!(at.ctx, externalId.parse('lf-4'))).toEqual(ref)
    expect(await acme.findMessageLog!(at.ctx, externalId.parse('lf-none'))).toBeNull()
  })

  it('reads as null when it was deleted, and cannot be changed then', async () => {
    const gone = { id: activityId.parse('a_1') }
    expect(await acme.getMessageLog!(at.ctx, gone)).toBeNull()
    await expect(acme.updateMessageLog!(at.ctx, gone, logOf('lf-5'), ['messages', 'body'])).rejects.toMatchObject({ code: 'not_found' })
  })
})

import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { callLogInput, contactId, externalId, logField, type CallLog } from '@linefinder/core'
import acme from './index.js'
import { signInToNewAcme, type SignedIn } from './testing/signed-in.js'

let at: SignedIn
beforeAll(async () => { at = await signInToNewAcme(3) })
afterAll(() => at.stop())

const jan = contactId.parse('p_1001')
const logOf = (changes: object): CallLog => ({
  ...callLogInput.parse({ direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', contactId: jan, ...changes }),
  externalId: externalId.parse('lf-1'),
})

it('stores the text that the server composed, and gives it back as it stands', async () => {
  const ref = await acme.createCallLog(at.ctx, { ...logOf({ note: 'a' }), body: 'Note: a\nQueue: Sales' })
  await at.api.patch(`/activities/${ref.id}`, { body: 'Note: a\nQueue: Sales\nMine' })
  expect(await acme.getCallLog!(at.ctx, ref)).toMatchObject({ ref, contactId: jan, body: 'Note: a\nQueue: Sales\nMine' })
  await acme.updateCallLog(at.ctx, ref, logOf({ note: 'b', subject: 'Other' }), ['note', 'subject'])
  expect(await acme.getCallLog!(at.ctx, ref)).toMatchObject({ subject: 'Other', body: 'Note: a\nQueue: Sales\nMine' })
})

it('has Acme’s fields for the contact, and none for messages', async () => {
  const fields = await acme.fields!(at.ctx, { kind: 'call', contactId: jan })
  expect(fields.map(field => logField.parse(field).name)).toEqual(['topic', 'seats', 'follow_up_on', 'project'])
  expect(await acme.fields!(at.ctx, { kind: 'message', contactId: null })).toEqual([])
  const { id } = await acme.createCallLog(at.ctx, logOf({ fields: { topic: 'quote' } }))
  await acme.updateCallLog(at.ctx, { id }, logOf({ fields: { topic: 'order', seats: 2 } }), ['fields'])
  expect((await at.api.get(`/activities/${id}`)).data.fields).toEqual({ topic: 'order', seats: 2 })
})

it('has Acme’s outcomes', async () => {
  expect(await acme.listDispositions!(at.ctx)).toContainEqual({ value: 'sold', label: 'Sold' })
})

it('stores a recording once, also when it is sent again', async () => {
  const log = logOf({})
  const ref = await acme.createCallLog(at.ctx, log)
  for (const _try of [1, 2]) {
    await acme.uploadRecording!(at.ctx, ref, { stream: Readable.from([Buffer.alloc(300_000), Buffer.alloc(1)]), contentType: 'audio/mpeg', fileName: 'lf-1.mp3', sizeBytes: null }, log)
  }
  expect((await at.api.get(`/activities/${ref.id}/recordings`)).data.items).toMatchObject([{ name: 'lf-1.mp3', size_bytes: 300_001 }])
})

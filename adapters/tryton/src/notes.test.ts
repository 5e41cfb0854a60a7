import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, CrmError, externalId, messageLogInput, type Callback, type CallLog, type MessageLog } from '@linefinder/core'
import tryton from './index.js'
import { probeWithAnn, type Probe } from './testing/probe.js'
import { signIn, type SignedIn } from './testing/signed-in.js'
import { installed, startTryton, type Tryton } from './testing/start-tryton.js'

const whereTrytonIs = installed === '' ? describe.skip : describe

let server: Tryton
let probe: Probe
let ann: SignedIn
let party: number
let count = 0
const contactIdOf = (id: number) => contactId.parse(String(id))
const nextId = () => externalId.parse(`lf-${String(++count)}_x`)

const callLog = (more: Partial<CallLog> = {}): CallLog => ({
  ...callLogInput.parse({
    direction: 'inbound', from: { number: '+31413741741', name: 'Jan' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00',
  }),
  contactId: contactIdOf(party), externalId: nextId(), body: 'Wants a quote.\nNumber: +31413741741', ...more,
})

whereTrytonIs('notes on a party', () => {
  beforeAll(async () => {
    server = await startTryton()
    probe = await probeWithAnn(server)
    ann = await signIn(server)
  }, 120_000)
  afterAll(() => server.stop())
  beforeEach(async () => { party = await probe.createParty('De Vries Dakwerken') })

  describe('of calls', () => {
    it('begin with a headline, and end with our id', async () => {
      const log = callLog()
      const { id } = await tryton.createCallLog(ann.ctx, log)
      expect(await probe.notesOn(party)).toEqual([{
        id: Number(id), create_uid: 2, message: `Incoming call from Jan\n\nWants a quote.\nNumber: +31413741741\n\n[${log.externalId}]`,
      }])
    })

    it.each([
      [{ result: 'missed' as const }, 'Missed call from Jan'],
      [{ direction: 'outbound' as const }, 'Outgoing call to +31201234567'],
      [{ subject: 'Roof\nand gutter' }, 'Roof and gutter'],
    ])('with %j have the headline %s', async (more, headline) => {
      const ref = await tryton.createCallLog(ann.ctx, callLog(more))
      expect(await tryton.getCallLog!(ann.ctx, ref)).toEqual({ ref, subject: headline, body: 'Wants a quote.\nNumber: +31413741741', contactId: String(party) })
    })

    it('hold the agent’s own note where nothing was composed', async () => {
      const ref = await tryton.createCallLog(ann.ctx, callLog({ body: undefined, note: 'Call again.' }))
      expect(await tryton.getCallLog!(ann.ctx, ref)).toMatchObject({ body: 'Call again.' })
    })

    it('are found by our id, read literally, and no other', async () => {
      const [log, other] = [callLog(), callLog()]
      const ref = await tryton.createCallLog(ann.ctx, log)
      await tryton.createCallLog(ann.ctx, { ...other, externalId: externalId.parse(log.externalId.replace('_', '-')) })
      await tryton.createCallLog(ann.ctx, { ...other, body: `see [${other.externalId}]` , externalId: nextId() })
      expect(await tryton.findCallLog!(ann.ctx, log.externalId)).toEqual(ref)
      expect(await tryton.findCallLog!(ann.ctx, other.externalId)).toBeNull()
    })

    it('change in what has changed, and keep what was written below', async () => {
      const log = callLog()
      const ref = await tryton.createCallLog(ann.ctx, log)
      const [before] = await probe.notesOn(party)
      await probe.call('ir.note.write', [before!.id], { message: `${before!.message}\nThe boss knows.` })
      expect(await tryton.getCallLog!(ann.ctx, ref)).toMatchObject({ body: 'Wants a quote.\nNumber: +31413741741\n\nThe boss knows.' })
      await tryton.updateCallLog(ann.ctx, ref, { ...log, subject: 'Roof', body: undefined }, ['subject'])
      expect((await probe.notesOn(party)).map(({ message }) => message)).toEqual([`Roof\n\nWants a quote.\nNumber: +31413741741\n\nThe boss knows.\n\n[${log.externalId}]`])
      await tryton.updateCallLog(ann.ctx, ref, { ...log, body: 'Called back.' }, ['note', 'body'])
      expect(await tryton.getCallLog!(ann.ctx, ref)).toMatchObject({ subject: 'Roof', body: 'Called back.' })
      expect(await tryton.findCallLog!(ann.ctx, log.externalId)).toEqual(ref)
    })

    it('move to another party with their recording', async () => {
      const log = callLog()
      const ref = await tryton.createCallLog(ann.ctx, log)
      await tryton.createCallLog(ann.ctx, callLog())
      await tryton.uploadRecording!(ann.ctx, ref, { stream: Readable.from([Buffer.from('abc')]), contentType: 'audio/mpeg', fileName: 'call.mp3', sizeBytes: 3 }, log)
      const right = await probe.createParty('The right one')
      await tryton.updateCallLog(ann.ctx, ref, { ...log, contactId: contactIdOf(right), body: undefined }, ['contactId'])
      expect(await tryton.getCallLog!(ann.ctx, ref)).toMatchObject({ contactId: String(right), subject: 'Incoming call from Jan' })
      expect([await probe.notesOn(party), await probe.filesOn(party)]).toMatchObject([[{}], []])
      expect([await probe.notesOn(right), await probe.filesOn(right)]).toMatchObject([[{}], [{ name: 'call.mp3' }]])
    })

    it('of nobody known are refused, or go to the party that the installation names', async () => {
      await expect(tryton.createCallLog(ann.ctx, callLog({ contactId: undefined }))).rejects.toMatchObject({ code: 'rejected', detail: expect.stringContaining('partyForUnknown') })
      const { ctx } = await signIn(server, { partyForUnknown: party })
      await tryton.createCallLog(ctx, callLog({ contactId: undefined }))
      expect(await probe.notesOn(party)).toHaveLength(1)
    })

    it('need a party that is there', async () => {
      for (const gone of ['999999', 'p1', '0', '1e3']) {
        await expect(tryton.createCallLog(ann.ctx, callLog({ contactId: contactId.parse(gone) }))).rejects.toMatchObject({ code: 'not_found' })
      }
    })

    it('that were deleted read as null and cannot be changed', async () => {
      const log = callLog()
      const ref = await tryton.createCallLog(ann.ctx, log)
      await probe.call('ir.note.delete', [Number(ref.id)])
      expect(await tryton.getCallLog!(ann.ctx, ref)).toBeNull()
      expect(await tryton.findCallLog!(ann.ctx, log.externalId)).toBeNull()
      await expect(tryton.updateCallLog(ann.ctx, ref, log, ['body'])).rejects.toEqual(new CrmError('not_found'))
      await expect(tryton.getCallLog!(ann.ctx, { id: activityId.parse('x') })).rejects.toEqual(new CrmError('not_found'))
    })
  })

  it('of messages hold a day of a conversation, and grow with it', async () => {
    const log: MessageLog = {
      ...messageLogInput.parse({ messages: [{
        id: 'm1', kind: 'sms', direction: 'inbound', from: { number: '+31612345678', name: 'Emma' }, to: { number: '+31201234567' }, sentAt: '2026-03-02T09:15:00+01:00',
      }] }),
      contactId: contactIdOf(party), externalId: nextId(), conversationId: 'c1', day: '2026-03-02', body: 'Emma: Hello',
    }
    const ref = await tryton.createMessageLog!(ann.ctx, log)
    expect(await tryton.getMessageLog!(ann.ctx, ref)).toMatchObject({ subject: 'Messages from Emma, 2026-03-02', body: 'Emma: Hello' })
    await tryton.updateMessageLog!(ann.ctx, ref, { ...log, body: 'Emma: Hello\nWe: Hi' }, ['messages', 'body'])
    await tryton.updateMessageLog!(ann.ctx, ref, { ...log, subject: 'A quote', body: undefined }, ['subject'])
    expect(await tryton.getMessageLog!(ann.ctx, ref)).toMatchObject({ subject: 'A quote', body: 'Emma: Hello\nWe: Hi' })
    expect(await tryton.findMessageLog!(ann.ctx, log.externalId)).toEqual(ref)
  })

  it('of callbacks say who, when and what for, and how it ended', async () => {
    const callback: Callback = {
      number: '+31413741741', name: 'Jan', contactId: contactIdOf(party), dueAt: '2026-11-26T10:00:00+01:00', subject: 'Roof', note: 'Ask for Jan.', status: 'open', externalId: nextId(),
    }
    const ref = await tryton.createTask!(ann.ctx, callback)
    expect(await probe.notesOn(party)).toMatchObject([{ message: `Call back Jan (+31413741741), due 2026-11-26 10:00 (UTC+01:00)\n\nRoof\nAsk for Jan.\n\n[${callback.externalId}]` }])
    const [{ unread }] = await probe.call<[{ unread: number | boolean }]>('ir.note.read', [Number(ref.id)], ['unread'])
    expect(Boolean(unread)).toBe(true)
    await tryton.updateTask!(ann.ctx, ref, { ...callback, status: 'done' }, ['status'])
    expect((await probe.notesOn(party))[0]!.message).toMatch(/^Called back Jan \(\+31413741741\), due /)
    expect(await tryton.findTask!(ann.ctx, callback.externalId)).toEqual(ref)
  })
})

import assert from 'node:assert/strict'
import { messageKind } from '@linefinder/core'
import { about } from '../check.js'
import { failsWith, failureOf } from '../failure-of.js'
import { newExternalId, newWord, sampleMessage, sampleMessages } from '../samples.js'
import { seenActivity, shown } from '../seen.js'

export const messageChecks = about('messages', {
  async 'makes one activity of a day, with every message and the note in its text'(bench) {
    bench.needs('createMessageLog')
    const { id } = await bench.seed()
    const messages = [sampleMessage(), sampleMessage({ direction: 'outbound', sentAt: '2026-03-02T10:05:00+01:00' })]
    const ref = await bench.as().createMessageLog(sampleMessages(bench.adapter, messages, { contactId: id, note: `Note ${newWord()}` }))
    const seen = await seenActivity(bench, ref)
    assert.equal(shown(seen, 'contactId'), id)
    for (const { text = '' } of messages) assert.ok(shown(seen, 'note')?.includes(text), 'a message is missing')
  },

  async 'takes every kind of message, with what hangs on it'(bench) {
    bench.needs('createMessageLog')
    const { id } = await bench.seed()
    for (const kind of messageKind.options) {
      const message = sampleMessage({ kind, durationSeconds: 12, pageCount: 2, attachments: [{ url: 'https://phone.example.test/file/1', name: 'scan.pdf', sizeBytes: 10 }] })
      const seen = await seenActivity(bench, await bench.as().createMessageLog(sampleMessages(bench.adapter, [message], { contactId: id })))
      assert.doesNotMatch(`${seen.subject ?? ''} ${seen.note ?? ''}`, /undefined|\[object|NaN/)
    }
  },

  async 'adds later messages to the same activity'(bench) {
    bench.needs('createMessageLog', 'updateMessageLog')
    const { id } = await bench.seed()
    const first = sampleMessage()
    const log = sampleMessages(bench.adapter, [first], { contactId: id, subject: `Talk ${newWord()}` })
    const ref = await bench.as().createMessageLog(log)
    const before = await seenActivity(bench, ref)
    const second = sampleMessage({ sentAt: '2026-03-02T11:00:00+01:00', text: `مرحبا 🎈 ${newWord()}` })
    const { body: _body, messages: _messages, ...kept } = log
    await bench.as().updateMessageLog(ref, sampleMessages(bench.adapter, [first, second], kept), ['messages'])
    const after = await seenActivity(bench, ref)
    for (const { text = '' } of [first, second]) assert.ok(shown(after, 'note')?.includes(text), 'a message is missing')
    assert.deepEqual([after.subject, after.contactId], [before.subject, before.contactId])
    if (bench.hasProbe('listActivities')) assert.equal((await bench.probe('listActivities')(id)).length, 1)
  },

  async 'leaves a subject that people edited when messages are added'(bench) {
    bench.needs('createMessageLog', 'updateMessageLog')
    bench.unlessLimited('sendsEverything')
    const edit = bench.probe('editActivity')
    const { id } = await bench.seed()
    const first = sampleMessage()
    const { body: _body, messages: _messages, ...log } = sampleMessages(bench.adapter, [first], { contactId: id })
    const ref = await bench.as().createMessageLog(sampleMessages(bench.adapter, [first], log))
    const subject = `By hand ${newWord()}`
    await edit(ref.id, { subject })
    await bench.as().updateMessageLog(ref, sampleMessages(bench.adapter, [first, sampleMessage()], log), ['messages'])
    assert.equal(shown(await seenActivity(bench, ref), 'subject'), subject)
  },

  async 'finds the activity by our id'(bench) {
    bench.needs('createMessageLog', 'findMessageLog')
    const { id } = await bench.seed()
    const log = sampleMessages(bench.adapter, [sampleMessage()], { contactId: id })
    const ref = await bench.as().createMessageLog(log)
    await bench.untilCommitted()
    assert.equal((await bench.as().findMessageLog(log.externalId))?.id, ref.id)
    assert.equal(await bench.as().findMessageLog(newExternalId()), null)
  },

  async 'reads a message log back, and one that was deleted as null'(bench) {
    bench.needs('createMessageLog', 'getMessageLog')
    const { id } = await bench.seed()
    const ref = await bench.as().createMessageLog(sampleMessages(bench.adapter, [sampleMessage()], { contactId: id }))
    assert.equal((await bench.as().getMessageLog(ref))?.ref.id, ref.id)
    const remove = bench.probe('deleteActivity')
    await remove(ref.id)
    assert.equal(await bench.as().getMessageLog(ref), null)
    await failsWith('not_found', bench.as().updateMessageLog(ref, sampleMessages(bench.adapter, [sampleMessage()]), ['messages']))
  },

  async 'is found although the answer was lost'(bench) {
    bench.needs('createMessageLog', 'findMessageLog')
    const { id } = await bench.seed()
    const log = sampleMessages(bench.adapter, [sampleMessage()], { contactId: id })
    const failure = await bench.inFault({ kind: 'resetAfterCommit' }, () => failureOf(bench.as().createMessageLog(log)), { method: 'POST' })
    assert.ok(failure.maybeCommitted)
    await bench.untilCommitted()
    assert.notEqual(await bench.as().findMessageLog(log.externalId), null)
  },
})

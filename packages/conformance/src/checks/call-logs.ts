import assert from 'node:assert/strict'
import { callDirection, callResult, CrmError, type CallLogInput } from '@linefinder/core'
import type { Bench } from '../bench.js'
import { Absent, about } from '../check.js'
import { newWord, sampleCall } from '../samples.js'
import { someFields } from '../some-fields.js'
import { assertInstant, assertNote, seenActivity, shown } from '../seen.js'

/** Creates a call log on a contact of its own, and shows what the CRM then holds. */
async function logged(bench: Bench, changes: Partial<CallLogInput> = {}) {
  const { id } = await bench.seed()
  const log = sampleCall(bench.adapter, { contactId: id, ...changes })
  const ref = await bench.as().createCallLog(log)
  return { log, ref, contact: id, seen: await seenActivity(bench, ref) }
}

/** Around the changes of summer time in Europe and America, at midnights, and in zones of odd offsets. */
const moments = [
  '2026-03-02T09:15:00+01:00', '2026-03-29T01:59:59+01:00', '2026-03-29T03:00:01+02:00', '2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00',
  '2026-03-08T02:30:00-05:00', '2026-07-01T23:45:00-07:00', '2026-01-01T00:05:00+14:00', '2026-06-15T12:00:00+05:45', '2026-12-31T23:59:00Z',
]

/** The second of the two, by the clocks of Central Europe. */
const repeated = '2026-10-25T02:30:00+01:00'

export const callLogChecks = about('call logs', {
  async 'makes an activity on the contact, under the id that it gives back'(bench) {
    const { contact, seen } = await logged(bench)
    assert.equal(shown(seen, 'contactId'), contact)
  },

  async 'puts the note and the subject into the CRM'(bench) {
    const { log, seen } = await logged(bench)
    assertNote(bench, seen, log)
    if (bench.adapter.bodyFormat === undefined || seen.subject !== undefined) assert.equal(shown(seen, 'subject'), log.subject)
  },

  async 'tells inbound and outbound apart, and who called whom'(bench) {
    for (const direction of callDirection.options) {
      const { log, seen } = await logged(bench, { direction, from: { number: bench.numbers.next() }, to: { number: bench.numbers.next() } })
      assert.equal(shown(seen, 'direction'), direction)
      if (seen.from !== undefined) assert.equal(seen.from, log.from.number)
      if (seen.to !== undefined) assert.equal(seen.to, log.to.number)
    }
  },

  async 'puts every start time at the same instant, whatever its offset and the season'(bench) {
    const { seen } = await logged(bench, { startedAt: moments[0] ?? '' })
    shown(seen, 'startedAt')
    for (const startedAt of moments.filter(moment => !bench.hasLimit('repeatedHour') || moment !== repeated)) {
      const call = await logged(bench, { startedAt, answeredAt: undefined, endedAt: undefined })
      assertInstant(shown(call.seen, 'startedAt'), startedAt, bench.hasLimit('coarseTimes'))
    }
  },

  async 'keeps the talking time in seconds'(bench) {
    for (const durationSeconds of [1, 59, 187, 7265]) {
      const { seen } = await logged(bench, { durationSeconds })
      const kept = shown(seen, 'durationSeconds')
      if (bench.hasLimit('coarseTimes')) assert.ok(Math.abs((kept ?? 0) - durationSeconds) < 60)
      else assert.equal(kept, durationSeconds)
    }
  },

  async 'knows every result of a call'(bench) {
    const kept = []
    for (const result of callResult.options) {
      const isAnswered = result === 'answered'
      const { seen } = await logged(bench, { result, durationSeconds: isAnswered ? 60 : 0, answeredAt: undefined })
      kept.push(shown(seen, 'result'))
    }
    bench.unlessLimited('fewerResults')
    assert.deepEqual(kept, callResult.options)
  },

  async 'keeps the outcome'(bench) {
    const disposition = bench.adapter.listDispositions ? (await bench.as().listDispositions())[0]?.value ?? 'Lead' : 'Lead'
    const { ref, log } = await logged(bench, { disposition })
    if (bench.adapter.setDisposition) await bench.as().setDisposition(ref, disposition)
    assert.equal(shown(await seenActivity(bench, ref), 'disposition'), log.disposition)
  },

  async 'logs under the CRM’s user that the log names'(bench) {
    bench.unlessLimited('sharedByEveryone')
    const { id: userId } = await bench.as({ user: 'second' }).getUserInfo()
    const { seen } = await logged(bench, { agent: { userId } })
    if (seen.userId === undefined) throw new Absent('no owner of an activity')
    assert.equal(seen.userId, userId)
  },

  async 'keeps the link to the recording'(bench) {
    const recordingUrl = `https://phone.example.test/recordings/${newWord()}?a=1&b=2`
    const { seen } = await logged(bench, { recordingUrl })
    assert.equal(shown(seen, 'recordingUrl'), recordingUrl)
  },

  async 'keeps the values of its own fields'(bench) {
    bench.needs('fields')
    const { log, seen } = await logged(bench, { fields: await someFields(bench) })
    assert.deepEqual(shown(seen, 'fields'), log.fields)
  },

  async 'keeps our id'(bench) {
    bench.unlessLimited('noExternalId')
    const { log, seen } = await logged(bench)
    assert.equal(shown(seen, 'externalId'), log.externalId)
  },

  async 'keeps a note of 10,000 characters to its end'(bench) {
    bench.unlessLimited('shortNotes')
    const note = `Begins ${newWord()} ${'all of this matters. '.repeat(474)} ends ${newWord()}`
    const { seen, log } = await logged(bench, { note })
    assertNote(bench, seen, log)
  },

  async 'keeps a text that is as long as it may be'(bench) {
    const { bodyMaxLength, bodyFormat } = bench.adapter
    if (bodyFormat === undefined || bodyMaxLength === undefined) throw new Absent('no bodyMaxLength')
    const { id } = await bench.seed()
    const log = sampleCall(bench.adapter, { contactId: id })
    const body = `${`${log.body ?? ''} `.padEnd(bodyMaxLength, 'all of this matters. ').slice(0, bodyMaxLength - 1)}.`
    const ref = await bench.as().createCallLog({ ...log, body })
    assertNote(bench, await seenActivity(bench, ref), { ...log, body })
  },

  async 'keeps every character and every blank of a note'(bench) {
    bench.unlessLimited('noUnicode')
    for (const note of [`Wants a 🎈 for مريم, 株式会社 ${newWord()}`, `one\ntwo\n\n\tthree ${newWord()}`, `  indented, and blanks at the end ${newWord()}  \n`, `it's "50%" off\\n _really_ #1 ${newWord()}`]) {
      const { seen, log } = await logged(bench, { note })
      assertNote(bench, seen, log)
    }
  },

  async 'keeps what looks like markup as text'(bench) {
    const note = `<script>alert(1)</script> & <b>${newWord()}</b>`
    const { seen, log } = await logged(bench, { note })
    assertNote(bench, seen, log)
    if (bench.adapter.bodyFormat === 'html') assert.ok(!shown(seen, 'note')?.includes('<script>'), 'what was text has become markup')
  },

  async 'gives a subject that says something when the log has none'(bench) {
    const { seen } = await logged(bench, { subject: undefined })
    const subject = shown(seen, 'subject') ?? ''
    assert.ok(subject.trim().length > 2 && !/undefined|null|\[object/.test(subject), `it is "${subject}"`)
  },

  async 'logs a call of which hardly anything is known'(bench) {
    const { id } = await bench.seed()
    const { note: _note, subject: _subject, ...bare } = sampleCall(bench.adapter, {
      contactId: id, from: { number: 'anonymous' }, answeredAt: undefined, endedAt: undefined, durationSeconds: undefined, result: undefined,
    })
    const seen = await seenActivity(bench, await bench.as().createCallLog(bare))
    assert.doesNotMatch(`${seen.subject ?? ''} ${seen.note ?? ''}`, /undefined|\[object|NaN/)
  },

  async 'logs a call with everything that can be known of one'(bench) {
    const { seen, log } = await logged(bench, {
      agent: { name: 'Ann', extension: '201', number: '+31205550199' }, queue: { name: 'Sales', number: '+31205550190' }, transcript: 'Hello. '.repeat(500),
      summary: 'They said hello.', fields: await someFields(bench),
      legs: [
        { kind: 'queue', name: 'Sales', startedAt: '2026-03-02T09:15:00+01:00', durationSeconds: 8 },
        { kind: 'agent', extension: '201', startedAt: '2026-03-02T09:15:08+01:00', endedAt: '2026-03-02T09:18:08+01:00', result: 'answered' },
      ],
    })
    assert.doesNotMatch(`${seen.subject ?? ''} ${seen.note ?? ''}`, /undefined|\[object|NaN/)
    assertNote(bench, seen, log)
  },

  async 'logs a call of nobody in the CRM, or says that it needs a contact'(bench) {
    const log = sampleCall(bench.adapter)
    try {
      const ref = await bench.as().createCallLog(log)
      bench.unlessLimited('needsContact')
      const { contactId = null } = await seenActivity(bench, ref)
      assert.equal(contactId, null)
    } catch (error) {
      if (!(error instanceof CrmError) || error.code !== 'rejected') throw error
      bench.unlessLimited('needsContact')
      throw new Error('a call without a contact is refused: declare needsContact', { cause: error })
    }
  },

  async 'makes one activity for one call, and another for another'(bench) {
    const { id } = await bench.seed()
    const list = bench.probe('listActivities')
    const subject = `Same ${newWord()}`
    for (let count = 1; count <= 3; count += 1) {
      await bench.as().createCallLog(sampleCall(bench.adapter, { contactId: id, subject }))
      assert.equal((await list(id)).length, count)
    }
  },
})

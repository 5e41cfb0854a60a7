import assert from 'node:assert/strict'
import { activityId, type ActivityRef, type CallLog, type CallLogInput } from '@linefinder/core'
import type { Bench } from '../bench.js'
import { Absent, about } from '../check.js'
import type { SeenActivity } from '../crm-under-test.js'
import { failsWith, failureOf } from '../failure-of.js'
import { changesBody } from '../sample-body.js'
import { idOf, later, newWord, sampleCall } from '../samples.js'
import { someFields } from '../some-fields.js'
import { assertInstant, assertNote, seenActivity, shown, without } from '../seen.js'

interface Logged {
  readonly log: CallLog
  readonly ref: ActivityRef
  readonly seen: SeenActivity
}

async function logged(bench: Bench, changes: Partial<CallLogInput> = {}): Promise<Logged> {
  bench.unlessLimited('createOnlyActivities')
  const { id } = await bench.seed()
  const log = sampleCall(bench.adapter, { contactId: id, disposition: await anyOutcome(bench), recordingUrl: 'https://phone.example.test/r/1', fields: await someFields(bench), ...changes })
  const ref = await bench.as().createCallLog(log)
  return { log, ref, seen: await seenActivity(bench, ref) }
}

async function anyOutcome(bench: Bench, index = 0): Promise<string> {
  return (bench.adapter.listDispositions ? (await bench.as().listDispositions())[index]?.value : undefined) ?? ['Lead', 'Sold'][index] ?? 'Lead'
}

/** Members that an adapter may rightly derive from another one. */
const derived: { readonly [Name in keyof CallLog]?: readonly (keyof SeenActivity)[] } = {
  from: ['subject'], to: ['subject'], result: ['subject'], direction: ['subject'],
}

/** The CRM has no field for it, so the adapter may tell it in the text. */
const isInTextOnly = ({ adapter }: Bench, seen: SeenActivity, name: keyof SeenActivity): boolean => adapter.bodyFormat !== undefined && seen[name] === undefined

export const callLogUpdateChecks = about('call logs', {
  async 'changes what is named as changed, and nothing else'(bench) {
    const changes: readonly Partial<CallLogInput>[] = [
      { note: `Changed ${newWord()}` }, { subject: `Changed ${newWord()}` }, { result: 'voicemail' }, { durationSeconds: 61 },
      { startedAt: '2026-03-03T11:00:00+01:00' }, { recordingUrl: 'https://phone.example.test/r/2' }, { disposition: await anyOutcome(bench, 1) },
    ]
    for (const change of changes) {
      const { log, ref, seen } = await logged(bench)
      const [name = 'note'] = Object.keys(change) as (keyof CallLogInput & keyof SeenActivity)[]
      const changed = later(bench.adapter, log, change)
      await bench.as().updateCallLog(ref, changed, [name])
      const after = await seenActivity(bench, ref)
      const touched = [name, ...(derived[name] ?? []), ...(changesBody(bench.adapter, [name]) || isInTextOnly(bench, seen, name) ? ['note' as const] : [])]
      assert.deepEqual(without(after, ...touched), without(seen, ...touched), `after a change of ${name}`)
      if (seen[name] === undefined) continue
      if (name === 'startedAt') assertInstant(shown(after, name), log.startedAt.replace('02T09:15', '03T11:00'), bench.hasLimit('coarseTimes'))
      else if (name === 'note') assertNote(bench, after, changed)
      else if (name !== 'result' || !bench.hasLimit('fewerResults')) assert.equal(after[name], change[name as keyof typeof change], name)
    }
  },

  async 'writes nothing of a log but what is named as changed'(bench) {
    bench.unlessLimited('sendsEverything')
    const { log, ref, seen } = await logged(bench)
    const everythingElse = { subject: 'Not to be written', disposition: await anyOutcome(bench, 1), result: 'failed', durationSeconds: 9, recordingUrl: 'https://phone.example.test/no' } as const
    const changed = later(bench.adapter, log, { ...everythingElse, note: `Changed ${newWord()}` })
    await bench.as().updateCallLog(ref, changed, ['note'])
    const after = await seenActivity(bench, ref)
    assert.deepEqual(without(after, 'note'), without(seen, 'note'))
    assertNote(bench, after, changed)
  },

  async 'leaves what people edited in the CRM by hand'(bench) {
    bench.unlessLimited('sendsEverything')
    const edit = bench.probe('editActivity')
    for (const change of [{ note: `Changed ${newWord()}` }, { result: 'voicemail' }, { durationSeconds: 61 }] as const) {
      const { log, ref } = await logged(bench)
      const subject = `By hand ${newWord()}`
      await edit(ref.id, { subject })
      const [name = 'note'] = Object.keys(change) as (keyof CallLog)[]
      await bench.as().updateCallLog(ref, later(bench.adapter, log, change), [name])
      assert.equal(shown(await seenActivity(bench, ref), 'subject'), subject, `after a change of ${name}`)
    }
  },

  async 'leaves a note that people edited when something else changes'(bench) {
    if (bench.adapter.bodyFormat !== undefined) bench.needs('getCallLog')
    const edit = bench.probe('editActivity')
    const { log, ref, seen } = await logged(bench)
    const note = `${seen.note ?? ''}\nBy hand ${newWord()}`
    await edit(ref.id, { note })
    const changed = later(bench.adapter, log, { durationSeconds: 61 })
    // As a server does it: what is in the CRM now is read, and written with the rest.
    const body = bench.adapter.bodyFormat === undefined ? undefined : (await bench.as().getCallLog(ref))?.body
    await bench.as().updateCallLog(ref, body === undefined ? changed : { ...changed, body }, ['durationSeconds'])
    assert.ok((await seenActivity(bench, ref)).note?.includes(note.slice(-14)), 'what people wrote is gone')
  },

  async 'clears what is no longer in the log'(bench) {
    for (const name of ['note', 'disposition', 'recordingUrl'] as const) {
      const { log, ref, seen } = await logged(bench)
      if (seen[name] === undefined) continue
      await bench.as().updateCallLog(ref, later(bench.adapter, log, { [name]: undefined }), [name])
      const after = await seenActivity(bench, ref)
      if (name === 'note' && bench.adapter.bodyFormat !== undefined) assert.ok(!after.note?.includes(log.note ?? ''), 'the note is there still')
      else assert.ok(after[name] === null || after[name] === '', `${name} is there still`)
    }
  },

  async 'takes a change of what it does not keep calmly'(bench) {
    const { log, ref, seen } = await logged(bench)
    await bench.as().updateCallLog(ref, later(bench.adapter, log, { transcript: 'Hello.', summary: 'A greeting.', queue: { name: 'Sales' } }), ['transcript', 'summary', 'queue'])
    const after = await seenActivity(bench, ref)
    assert.deepEqual(without(after, 'note'), without(seen, 'note'))
  },

  async 'tells what changed by a further activity, once, where none can be changed'(bench) {
    if (!bench.hasLimit('createOnlyActivities')) throw new Absent('activities can be changed')
    const list = bench.probe('listActivities')
    const { id } = await bench.seed()
    const log = sampleCall(bench.adapter, { contactId: id })
    const ref = await bench.as().createCallLog(log)
    const word = newWord()
    const changed = later(bench.adapter, log, { note: `Changed ${word}` })
    for (let times = 0; times < 2; times += 1) await bench.as().updateCallLog(ref, changed, ['note'])
    const telling = (await list(id)).filter(({ note }) => note?.includes(word) === true)
    assert.equal(telling.length, 1, 'activities that tell it')
  },

  async 'moves the activity when it belongs on another contact'(bench) {
    const { log, ref } = await logged(bench)
    const { id } = await bench.seed()
    await bench.as().updateCallLog(ref, later(bench.adapter, log, { contactId: idOf(id) }), ['contactId'])
    assert.equal(shown(await seenActivity(bench, ref), 'contactId'), id)
  },

  async 'changes that activity and no other'(bench) {
    const subject = `Same ${newWord()}`
    const one = await logged(bench, { subject })
    const other = await logged(bench, { subject, contactId: one.log.contactId })
    await bench.as().updateCallLog(one.ref, later(bench.adapter, one.log, { note: `Changed ${newWord()}` }), ['note'])
    assert.deepEqual(await seenActivity(bench, other.ref), other.seen)
  },

  async 'makes the same change twice as it makes it once'(bench) {
    const { log, ref } = await logged(bench)
    const changed = later(bench.adapter, log, { note: `Changed ${newWord()}`, subject: `Changed ${newWord()}` })
    await bench.as().updateCallLog(ref, changed, ['note', 'subject'])
    const once = await seenActivity(bench, ref)
    await bench.as().updateCallLog(ref, changed, ['note', 'subject'])
    assert.deepEqual(await seenActivity(bench, ref), once)
  },

  async 'names what it has made when a later request of a log fails, and completes it by an update'(bench) {
    if (bench.adapter.createsInSteps !== true) throw new Absent('a log is made at once')
    bench.unlessLimited('createOnlyActivities')
    const { id } = await bench.seed()
    const [whole, torn] = [sampleCall(bench.adapter, { contactId: id }), sampleCall(bench.adapter, { contactId: id })]
    const asked = await bench.inFault({ kind: 'slow', ms: 0 }, async () => {
      await bench.as().createCallLog(whole)
      return bench.proxy.requests.length
    })
    if (asked < 2) throw new Absent('such a log takes one request')
    const { created } = await bench.inFault({ kind: 'status', status: 503 }, () => failureOf(bench.as().createCallLog(torn), 'the last request'), { after: asked - 1 })
    assert.ok(created, 'the failure does not say which activity there is')
    // True because these are the members of a log.
    await bench.as().updateCallLog(created, torn, Object.keys(torn).filter(name => name !== 'externalId') as (keyof CallLog)[])
    const seen = await seenActivity(bench, created)
    assertNote(bench, seen, torn)
    if (seen.contactId !== undefined) assert.equal(seen.contactId, id)
  },

  async 'says `not_found` when the activity is not there any more'(bench) {
    const remove = bench.probe('deleteActivity')
    const { log, ref } = await logged(bench)
    await remove(ref.id)
    await failsWith('not_found', bench.as().updateCallLog(ref, later(bench.adapter, log, { note: 'Too late' }), ['note']))
  },

  async 'reads an activity back, with what people edited'(bench) {
    bench.needs('getCallLog')
    const { id } = await bench.seed()
    const log = sampleCall(bench.adapter, { contactId: id })
    const ref = await bench.as().createCallLog(log)
    const read = await bench.as().getCallLog(ref)
    assert.ok(read, 'it is not found')
    assert.equal(read.ref.id, ref.id)
    if (bench.adapter.bodyFormat === undefined) assert.deepEqual([read.subject, read.note], [log.subject, log.note])
    else assert.equal(read.body?.trim(), log.body?.trim())
    if (read.contactId !== undefined) assert.equal(read.contactId, id)
    const edit = bench.probe('editActivity')
    const note = `${read.note ?? read.body ?? ''} By hand ${newWord()}`
    await edit(ref.id, { note })
    const again = await bench.as().getCallLog(ref)
    assert.ok((again?.body ?? again?.note ?? '').includes(note.slice(-12)), 'it does not give what people wrote')
  },

  async 'reads an activity that was deleted as null'(bench) {
    bench.needs('getCallLog')
    const remove = bench.probe('deleteActivity')
    const { id } = await bench.seed()
    const ref = await bench.as().createCallLog(sampleCall(bench.adapter, { contactId: id }))
    await remove(ref.id)
    assert.equal(await bench.as().getCallLog(ref), null)
    const strange = { ...ref, id: activityId.parse(`${ref.id.slice(0, -1)}?x=/..`) }
    assert.equal(await bench.as().getCallLog(strange).catch((error: { code?: string }) => ['rejected', 'not_found'].includes(error.code ?? '') ? null : error.code), null)
  },
})

import assert from 'node:assert/strict'
import { about } from '../check.js'
import { failureOf } from '../failure-of.js'
import { newExternalId, newWord, sampleCallback } from '../samples.js'
import { assertInstant, seenActivity, shown, without } from '../seen.js'

export const taskChecks = about('tasks', {
  async 'makes a task on the contact, due at the same instant whatever its offset'(bench) {
    bench.needs('createTask')
    const { id } = await bench.seed()
    for (const dueAt of ['2026-03-09T14:30:00+01:00', '2026-10-25T02:30:00+01:00', '2026-07-01T23:45:00-07:00']) {
      const callback = sampleCallback({ contactId: id, dueAt })
      const seen = await seenActivity(bench, await bench.as().createTask(callback))
      assert.equal(shown(seen, 'contactId'), id)
      assertInstant(shown(seen, 'dueAt'), dueAt, bench.hasLimit('coarseTimes'))
    }
  },

  async 'puts subject and note into it'(bench) {
    bench.needs('createTask')
    const { id } = await bench.seed()
    const callback = sampleCallback({ contactId: id })
    const seen = await seenActivity(bench, await bench.as().createTask(callback))
    assert.ok(`${seen.subject ?? ''} ${seen.note ?? ''}`.includes(callback.subject ?? ''), 'the subject is missing')
    assert.ok(shown(seen, 'note')?.includes(callback.note ?? ''), 'the note is missing')
  },

  async 'opens it, and closes it when it is done or given up'(bench) {
    bench.needs('createTask', 'updateTask')
    const { id } = await bench.seed()
    for (const status of ['done', 'cancelled'] as const) {
      const callback = sampleCallback({ contactId: id })
      const ref = await bench.as().createTask(callback)
      const before = await seenActivity(bench, ref)
      assert.equal(shown(before, 'status'), 'open')
      await bench.as().updateTask(ref, { ...callback, status }, ['status'])
      const after = await seenActivity(bench, ref)
      assert.equal(after.status, status)
      assert.deepEqual(without(after, 'status'), without(before, 'status'))
    }
  },

  async 'changes what is named as changed, and nothing else'(bench) {
    bench.needs('createTask', 'updateTask')
    const { id } = await bench.seed()
    const callback = sampleCallback({ contactId: id })
    const ref = await bench.as().createTask(callback)
    const before = await seenActivity(bench, ref)
    await bench.as().updateTask(ref, { ...callback, dueAt: '2026-04-01T10:00:00+02:00', subject: `No ${newWord()}`, note: `No ${newWord()}` }, ['dueAt'])
    const after = await seenActivity(bench, ref)
    assertInstant(shown(after, 'dueAt'), '2026-04-01T10:00:00+02:00', bench.hasLimit('coarseTimes'))
    if (!bench.hasLimit('sendsEverything')) assert.deepEqual(without(after, 'dueAt'), without(before, 'dueAt'))
  },

  async 'is found by our id, although the answer was lost'(bench) {
    bench.needs('createTask', 'findTask')
    const { id } = await bench.seed()
    const callback = sampleCallback({ contactId: id })
    const ref = await bench.as().createTask(callback)
    await bench.untilCommitted()
    assert.equal((await bench.as().findTask(callback.externalId))?.id, ref.id)
    assert.equal(await bench.as().findTask(newExternalId()), null)
    const lost = sampleCallback({ contactId: id })
    const failure = await bench.inFault({ kind: 'resetAfterCommit' }, () => failureOf(bench.as().createTask(lost)), { method: 'POST' })
    assert.ok(failure.maybeCommitted)
    await bench.untilCommitted()
    assert.notEqual(await bench.as().findTask(lost.externalId), null)
  },
})

import assert from 'node:assert/strict'
import { externalId } from '@linefinder/core'
import { about } from '../check.js'
import { failureOf } from '../failure-of.js'
import { newExternalId, newWord, sampleCall } from '../samples.js'

export const callLogSearchChecks = about('call logs', {
  async 'finds the activity that was made with an id of ours, and no other'(bench) {
    bench.needs('findCallLog')
    const { id } = await bench.seed()
    const subject = `Same ${newWord()}`
    const number = bench.numbers.next()
    const logs = Array.from({ length: 3 }, () => sampleCall(bench.adapter, { contactId: id, subject, from: { number } }))
    const refs = []
    for (const log of logs) refs.push(await bench.as().createCallLog(log))
    assert.equal(new Set(refs.map(ref => ref.id)).size, logs.length, 'two calls have one activity')
    await bench.untilCommitted()
    for (const [index, log] of logs.entries()) {
      assert.equal((await bench.as().findCallLog(log.externalId))?.id, refs[index]?.id)
    }
  },

  async 'gives null for an id that is on no activity'(bench) {
    bench.needs('findCallLog')
    assert.equal(await bench.as().findCallLog(newExternalId()), null)
  },

  async 'compares our id as a whole'(bench) {
    bench.needs('findCallLog')
    const { id } = await bench.seed()
    const log = sampleCall(bench.adapter, { contactId: id })
    await bench.as().createCallLog(log)
    await bench.untilCommitted()
    for (const other of [`${log.externalId}0`, log.externalId.slice(0, -1), log.externalId.slice(3)]) {
      assert.equal(await bench.as().findCallLog(externalId.parse(other)), null)
    }
  },

  async 'finds what was made although the answer was lost, so that one call stays one activity'(bench) {
    bench.needs('findCallLog')
    const { id } = await bench.seed()
    const log = sampleCall(bench.adapter, { contactId: id })
    const failure = await bench.inFault({ kind: 'resetAfterCommit' }, () => failureOf(bench.as().createCallLog(log)), { method: 'POST' })
    assert.ok(failure.maybeCommitted, `it says ${failure.code}, as if nothing had been done`)
    await bench.untilCommitted()
    const found = await bench.as().findCallLog(log.externalId)
    if (found === null) await bench.as().createCallLog(log)
    assert.equal((await bench.probe('listActivities')(id)).length, 1)
  },
})

import assert from 'node:assert/strict'
import { about } from '../check.js'
import { idOf, sampleCall } from '../samples.js'
import { seenActivity, shown, without } from '../seen.js'

export const outcomeChecks = about('outcomes and fields', {
  async 'lists outcomes, each once'(bench) {
    const outcomes = await bench.as().listDispositions()
    assert.equal(new Set(outcomes.map(({ value }) => value)).size, outcomes.length)
    assert.deepEqual(await bench.as().listDispositions(), outcomes)
  },

  async 'sets each of its outcomes, changes it and takes it away, and touches nothing else'(bench) {
    bench.needs('setDisposition', 'listDispositions')
    const { id } = await bench.seed()
    const ref = await bench.as().createCallLog(sampleCall(bench.adapter, { contactId: id }))
    const before = await seenActivity(bench, ref)
    for (const { value } of await bench.as().listDispositions()) {
      await bench.as().setDisposition(ref, value)
      assert.equal(shown(await seenActivity(bench, ref), 'disposition'), value)
    }
    await bench.as().setDisposition(ref, null)
    const after = await seenActivity(bench, ref)
    assert.ok(after.disposition === null || after.disposition === '')
    assert.deepEqual(without(after, 'disposition'), without(before, 'disposition'))
  },

  async 'describes its own fields for calls and messages, with a contact and without'(bench) {
    bench.needs('fields')
    const { id } = await bench.seed()
    for (const kind of ['call', 'message'] as const) {
      for (const contactId of [null, idOf(id)]) {
        const fields = await bench.as().fields({ kind, contactId })
        assert.equal(new Set(fields.map(({ name }) => name)).size, fields.length, 'two fields have one name')
        for (const { name, type, options } of fields) if (type === 'select' || type === 'multiselect') assert.ok(options && options.length > 0, `${name} has no options`)
      }
    }
  },
})

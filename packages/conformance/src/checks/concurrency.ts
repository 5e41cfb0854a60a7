import assert from 'node:assert/strict'
import { samePhone } from '@linefinder/core/phone'
import type { Bench } from '../bench.js'
import { about } from '../check.js'
import { newWord, sampleCall } from '../samples.js'
import { assertNote, seenActivity } from '../seen.js'

/** All of them, or as few as the CRM lets through. */
async function atOnce<Item, Result>(bench: Bench, items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const width = bench.hasLimit('fewAtOnce') ? 4 : items.length
  const results: Result[] = []
  for (let start = 0; start < items.length; start += width) results.push(...await Promise.all(items.slice(start, start + width).map(work)))
  return results
}

export const concurrencyChecks = about('concurrency', {
  async 'makes 20 activities of 20 calls that come at once, each with its own note'(bench) {
    const { id } = await bench.seed()
    const logs = Array.from({ length: 20 }, () => sampleCall(bench.adapter, { contactId: id, note: `Note ${newWord()}` }))
    const refs = await atOnce(bench, logs, log => bench.as().createCallLog(log))
    assert.equal(new Set(refs.map(ref => ref.id)).size, 20)
    for (const [index, log] of logs.entries()) assertNote(bench, await seenActivity(bench, refs[index] ?? assert.fail()), log)
    if (bench.hasProbe('listActivities')) assert.equal((await bench.probe('listActivities')(id)).length, 20)
  },

  async 'keeps each of three numbers that are added to one contact at once'(bench) {
    bench.needs('addContactNumber')
    const { id } = await bench.seed()
    const added = Array.from({ length: 3 }, () => bench.numbers.next())
    const done = await Promise.allSettled(added.map(number => bench.as().addContactNumber(id, { number })))
    const kept = (await bench.probe('readContact')(id))?.phones ?? []
    // A conflict is said, and tried again by the server; a number that was taken must not be lost.
    const lost = added.filter((number, index) => done[index]?.status === 'fulfilled' && !kept.some(text => samePhone(text, number, bench.phoneOptions)))
    assert.equal(lost.length, 0, 'a number that was added is gone')
  },

  async 'answers 20 questions that come at once each with its own contact'(bench) {
    const asked = []
    for (let count = 0; count < 20; count += 1) {
      const number = bench.numbers.next()
      asked.push({ number, id: (await bench.seed({ phones: [number] })).id })
    }
    const last = asked.at(-1)
    if (last) await bench.untilFound(() => bench.as().findContact(last.number), contacts => contacts.length > 0)
    const answers = await atOnce(bench, asked, ({ number }) => bench.as().findContact(number))
    assert.deepEqual(answers.map(contacts => contacts.map(({ id }) => id)), asked.map(({ id }) => [id]))
  },
})

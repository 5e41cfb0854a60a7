import assert from 'node:assert/strict'
import { about, Limited } from '../check.js'
import { failsWith } from '../failure-of.js'
import { operationsOf, wrongIn } from '../operations.js'
import { later, newWord, sampleCall } from '../samples.js'
import type { Bench } from '../bench.js'

/** Asks for everything once more, so that there is something to look at when these checks run alone. */
async function tour(bench: Bench): Promise<void> {
  const number = bench.numbers.next()
  const created = await bench.as().createContact({ name: `Tour ${newWord()}`, phone: number })
  await bench.as().findContact(number)
  const log = sampleCall(bench.adapter, { contactId: created.id, from: { number } })
  const ref = await bench.as().createCallLog(log)
  await bench.as().updateCallLog(ref, later(bench.adapter, log, { note: `Tour ${newWord()}` }), ['note'])
  await bench.as().getUserInfo()
}

const sampleWord = /\bw[0-9a-f]{12}\b/

export const mannerChecks = about('manners', {
  async 'changes nothing of what it is given'(bench) {
    // Everything is frozen, so that a change fails.
    await tour(bench)
  },

  async 'asks its CRM through `ctx.http`, and nobody else in any way'(bench) {
    await tour(bench)
    bench.unlessLimited('noRequests')
    const strays = bench.scopes.flatMap(({ requests, allowedOrigins }) => requests
      .filter(({ origin, isOurs }) => !isOurs || !allowedOrigins.includes(origin))
      .map(({ origin, method, path }) => `${method} ${origin}${new URL(path, 'http://x').pathname}`))
    assert.deepEqual([...new Set(strays)], [])
  },

  async 'reads nothing from the environment'(bench) {
    await tour(bench)
    assert.deepEqual([...new Set(bench.scopes.flatMap(({ environment }) => environment))], [])
  },

  async 'says no credential, number, name or note in logs, prints and failures'(bench) {
    await tour(bench)
    const { secrets } = bench
    const numbers = bench.numbers.used.map(number => number.slice(3))
    const isTold = (text: string) => sampleWord.test(text) || secrets.some(secret => text.includes(secret)) || numbers.some(number => text.includes(number))
    assert.deepEqual(bench.scopes.flatMap(({ requestId, said }) => said.some(isTold) ? [requestId.split('-')[1]] : []), [])
  },

  async 'follows no redirect to another host'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
      bench.otherProxy.clear()
      await bench.inFault({ kind: 'redirect', to: bench.otherProxy.origin }, () => failsWith('address_refused', run(bench.as())))
      assert.equal(bench.otherProxy.requests.length, 0, 'it asked the other host')
    }), [])
  },

  async 'sends our key with each request that creates something'(bench) {
    const { id } = await bench.seed()
    const log = sampleCall(bench.adapter, { contactId: id })
    bench.unlessLimited('noRequests')
    bench.proxy.clear()
    await bench.as().createCallLog(log)
    const keys = bench.proxy.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key'])
    if (keys.length === 0) throw new Limited('nothing is created by POST')
    assert.deepEqual([...new Set(keys)], [log.externalId])
  },

  async 'keeps two connections apart that are used in turn and at once'(bench) {
    bench.unlessLimited('noRequests', 'sharedByEveryone', 'fixedHost')
    const first = await bench.connection('first')
    const second = await bench.connection('second')
    const here = bench.as({ user: 'first', connection: first })
    const there = bench.as({ user: 'second', connection: second, hostname: new URL(bench.otherProxy.origin).host })
    const expected = [(await here.getUserInfo()).id, (await there.getUserInfo()).id]
    // Who they are is asked once and then known, by the first address for both.
    await Promise.all([here, there].map(crm => crm.findContact(bench.numbers.next())))
    bench.proxy.clear()
    bench.otherProxy.clear()
    for (let round = 0; round < 5; round += 1) {
      const users = await Promise.all([here.getUserInfo(), there.getUserInfo()])
      assert.deepEqual(users.map(({ id }) => id), expected)
      const number = bench.numbers.next()
      const { id } = await bench.seed({ phones: [number] })
      await Promise.all([here, there].map(crm => crm.createCallLog(sampleCall(bench.adapter, { contactId: id }))))
      await Promise.all([here.findContact(number), there.findContact(number)])
    }
    const seenBy = (proxy: typeof bench.proxy) => JSON.stringify(proxy.requests.map(({ headers, url }) => [headers, url]))
    const isMixed = (text: string, secrets: readonly string[]) => secrets.some(secret => text.includes(secret))
    assert.ok(!isMixed(seenBy(bench.proxy), second.secrets) && !isMixed(seenBy(bench.otherProxy), first.secrets), 'one connection’s credentials were used for the other')
    assert.ok(bench.otherProxy.requests.length > 0, 'the second connection’s host was not asked')
  },
})

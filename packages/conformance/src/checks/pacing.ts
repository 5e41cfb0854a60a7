import assert from 'node:assert/strict'
import { about } from '../check.js'
import { failsWith } from '../failure-of.js'
import { operationsOf, wrongIn } from '../operations.js'
import { rateLimited } from '../proxy/faults.js'

export const pacingChecks = about('pacing', {
  async 'passes on how long the CRM asks to wait, in every member'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
      const { retryAfterMs } = await bench.inFault(rateLimited('7'), () => failsWith('rate_limited', run(bench.as())))
      assert.equal(retryAfterMs, 7000)
    }), [])
  },

  async 'passes on a date until which the CRM asks to wait'(bench) {
    const [operation] = await operationsOf(bench)
    if (!operation) return
    const until = new Date(Date.now() + 60_000).toUTCString()
    const { retryAfterMs = 0 } = await bench.inFault(rateLimited(until), () => failsWith('rate_limited', operation.run(bench.as())))
    assert.ok(retryAfterMs > 30_000 && retryAfterMs <= 60_000, String(retryAfterMs))
  },

  async 'makes up no time to wait when the CRM says none'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
      const { retryAfterMs } = await bench.inFault(rateLimited(), () => failsWith('rate_limited', run(bench.as())))
      assert.equal(retryAfterMs, undefined)
    }), [])
  },

  async 'leaves the waiting to the server: it is refused at once, and asks no more'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run, requests }) => {
      const asked = await bench.inFault(rateLimited('1'), async () => {
        await failsWith('rate_limited', run(bench.as()))
        return bench.proxy.requests.length
      })
      assert.ok(asked <= requests, `${String(asked)} requests instead of ${String(requests)}`)
    }), [])
  },

  async 'works again right after it was limited'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
      await bench.inFault(rateLimited('60'), () => failsWith('rate_limited', run(bench.as())))
      await run(bench.as())
    }), [])
  },
})

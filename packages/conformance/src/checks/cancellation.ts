import assert from 'node:assert/strict'
import { about } from '../check.js'
import { failsWith } from '../failure-of.js'
import { operationsOf, wrongIn } from '../operations.js'

const promptlyMs = 5000

/** Throws when `work` is not done by then. */
async function promptly<Result>(work: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error(what)) }, promptlyMs) })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const endsAt = Date.now() + promptlyMs
  while (!isSo() && Date.now() < endsAt) await new Promise(resolve => setTimeout(resolve, 5))
}

export const cancellationChecks = about('cancellation', {
  async 'stops asking when the caller has gone, in every member'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
      await bench.inFault({ kind: 'hang' }, async () => {
        const caller = new AbortController()
        const work = failsWith('timeout', run(bench.as({ signal: caller.signal, isPatient: true })))
        work.catch(() => undefined)
        await until(() => bench.proxy.requests.length > 0)
        caller.abort()
        await promptly(work, 'the adapter goes on')
        await until(() => bench.proxy.requests.every(({ isAborted }) => isAborted))
        assert.ok(bench.proxy.requests.every(({ isAborted }) => isAborted), 'a request goes on')
      })
    }), [])
  },

  async 'asks nothing when the caller has gone already'(bench) {
    assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
      bench.proxy.clear()
      await promptly(failsWith('timeout', run(bench.as({ signal: AbortSignal.abort(), isPatient: true }))), 'the adapter goes on')
      assert.equal(bench.proxy.requests.length, 0)
    }), [])
  },
})

import assert from 'node:assert/strict'
import type { CrmErrorCode } from '@linefinder/core'
import type { Bench } from '../bench.js'
import { about } from '../check.js'
import { failsWith, failureOf } from '../failure-of.js'
import { operationsOf, wrongIn, type Operation } from '../operations.js'
import type { Fault } from '../proxy/faults.js'

const statuses: readonly (readonly [number, CrmErrorCode])[] = [
  [400, 'rejected'], [403, 'forbidden'], [409, 'conflict'], [422, 'rejected'], [429, 'rate_limited'], [500, 'server_error'], [502, 'server_error'],
  [503, 'unavailable'], [504, 'timeout'],
]

/** Every operation meets the fault in all of its requests, and must fail with one of the codes. */
async function everythingFails(bench: Bench, fault: Fault, codes: CrmErrorCode | readonly CrmErrorCode[], isMeant: (operation: Operation) => boolean = () => true): Promise<void> {
  const operations = (await operationsOf(bench)).filter(isMeant)
  assert.deepEqual(await wrongIn(operations, async ({ run }) => {
    await bench.inFault(fault, () => failsWith(codes, run(bench.as())))
  }), [])
}

export const errorChecks = about('errors', {
  ...Object.fromEntries(statuses.map(([status, code]) => [
    `says \`${code}\` when the CRM answers ${String(status)}, in every member`,
    (bench: Bench) => everythingFails(bench, { kind: 'status', status }, code),
  ])),

  async 'says `not_found` when a record is not there, and null or [] only where something was looked for'(bench) {
    const isLook = ({ member }: Operation) => /^(find|get(CallLog|MessageLog)|search)/.test(member)
    await everythingFails(bench, { kind: 'status', status: 404 }, ['not_found', 'rejected', 'unsupported'], operation => !isLook(operation))
  },

  async 'says `bad_response` of JSON that is none'(bench) {
    await everythingFails(bench, { kind: 'malformed' }, 'bad_response')
  },

  async 'says `bad_response` of a web page'(bench) {
    await everythingFails(bench, { kind: 'html' }, 'bad_response')
  },

  async 'believes no answer that is not as it should be'(bench) {
    for (const body of [{ unexpected: true }, 'a text', 17]) {
      await everythingFails(bench, { kind: 'status', status: 200, body }, 'bad_response', ({ hasAnswer }) => hasAnswer)
    }
  },

  async 'fails when an answer breaks off'(bench) {
    await everythingFails(bench, { kind: 'truncated' }, ['bad_response', 'connection_lost', 'timeout'], ({ hasAnswer }) => hasAnswer)
  },

  async 'fails when the line is cut before the CRM has heard anything'(bench) {
    await everythingFails(bench, { kind: 'resetBeforeCommit' }, ['connection_lost', 'unreachable'])
  },

  async 'says that the CRM may have done it when the line is cut afterwards'(bench) {
    const operations = await operationsOf(bench)
    assert.deepEqual(await wrongIn(operations, async ({ run }) => {
      const failure = await bench.inFault({ kind: 'resetAfterCommit' }, () => failureOf(run(bench.as())))
      assert.ok(failure.maybeCommitted, `it says ${failure.code}`)
    }), [])
  },

  async 'fails as a whole when one of several requests fails'(bench) {
    const several = (await operationsOf(bench)).filter(({ requests }) => requests > 1)
    assert.deepEqual(await wrongIn(several, async ({ run }) => {
      await bench.inFault({ kind: 'status', status: 503 }, () => failsWith('unavailable', run(bench.as())), { after: 1 })
    }), [])
  },

  async 'tries nothing again by itself'(bench) {
    for (const fault of [{ kind: 'status', status: 503 }, { kind: 'resetBeforeCommit' }] as const) {
      assert.deepEqual(await wrongIn(await operationsOf(bench), async ({ run }) => {
        const asked = await bench.inFault(fault, async () => {
          await failureOf(run(bench.as()))
          return bench.proxy.requests.map(({ method, url }) => `${method} ${url}`)
        })
        assert.equal(new Set(asked).size, asked.length, 'a request was sent again')
      }), [])
    }
  },

  async 'gives up at its deadline when the CRM does not answer'(bench) {
    const operations = await operationsOf(bench)
    assert.deepEqual(await wrongIn(operations, async ({ run }) => {
      await bench.inFault({ kind: 'hang' }, () => failsWith('timeout', run(bench.as({ deadlineMs: 250 }))))
    }), [])
  },

  async 'waits for a CRM that is slow'(bench) {
    const crm = bench.as()
    await bench.inFault({ kind: 'slow', ms: 300 }, () => crm.getUserInfo())
  },
})

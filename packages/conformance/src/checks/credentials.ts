import assert from 'node:assert/strict'
import { z } from 'zod'
import type { AdapterContext, AdapterCredentials, ConnectionState } from '@linefinder/core'
import type { AskOptions, Bench } from '../bench.js'
import { Absent, about } from '../check.js'
import { operationsOf } from '../operations.js'

/** What the adapter is given for an operation of its own. */
async function given<Result>(bench: Bench, options: AskOptions, work: (ctx: AdapterContext, credentials: AdapterCredentials) => Promise<Result>): Promise<Result> {
  const done: { result: Result }[] = []
  await bench.ask(z.unknown(), 'credentials', async (_adapter, ctx) => {
    if (ctx.credentials) done.push({ result: await work(ctx, ctx.credentials) })
  }, options)
  return (done[0] ?? assert.fail('the context has no credentials')).result
}

const mark = (name: string): ConnectionState => ({ conformance: name })

/** For adapters that declare `needsCredentials`. */
export const credentialChecks = about('credentials', {
  async 'is given those of its own connection, and what it keeps reaches no other one'(bench) {
    bench.unlessLimited('sharedByEveryone')
    const one = await bench.connect('first')
    const other = await bench.connect('second')
    const before = await given(bench, { connection: other }, (_ctx, { read }) => read())
    const { mine, isKept } = await given(bench, { connection: one }, async (_ctx, { read, replace }) => {
      const held = await read()
      return { mine: held, isKept: await replace({ ...held, state: mark('one') }) }
    })
    assert.notDeepEqual(secretsOf(mine), secretsOf(before), 'two people have the same credentials')
    assert.ok(isKept)
    assert.deepEqual(await given(bench, { connection: other }, (_ctx, { read }) => read()), before)
    assert.deepEqual((await given(bench, { connection: one }, (_ctx, { read }) => read())).state, mark('one'))
  },

  async 'keeps nothing over what has changed since it was read'(bench) {
    const connection = await bench.connect()
    const outcome = await given(bench, { connection }, async (_ctx, late) => {
      const read = await late.read()
      const first = await given(bench, { connection }, async (_other, { read: readToo, replace }) => replace({ ...await readToo(), state: mark('first') }))
      return { first, late: await late.replace({ ...read, state: mark('late') }), state: (await late.read()).state }
    })
    assert.deepEqual(outcome, { first: true, late: false, state: mark('first') })
  },

  async 'keeps what it keeps beside them when they are renewed'(bench) {
    if (bench.scheme.type !== 'oauth2' && bench.scheme.type !== 'custom') throw new Absent('they are not renewed')
    const connection = await bench.connect()
    const { state } = await given(bench, { connection }, async (_ctx, { read, replace, renew }) => {
      const held = await read()
      await replace({ ...held, state: { ...held.state, ...mark('kept') } })
      return renew()
    })
    assert.equal(state['conformance'], 'kept')
  },

  async 'asks nobody any more once they are forgotten'(bench) {
    const connection = await bench.connect()
    await given(bench, { connection }, async (_ctx, { read, forget }) => {
      await read()
      await forget()
    })
    await assert.rejects(bench.as({ connection }).getUserInfo(), { code: 'unauthorized' })
  },

  async 'says nothing of them in logs, prints and failures'(bench) {
    for (const { run } of await operationsOf(bench)) await run(bench.as())
    const { secrets } = bench
    assert.deepEqual(bench.scopes.flatMap(({ requestId, said }) => said.some(text => secrets.some(secret => text.includes(secret))) ? [requestId.split('-')[1]] : []), [])
  },
})

const secretsOf = (held: Awaited<ReturnType<AdapterCredentials['read']>>): unknown => 'fields' in held ? held.fields : held.accessToken

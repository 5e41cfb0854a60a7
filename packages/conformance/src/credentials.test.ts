import { expect, it } from '@jest/globals'
import type { AdapterContext, CrmAdapter, CrmUser } from '@linefinder/core'
import { checksOf, runConformance } from './run-conformance.js'
import { cardAdapter, schemes } from './testing/card-adapter.js'
import { cardsUnderTest } from './testing/cards-under-test.js'

const right = cardAdapter(schemes.apiKey)

/** Puts the key on by itself. */
async function whoIs({ credentials, connection }: AdapterContext, key: string | undefined): Promise<CrmUser> {
  const { data } = await credentials!.http.get<{ id: CrmUser['id']; name: string }>(`http://${connection.hostname}/me`, { headers: { 'X-Key': key } })
  return { ...data, account: { id: 'cards' } }
}

async function keyOf({ credentials }: AdapterContext): Promise<string | undefined> {
  const held = await credentials!.read()
  return 'fields' in held ? held.fields['key'] : undefined
}

const needing = (changes: Partial<CrmAdapter> = {}): CrmAdapter =>
  ({ ...right, needsCredentials: true, getUserInfo: async ctx => whoIs(ctx, await keyOf(ctx)), ...changes })
const prove = (adapter: CrmAdapter) => runConformance({ adapter, crm: () => cardsUnderTest(key => ({ key })), limits: ['needsContact'], topics: ['contract', 'credentials', 'getUserInfo'] })
const failed = async (adapter: CrmAdapter) => (await prove(adapter)).checks.flatMap(({ name, status }) => status === 'failed' ? [name] : [])

it('looks at credentials only where an adapter handles them itself, and says so in the report', async () => {
  expect(checksOf({ adapter: right }).some(({ topic }) => topic === 'credentials')).toBe(false)
  const report = await prove(needing())
  expect(report.checks.filter(({ status }) => status === 'failed')).toEqual([])
  expect(report.checks.filter(({ topic, status }) => topic === 'credentials' && status === 'passed').map(({ name }) => name)).toEqual([
    'is given those of its own connection, and what it keeps reaches no other one', 'keeps nothing over what has changed since it was read',
    'asks nobody any more once they are forgotten', 'says nothing of them in logs, prints and failures',
  ])
  expect(report.facts.needsCredentials).toBe(true)
})

it('notices one that remembers a credential, one that logs it, and a renewal of its own without the declaration', async () => {
  let known: string | undefined
  expect(await failed(needing({
    getUserInfo: async ctx => whoIs(ctx, known ??= await keyOf(ctx)),
  }))).toContain('asks nobody any more once they are forgotten')
  expect(await failed(needing({
    getUserInfo: async ctx => {
      ctx.log.debug('in', { ...await ctx.credentials!.read() })
      return whoIs(ctx, await keyOf(ctx))
    },
  }))).toContain('says nothing of them in logs, prints and failures')
  expect(await failed({ ...right, renewCredentials: async () => undefined })).toContain('has members that belong together together')
})

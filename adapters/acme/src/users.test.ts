import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callLogInput, crmUserId, externalId, messageLogInput } from '@linefinder/core'
import acme from './index.js'
import { signInToNewAcme, type SignedIn } from './testing/signed-in.js'

let crm: SignedIn
beforeAll(async () => { crm = await signInToNewAcme(1) })
afterAll(() => crm.stop())

it('lists everybody with name and e-mail address, in the account of whoever asks', async () => {
  const account = { id: 'acme-nl', name: 'Acme Nederland BV' }
  const user = await acme.getUserInfo(crm.ctx)
  const users = await acme.listUsers!({ ...crm.ctx, connection: { ...crm.ctx.connection, user } })
  expect(users.map(({ id }) => id)).toEqual(['u_1', 'u_2', 'u_3'])
  expect(users[1]).toEqual({ id: 'u_2', name: 'Ben Okafor', email: 'ben@acme.test', account })
})

describe('an activity', () => {
  const [ben, cho] = [crmUserId.parse('u_2'), crmUserId.parse('u_3')]
  const call = callLogInput.parse({ direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z' })
  const ownerOf = async ({ id }: { id: string }) => (await crm.api.get<{ user_id: string }>(`/activities/${id}`)).data.user_id

  it('is the user’s whom the log names, else whose connection it is', async () => {
    expect(await ownerOf(await acme.createCallLog(crm.ctx, { ...call, externalId: externalId.parse('lf-1'), agent: { userId: ben } }))).toBe('u_2')
    expect(await ownerOf(await acme.createCallLog(crm.ctx, { ...call, externalId: externalId.parse('lf-2'), agent: { extension: '202' } }))).toBe('u_1')
  })

  it('becomes another’s when that changes, and only then', async () => {
    const log = { ...call, externalId: externalId.parse('lf-3'), agent: { userId: ben } }
    const ref = await acme.createCallLog(crm.ctx, log)
    await acme.updateCallLog(crm.ctx, ref, { ...log, agent: { userId: cho }, note: 'later' }, ['note'])
    expect(await ownerOf(ref)).toBe('u_2')
    await acme.updateCallLog(crm.ctx, ref, { ...log, agent: { userId: cho } }, ['agent'])
    expect(await ownerOf(ref)).toBe('u_3')
    await acme.updateCallLog(crm.ctx, ref, { ...log, agent: undefined }, ['agent'])
    expect(await ownerOf(ref)).toBe('u_3')
  })

  it('of a day of messages is as well', async () => {
    const message = { id: 'm1', kind: 'sms', direction: 'inbound', from: call.from, to: call.to, sentAt: '2026-03-02T09:15:00Z' }
    const day = { ...messageLogInput.parse({ messages: [message], agent: { userId: cho } }), externalId: externalId.parse('lf-4'), conversationId: 'c', day: '2026-03-02' }
    expect(await ownerOf(await acme.createMessageLog!(crm.ctx, day))).toBe('u_3')
  })
})

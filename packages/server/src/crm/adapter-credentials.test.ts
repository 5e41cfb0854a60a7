import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import type { AdapterContext, AdapterCredentials, CrmAdapter } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** What `searchContacts` of the adapter does with its context. */
let act: (ctx: AdapterContext) => Promise<void> = async () => undefined
let crm: FakeCrm
let test: TestServer
let installation = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  const usual = fakeAdapter('apiKey')
  const needing: Partial<CrmAdapter> = {
    needsCredentials: true,
    async getUserInfo(ctx) {
      const { credentials } = ctx
      await credentials?.replace({ ...await credentials.read(), state: { seenAt: 'connecting' } })
      return usual.getUserInfo(ctx)
    },
    async searchContacts(ctx) {
      await act(ctx)
      return []
    },
  }
  test = await startTestServer({ crm, adapters: [usual, fakeAdapter('apiKey', { id: 'fake-needing', ...needing })] })
  installation = await test.install('fake-needing', { settings: { allowCredentials: true } })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const search = (token: string) => request(test.url).get('/v1/contacts?name=x').auth(token, { type: 'bearer' })
const connect = (id: string) => request(test.url).post('/v1/connections').send({ client_id: test.clientId, installation: id, fields: { key: 'good-key' } })
const mine = async (token: string, work: (credentials: AdapterCredentials) => Promise<void>) => {
  act = async ({ credentials }) => work(credentials!)
  return search(token)
}

describe('an adapter that handles credentials itself', () => {
  it('is asked for nothing until the admin allows it', async () => {
    const closed = await test.install('fake-needing')
    const token = await connectAgent(test, closed)
    let wasAsked = false
    act = async () => { wasAsked = true }
    expect((await search(token).expect(403)).body).toMatchObject({ code: 'crm_credentials_withheld' })
    expect((await connect(closed).expect(403)).body).toMatchObject({ code: 'crm_credentials_withheld' })
    expect(wasAsked).toBe(false)
  })

  it('is named as such in the list of adapters, and no other is', async () => {
    const { items } = (await request(test.url).get('/v1/adapters').expect(200)).body
    expect(items.map(({ id, needsCredentials }: CrmAdapter) => [id, needsCredentials])).toEqual([['fake-apikey', undefined], ['fake-needing', true]])
  })

  it('reads and keeps those of its own connection, sealed', async () => {
    const [ann, bob] = [await connectAgent(test, installation, { user: 'ann' }), await connectAgent(test, installation, { user: 'bob', fields: { key: 'good-key', of: 'bob' } })]
    await mine(ann, async ({ read, replace }) => {
      expect(await read()).toEqual({ fields: { key: 'good-key' }, state: {} })
      expect(await replace({ fields: { key: 'good-key' }, state: { word: 'kept-word' } })).toBe(true)
    }).then(response => { expect(response.status).toBe(200) })
    const states: unknown[] = []
    for (const token of [ann, bob]) await mine(token, async ({ read }) => { states.push(await read()) })
    expect(states).toEqual([{ fields: { key: 'good-key' }, state: { word: 'kept-word' } }, { fields: { key: 'good-key', of: 'bob' }, state: {} }])
    const [rows] = await test.server.services.database.sequelize.query('SELECT credentials FROM connections')
    expect(JSON.stringify(rows)).not.toContain('kept-word')
  })

  it('keeps nothing over what another process has kept since, also of many at once', async () => {
    const token = await connectAgent(test, installation, { user: 'carl' })
    const outcomes: boolean[] = []
    act = async ({ credentials }) => {
      const { read, replace } = credentials!
      for (;;) {
        const now = await read()
        const kept = await replace({ ...now, state: { count: Number(now.state['count'] ?? 0) + 1 } })
        outcomes.push(kept)
        if (kept) return
      }
    }
    await Promise.all(Array.from({ length: 8 }, () => search(token).expect(200)))
    expect(outcomes.filter(Boolean)).toHaveLength(8)
    await mine(token, async ({ read }) => { expect((await read()).state).toEqual({ count: 8 }) }).then(response => { expect(response.status).toBe(200) })
  })

  it('can say that they are of no use, and the agent has to connect again', async () => {
    const token = await connectAgent(test, installation, { user: 'dora' })
    await mine(token, async ({ read, forget }) => {
      await read()
      await forget()
    })
    expect((await search(token).expect(401)).body).toMatchObject({ code: 'needs_reconnect' })
  })

  it('waits for whoever renews them, and keeps nothing over what the CRM has just given', async () => {
    await connectAgent(test, installation, { user: 'eve' })
    const { vault, models } = test.server.services
    const { id } = (await models.connections.findOne({ where: { crmUserId: 'eve' } }))!
    let finish: () => void = () => undefined
    const answered = new Promise<void>(resolve => { finish = resolve })
    let began: () => void = () => undefined
    const asking = new Promise<void>(resolve => { began = resolve })
    const renewal = vault.renew(id, 1, async held => {
      began()
      await answered
      return { ...held, state: { from: 'the CRM' } }
    })
    await asking
    let isReplaced = false
    const replacing = vault.replace(id, 1, { type: 'fields', fields: {}, state: { from: 'the adapter' } }).then(result => {
      isReplaced = true
      return result
    })
    // It looks once and finds the lease.
    await vault.read(id)
    expect(isReplaced).toBe(false)
    finish()
    expect((await renewal).version).toBe(2)
    expect(await replacing).toBeNull()
    expect((await vault.read(id)).credentials.state).toEqual({ from: 'the CRM' })
  })

  it('keeps what it kept while it named the user, before there was a connection', async () => {
    const { body } = await connect(installation).expect(201)
    await mine(body.token, async ({ read }) => { expect((await read()).state).toEqual({ seenAt: 'connecting' }) }).then(response => { expect(response.status).toBe(200) })
  })
})

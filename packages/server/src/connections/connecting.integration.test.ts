import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import type { SessionToken } from '@linefinder/core/api'
import { KeyRing } from '../secrets/key-ring.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

/** Two servers share no memory, so on one database they are two processes. */
(hasPostgres ? describe : describe.skip)('two servers on one PostgreSQL', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: [TestServer, TestServer]
  let installation: string

  beforeAll(async () => {
    [crm, database] = [await FakeCrm.start(), await createPostgresDatabase()]
    const options = { crm, adapters: [fakeAdapter('oauth2'), fakeAdapter('apiKey')], database: { url: database.url }, keys: KeyRing.newKey('k1') }
    servers = [await startTestServer(options), await startTestServer(options)]
    installation = await servers[0].install('fake-oauth2')
  })
  afterAll(async () => {
    for (const server of servers) await server.stop()
    await crm.stop()
    await database.drop()
  })
  beforeEach(() => {
    crm.user = { ...crm.user, id: `u-${expect.getState().currentTestName ?? ''}`.slice(0, 200) }
    crm.latencyMs = 0
  })

  const of = (n: number): TestServer => servers[n % 2 === 0 ? 0 : 1]
  const getMe = (n: number, { token }: SessionToken) => request(of(n).url).get('/v1/me').auth(token, { type: 'bearer' })
  const hundred = <Result>(work: (n: number) => PromiseLike<Result>): Promise<Result[]> => Promise.all(Array.from({ length: 100 }, (_, n) => work(n)))

  it('refreshes an expired access token once for a hundred requests, whose refresh token works once', async () => {
    const session = await new OAuthBrowser(servers[0], crm).connect(installation)
    crm.expireAccessTokens()
    crm.latencyMs = 20
    const before = crm.counts.refresh
    const answers = await hundred(n => getMe(n, session))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200))
    expect(crm.counts.refresh).toBe(before + 1)
  })

  it('refreshes once before expiry, too', async () => {
    crm.expiresIn = 0.001
    const session = await new OAuthBrowser(servers[1], crm).connect(installation)
    crm.expiresIn = 3600
    crm.latencyMs = 20
    const before = crm.counts.refresh
    const answers = await hundred(n => getMe(n, session))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
    expect(crm.counts.refresh).toBe(before + 1)
  })

  it('makes one connection and one agent of a CRM user who connects at both at the same time', async () => {
    const { models } = servers[0].server.services
    const byKey = await servers[0].install('fake-apikey')
    const before = { connections: await models.connections.count(), agents: await models.agents.count() }
    crm.latencyMs = 20
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => request(of(n).url).post('/v1/connections')
      .send({ client_id: 'app1', installation: byKey, fields: { key: 'good-key' } })))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201))
    expect(new Set(answers.map(({ body }) => (body as SessionToken).connection.id)).size).toBe(1)
    expect(await models.connections.count()).toBe(before.connections + 1)
    expect(await models.agents.count()).toBe(before.agents + 1)
    for (const [n, { body }] of answers.entries()) await getMe(n, body as SessionToken).expect(200)
  })

  it('goes on at one server with a flow that began at the other, and takes its state and code once', async () => {
    const browser = new OAuthBrowser(servers[0], crm)
    const path = await browser.answer(installation)
    const landings = await Promise.all([browser.open(path), browser.open(path)])
    expect(landings.map(({ status }) => status).sort()).toEqual([302, 400])
    const { headers } = landings.find(({ status }) => status === 302)!
    const code = new URL(headers['location']!).searchParams.get('code')!
    const other = new OAuthBrowser(servers[1], crm)
    const trades = await Promise.all([browser.trade(code), other.trade(code), browser.trade(code), other.trade(code)])
    expect(trades.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400])
  })
})

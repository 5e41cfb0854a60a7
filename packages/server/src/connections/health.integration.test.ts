import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { CrmError } from '@linefinder/core'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'

/** Two servers share no memory, so on one database they are two processes. */
(hasPostgres ? describe : describe.skip)('two servers on one PostgreSQL', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: [TestServer, TestServer]
  let [token, id] = ['', '']

  beforeAll(async () => {
    [crm, database] = [await FakeCrm.start(), await createPostgresDatabase()]
    const options = { crm, adapters: [fakeAdapter('apiKey'), fakeAdapter('custom')], database: { url: database.url }, keys: KeyRing.newKey('k1') }
    servers = [await startTestServer(options), await startTestServer(options)]
  })
  afterAll(async () => {
    for (const server of servers) await server.stop()
    await crm.stop()
    await database.drop()
  })
  beforeEach(async () => {
    token = await connectAgent(servers[0], await servers[0].install('fake-apikey'))
    id = (await standing()).id
  })

  const of = (n: number): TestServer => servers[n % 2 === 0 ? 0 : 1]
  const many = <Result>(count: number, work: (n: number) => PromiseLike<Result>): Promise<Result[]> => Promise.all(Array.from({ length: count }, (_, n) => work(n)))
  const sql = <Row extends object>(text: string) => servers[0].server.services.database.query<Row>({ text }, [])
  const standing = async () => (await request(servers[0].url).get('/v1/connection').auth(token, { type: 'bearer' }).expect(200)).body
  const fail = (n: number) => of(n).server.services.health.noteFailure(id, 't1', new CrmError('server_error'))

  it('counts every failure of both, and opens once', async () => {
    await many(4, fail)
    expect(await standing()).toMatchObject({ state: 'healthy' })
    await many(20, fail)
    expect(await sql(`SELECT failures, state FROM connections WHERE id = '${id}'`)).toEqual([{ failures: 5, state: 'degraded' }])
  })

  it('lets one of all try when the pause is over', async () => {
    await many(5, fail)
    await sql(`UPDATE connections SET paused_until = now() WHERE id = '${id}'`)
    const admissions = await many(40, n => of(n).server.services.health.admit('t1', id))
    expect(admissions.filter(({ admitted }) => admitted)).toHaveLength(1)
    await fail(1)
    expect(await many(10, n => of(n).server.services.health.admit('t1', id))).toEqual(Array.from({ length: 10 }, () => ({ admitted: false, retryAt: expect.any(Date) })))
    await sql(`UPDATE connections SET paused_until = now() WHERE id = '${id}'`)
    expect((await many(40, n => of(n).server.services.health.admit('t1', id))).filter(({ admitted }) => admitted)).toHaveLength(1)
    await servers[1].server.services.health.noteSuccess(id, 't1')
    expect((await many(10, n => of(n).server.services.health.admit('t1', id))).every(({ admitted }) => admitted)).toBe(true)
  })

  it('gives the trial to somebody else when its holder died', async () => {
    await many(5, fail)
    await sql(`UPDATE connections SET paused_until = now(), trial_until = now() WHERE id = '${id}'`)
    expect((await many(10, n => of(n).server.services.health.admit('t1', id))).filter(({ admitted }) => admitted)).toHaveLength(1)
  })

  it('tells of one change when many see it', async () => {
    await many(20, fail)
    await sql(`UPDATE connections SET paused_until = now() WHERE id = '${id}'`)
    await many(20, n => of(n).server.services.health.noteSuccess(id, 't1'))
    expect(await sql(`SELECT action FROM audit WHERE subject = 'connection:${id}'`)).toEqual([{ action: 'connection.recovered' }])
  })

  it('probes once, whoever looks', async () => {
    await sql(`UPDATE connections SET probe_at = now() + interval '1 hour'`)
    await many(5, fail)
    await sql(`UPDATE connections SET paused_until = now(), probe_at = now() WHERE id = '${id}'`)
    crm.latencyMs = 100
    const before = crm.counts.me
    await many(10, n => of(n).server.services.probe.sweep())
    crm.latencyMs = 0
    expect(crm.counts.me).toBe(before + 1)
    expect(await standing()).toMatchObject({ state: 'healthy' })
  })

  it('renews by a link once, when its form is sent twice at the same time', async () => {
    const installation = await servers[0].install('fake-custom')
    const { body } = await request(servers[0].url).post('/v1/connections').send({ client_id: 'app1', installation, fields: { username: 'ann', password: 'right' } }).expect(201)
    const { body: { url } } = await request(servers[1].url).post(`/v1/connections/${body.connection.id}/reconnect-link`).auth(body.token, { type: 'bearer' }).expect(201)
    const { pathname } = new URL(url)
    const { text, headers } = await request(servers[0].url).get(pathname).expect(200)
    const [, formToken] = /name="form_token" value="([^"]+)"/.exec(text)!
    const cookie = headers['set-cookie']![0]!.split(';')[0]!
    const answers = await many(4, n => request(of(n).url).post(pathname).set('Cookie', cookie).type('form')
      .send({ form_token: formToken, 'field.username': 'ann', 'field.password': 'right' }))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404])
  })
})

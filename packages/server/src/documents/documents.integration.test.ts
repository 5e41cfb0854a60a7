import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import request from 'supertest'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm } from '../testing/fake-crm.js'
import { greeting, greetingReader, readerWithout } from '../testing/greeting-reader.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

;(hasPostgres ? describe : describe.skip)('two servers that host the documents of one database', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let crm: FakeCrm
  let [one, two] = [] as unknown as [TestServer, TestServer]
  let key = ''
  let logged = ''
  beforeAll(async () => {
    database = await createPostgresDatabase()
    crm = await FakeCrm.start()
    const shared = { crm, adapters: [], database: { url: database.url, poolSize: 4 }, keys: KeyRing.newKey('k1') }
    one = await startTestServer({ ...shared, documents: greetingReader })
    // It is older: a word that the other knows is none to it.
    two = await startTestServer({ ...shared, documents: readerWithout('Hej'), log: pino({ level: 'error' }, { write: line => { logged += line } }) })
    key = await one.addKey(['admin'])
  })
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()])
    await crm.stop()
    await database.drop()
  })

  const ask = (method: 'get' | 'post' | 'put' | 'delete', at: TestServer, path: string) => request(at.url)[method](path).auth(key, { type: 'bearer' })
  const put = (id: string, word: string, at = one) => ask('put', at, `/v1/admin/documents/${id}`).type('json').send(greeting({ id, greeting: `${word} {name}` }))
  const install = async (adapter: string) => (await ask('post', one, '/v1/admin/installations').send({ adapter, name: 'Ours', host: crm.host }).expect(201)).body.id as string
  const search = (at: TestServer, session: string) => request(at.url).get('/v1/contacts?name=Jan').auth(session, { type: 'bearer' })
  const greeted = async (at: TestServer, session: string) => (await search(at, session)).body.contacts?.[0].name as string | undefined
  const listed = async (at: TestServer) => (await ask('get', at, '/v1/admin/adapters').expect(200)).body.items.map(({ id }: { id: string }) => id) as string[]

  it('go by a change at once where it was made, and by itself soon in the other', async () => {
    // Both know that there is none yet.
    expect([await listed(one), await listed(two)]).toEqual([[], []])
    await put('turn', 'First').expect(201)
    expect(await listed(one)).toEqual(['turn'])
    await until(async () => (await listed(two)).includes('turn') || null)
    const session = await connectAgent(one, await install('turn'))
    expect([await greeted(one, session), await greeted(two, session)]).toEqual(['First Jan', 'First Jan'])
    await put('turn', 'Second').expect(200)
    expect(await greeted(one, session)).toBe('Second Jan')
    await until(async () => await greeted(two, session) === 'Second Jan' || null)
    await ask('post', two, '/v1/admin/documents/turn/versions/1/activate').expect(200)
    expect(await greeted(two, session)).toBe('First Jan')
    await until(async () => await greeted(one, session) === 'First Jan' || null)
  })

  it('tell a version that only one of them accepts from one that is there', async () => {
    await put('greets', 'Hello').expect(201)
    const session = await connectAgent(one, await install('greets'))
    await until(async () => await greeted(two, session) === 'Hello Jan' || null)
    await put('greets', 'Hej').expect(200)
    expect(await greeted(one, session)).toBe('Hej Jan')
    await until(async () => (await search(two, session)).body.code === 'adapter_not_found' || null)
    expect(logged).toContain('a stored document is no longer accepted')
    expect((await ask('get', two, '/v1/admin/documents/greets').expect(200)).body).toMatchObject({ isAccepted: false, problems: [{ code: 'unknown_word' }] })
    await ask('post', one, '/v1/admin/documents/greets/versions/1/activate').expect(200)
    await until(async () => await greeted(two, session) === 'Hello Jan' || null)
  })

  it('give each of many texts that are sent at once a version, and one of them is active', async () => {
    const words = Array.from({ length: 12 }, (_, index) => `word-${String(index)}`)
    const answers = await Promise.all(words.map((word, index) => put('rush', word, index % 2 === 0 ? one : two)))
    expect(answers.map(({ body }) => body.version as number).sort((a, b) => a - b)).toEqual(words.map((_, index) => index + 1))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const { body } = await ask('get', one, '/v1/admin/documents/rush/versions').expect(200)
    expect(body.items.filter(({ isActive }: { isActive: boolean }) => isActive)).toMatchObject([{ version: words.length }])
  })

  it('never remove a document under an installation that is being made', async () => {
    for (let round = 0; round < 12; round += 1) {
      await put('race', 'Hello')
      await until(async () => (await listed(two)).includes('race') || null)
      const [made, removed] = await Promise.all([
        ask('post', two, '/v1/admin/installations').send({ adapter: 'race', name: 'Ours', host: crm.host }), ask('delete', one, '/v1/admin/documents/race'),
      ])
      expect([[201, 409], [404, 204]]).toContainEqual([made.status, removed.status])
      if (made.status === 201) await one.server.services.models.installations.destroy({ where: { adapter: 'race' } })
    }
  })
})

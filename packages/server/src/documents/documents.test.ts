import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { greeting, greetingReader } from '../testing/greeting-reader.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'
import { DocumentAdmin } from './document-admin.js'

let crm: FakeCrm
let test: TestServer
let [key, theirKey, theirApp] = ['', '', '']
let logged = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({
    crm, adapters: [fakeAdapter('apiKey')], documents: greetingReader, log: pino({ level: 'info' }, { write: line => { logged += line } }),
  })
  key = await test.addKey(['admin'])
  await test.addTenant('t2')
  theirKey = await test.addKey(['admin'], 't2')
  theirApp = await test.addClientApp('t2')
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const base = '/v1/admin/documents'
const ask = (method: 'get' | 'post' | 'put' | 'delete', path: string, by = key) => request(test.url)[method](path).auth(by, { type: 'bearer' })
const put = (text: string | Buffer, id = 'greeter', by = key) => ask('put', `${base}/${id}`, by).type('json').send(text)
const search = (session: string) => request(test.url).get('/v1/contacts?name=Jan').auth(session, { type: 'bearer' })
const greeted = async (session: string) => (await search(session).expect(200)).body.contacts[0].name as string
const install = async (adapter: string, by = key, changes: object = {}) =>
  (await ask('post', '/v1/admin/installations', by).send({ adapter, name: 'Ours', host: crm.host, ...changes }).expect(201)).body.id as string
const idsOf = ({ body }: request.Response) => (body.items as { id: string }[]).map(({ id }) => id)
const actor = async () => (await test.server.services.models.apiKeys.findOne({ where: { tenantId: 't1' }, order: [['createdAt', 'ASC']] }))!.id

describe('PUT /v1/admin/documents/{id}', () => {
  it('is protected', async () => {
    await request(test.url).put(`${base}/greeter`).type('json').send(greeting()).expect(401)
    await put(greeting(), 'greeter', await test.addKey(['lookup', 'log'])).expect(403)
    await ask('get', `${base}/greeter`).expect(404)
  })

  it('keeps a document to the byte, and makes an adapter of it at once', async () => {
    const text = `\n  ${greeting({ id: 'exact', name: 'Exäct “quoted” 😀' }).replaceAll('\n', '\r\n')}\t\n`
    const { body } = await put(text, 'exact').expect(201)
    expect(body).toEqual({ id: 'exact', name: 'Exäct “quoted” 😀', version: 1, warnings: [] })
    const stored = await ask('get', `${base}/exact`).expect(200)
    expect(stored.body).toMatchObject({ id: 'exact', version: 1, isActive: true, isAccepted: true, text, problems: [], createdBy: `key:${await actor()}` })
    expect(idsOf(await ask('get', '/v1/admin/adapters').expect(200))).toContain('exact')
  })

  it('makes a version of another text, and none of the same', async () => {
    await put(greeting({ id: 'twice' }), 'twice').expect(201)
    expect((await put(greeting({ id: 'twice' }), 'twice').expect(200)).body.version).toBe(1)
    expect((await put(`${greeting({ id: 'twice' })} `, 'twice').expect(200)).body.version).toBe(2)
    const { body } = await ask('get', `${base}/twice/versions`).expect(200)
    expect(body.items.map(({ version, isActive, bytes }: Record<string, unknown>) => [version, isActive, bytes]))
      .toEqual([[2, true, greeting({ id: 'twice' }).length + 1], [1, false, greeting({ id: 'twice' }).length]])
  })

  it('refuses one with errors whole, and names all of them with their places', async () => {
    const { body } = await put('{\n  "id": "wrong",\n  "name": 7,\n  "gretting": "Hello {name}"\n}', 'wrong').expect(422)
    expect(body).toMatchObject({ code: 'document_invalid', status: 422 })
    expect(body.problems.map(({ message: _, ...problem }: { message: string }) => problem)).toEqual([
      { severity: 'error', code: 'invalid_type', path: ['name'], line: 3, column: 3 },
      { severity: 'error', code: 'invalid_type', path: ['greeting'], line: 1, column: 1 },
      { severity: 'error', code: 'unrecognized_keys', path: ['gretting'], line: 4, column: 3, suggestion: 'greeting' },
    ])
    await ask('get', `${base}/wrong`).expect(404)
  })

  it('keeps the version before when the next one is refused', async () => {
    await put(greeting({ id: 'kept' }), 'kept').expect(201)
    await put('{"id": "kept"}', 'kept').expect(422)
    expect((await ask('get', `${base}/kept`).expect(200)).body).toMatchObject({ version: 1, text: greeting({ id: 'kept' }) })
  })

  it('tells warnings, and stores the document all the same', async () => {
    const { body } = await put(greeting({ id: 'rude', greeting: 'Hm' }), 'rude').expect(201)
    expect(body.warnings).toMatchObject([{ severity: 'warning', code: 'greets_nobody', path: ['greeting'], line: 4, column: 3 }])
  })

  it('only says what is wrong when that is all that is asked', async () => {
    const dry = (text: string) => ask('put', `${base}/dry?dry_run=true`).type('json').send(text)
    expect((await dry('{"id": "dry"}').expect(422)).body.code).toBe('document_invalid')
    expect((await dry(greeting({ id: 'dry', greeting: 'Hm' })).expect(200)).body).toMatchObject({ id: 'dry', version: null, warnings: [{ code: 'greets_nobody' }] })
    await ask('get', `${base}/dry`).expect(404)
    await ask('put', `${base}/dry?dry_run=yes`).type('json').send(greeting({ id: 'dry' })).expect(422)
  })

  it('wants the document’s own id in the path, and one that no adapter in code has', async () => {
    const other = await put(greeting(), 'other').expect(422)
    expect(other.body).toMatchObject({ code: 'invalid_fields', errors: [{ in: 'path', pointer: '/id', message: 'must be the document’s own id, "greeter"' }] })
    const coded = await put(greeting({ id: 'fake-apikey' }), 'fake-apikey').expect(422)
    expect(coded.body).toMatchObject({ code: 'invalid_fields', errors: [{ in: 'path', pointer: '/id' }] })
    await put(greeting({ id: 'Greeter' }), 'Greeter').expect(422)
  })

  it('takes JSON in UTF-8, up to 1 MiB', async () => {
    expect((await ask('put', `${base}/greeter`).type('text/plain').send(greeting()).expect(415)).body.code).toBe('unsupported_media_type')
    const latin = Buffer.from(greeting({ name: 'Exäct' }), 'latin1')
    const sent = await ask('put', `${base}/greeter`).type('json').serialize(body => body as never).send(latin).expect(400)
    expect(sent.body.code).toBe('invalid_json')
    expect((await put(greeting({ greeting: `{name}${'x'.repeat(1024 * 1024)}` })).expect(413)).body.code).toBe('body_too_large')
    const whole = greeting({ id: 'large', greeting: `{name}${'x'.repeat(1024 * 1024 - greeting({ id: 'large', greeting: '{name}' }).length)}` })
    await put(whole, 'large').expect(201)
    expect((await ask('get', `${base}/large`).expect(200)).body.text).toHaveLength(1024 * 1024)
  })

  it('is noted in the audit trail, without the text', async () => {
    await put(greeting({ id: 'noted', greeting: 'secretly {name}' }), 'noted').expect(201)
    await put(greeting({ id: 'noted' }), 'noted').expect(200)
    await ask('post', `${base}/noted/versions/1/activate`).expect(200)
    await ask('delete', `${base}/noted`).expect(204)
    const { body } = await ask('get', '/v1/admin/audit?subject=document:noted').expect(200)
    expect(body.items.map(({ action, details }: Record<string, unknown>) => [action, details])).toEqual([
      ['document.removed', {}], ['document.activated', { version: 1, before: 2 }], ['document.stored', { version: 2 }], ['document.stored', { version: 1 }],
    ])
  })
})

describe('a document of one tenant', () => {
  it('is there for nobody else', async () => {
    await put(greeting({ id: 'mine' }), 'mine').expect(201)
    const { clientId } = test
    const adapters = (query: object) => request(test.url).get('/v1/adapters').query(query).expect(200)
    expect(idsOf(await adapters({}))).toEqual(['fake-apikey'])
    expect(idsOf(await adapters({ client_id: theirApp }))).toEqual(['fake-apikey'])
    expect(idsOf(await adapters({ client_id: clientId }))).toContain('mine')
    await request(test.url).get('/v1/adapters').query({ client_id: 'nobody' }).expect(404)
    expect(idsOf(await ask('get', '/v1/admin/adapters', theirKey).expect(200))).toEqual(['fake-apikey'])
    expect(idsOf(await ask('get', base, theirKey).expect(200))).toEqual([])
    const { body } = await ask('post', '/v1/admin/installations', theirKey).send({ adapter: 'mine', name: 'x', host: crm.host }).expect(404)
    expect(body.code).toBe('adapter_not_found')
  })

  it('goes beside one of the same id of another', async () => {
    await put(greeting({ id: 'both', greeting: 'Ours {name}' }), 'both').expect(201)
    await put(greeting({ id: 'both', greeting: 'Theirs {name}' }), 'both', theirKey).expect(201)
    const ours = await connectAgent(test, await install('both'))
    const theirs = await connectAgent(test, await install('both', theirKey), { tenantId: 't2', clientId: theirApp })
    expect([await greeted(ours), await greeted(theirs)]).toEqual(['Ours Jan', 'Theirs Jan'])
  })
})

describe('a new version', () => {
  it('takes over with the next request, while those under way keep theirs; and so it is on the way back', async () => {
    await put(greeting({ id: 'turn', greeting: 'First {name}' }), 'turn').expect(201)
    const session = await connectAgent(test, await install('turn'))
    expect(await greeted(session)).toBe('First Jan')

    /** What a request finds that has reached the CRM before the change and is answered behind it. */
    const overtaken = async (change: () => Promise<unknown>) => {
      const asked = crm.requestIds.length
      let open: (value?: unknown) => void = () => undefined
      crm.gate = new Promise(resolve => { open = resolve })
      const underWay = greeted(session)
      await until(async () => crm.requestIds.length > asked || null)
      crm.gate = null
      await change()
      const next = await greeted(session)
      open()
      return { underWay: await underWay, next }
    }
    expect(await overtaken(() => put(greeting({ id: 'turn', greeting: 'Second {name}' }), 'turn').expect(200))).toEqual({ underWay: 'First Jan', next: 'Second Jan' })
    const back = () => ask('post', `${base}/turn/versions/1/activate`).expect(200)
    expect(await overtaken(back)).toEqual({ underWay: 'Second Jan', next: 'First Jan' })
    expect((await ask('get', `${base}/turn`).expect(200)).body).toMatchObject({ version: 1, isActive: true })
    expect((await put(greeting({ id: 'turn', greeting: 'Third {name}' }), 'turn').expect(200)).body.version).toBe(3)
  })

  it('uses the properties of the installation, the secret ones too', async () => {
    const properties = [{ name: 'Prefix word' }, { name: 'Token', isSecret: true }]
    await put(greeting({ id: 'asks', greeting: '{Prefix word} {Token} {name}', properties }), 'asks').expect(201)
    const id = await install('asks', key, { properties: { 'Prefix word': 'Hej', Token: 'hush' } })
    expect(await greeted(await connectAgent(test, id))).toBe('Hej hush Jan')
  })

  it('that connects in another way wants its agents to connect again, until they have', async () => {
    await put(greeting({ id: 'moved' }), 'moved').expect(201)
    const session = await connectAgent(test, await install('moved'))
    await greeted(session)
    await put(greeting({ id: 'moved', auth: 'oauth2' }), 'moved').expect(200)
    expect((await search(session).expect(401)).body.code).toBe('needs_reconnect')
    const { body } = await request(test.url).get('/v1/connection').auth(session, { type: 'bearer' }).expect(200)
    expect(body.state).toBe('needs_reconnect')
    const link = await request(test.url).post(`/v1/connections/${body.id}/reconnect-link`).auth(session, { type: 'bearer' })
    // Its OAuth client is not known yet: the way back is the new one.
    await request(test.url).get(new URL(link.body.url).pathname).expect(409)
  })
})

describe('a version that this server’s reader no longer accepts', () => {
  it('is logged, and counts as absent', async () => {
    await put(greeting({ id: 'aged' }), 'aged').expect(201)
    const session = await connectAgent(test, await install('aged'))
    const { database, shelf } = test.server.services
    await database.query({ text: `UPDATE documents SET text = '{"id": "aged", "hello": true}' WHERE id = 'aged'` }, [])
    // As a newer server finds it, which has read nothing yet.
    await database.query({ text: `UPDATE documents SET version = 2 WHERE id = 'aged'` }, [])
    await database.query({ text: `UPDATE document_revisions SET revision = revision + 1 WHERE tenant_id = 't1'` }, [])
    await shelf?.reload('t1')
    expect(logged).toContain('a stored document is no longer accepted')
    expect(logged).not.toContain('hello')
    expect(idsOf(await ask('get', '/v1/admin/adapters').expect(200))).not.toContain('aged')
    expect((await search(session).expect(404)).body.code).toBe('adapter_not_found')
    expect((await ask('get', `${base}/aged`).expect(200)).body).toMatchObject({ isAccepted: false, problems: [{ code: 'invalid_type' }, { code: 'invalid_type' }, { code: 'unrecognized_keys' }] })
    const { body } = await ask('get', base).query({ limit: 200 }).expect(200)
    expect(body.items.find(({ id }: { id: string }) => id === 'aged')).toMatchObject({ version: 2, isAccepted: false, installations: 1 })
    expect((await ask('post', `${base}/aged/versions/2/activate`).expect(422)).body.code).toBe('document_invalid')
    await put(greeting({ id: 'aged' }), 'aged').expect(200)
    expect(await greeted(session)).toBe('Hello Jan')
  })
})

describe('DELETE /v1/admin/documents/{id}', () => {
  it('is refused while installations use it, and says how many', async () => {
    await put(greeting({ id: 'used' }), 'used').expect(201)
    const ids = [await install('used'), await install('used')]
    expect((await ask('delete', `${base}/used`).expect(409)).body).toMatchObject({ code: 'in_use', detail: '2 installations use it.' })
    for (const id of ids) await request(test.url).delete(`/v1/admin/installations/${id}`).auth(key, { type: 'bearer' }).expect(204)
    await ask('delete', `${base}/used`).expect(204)
    await ask('get', `${base}/used`).expect(404)
    await ask('get', `${base}/used/versions`).expect(404)
    await ask('delete', `${base}/used`).expect(404)
    expect(idsOf(await ask('get', '/v1/admin/adapters').expect(200))).not.toContain('used')
  })
})

describe('lists', () => {
  it('page through documents and versions', async () => {
    const pages = async (path: string, nameOf: (item: Record<string, unknown>) => unknown) => {
      const seen: unknown[] = []
      let cursor: string | null | undefined
      do {
        const { body } = await ask('get', path).query({ limit: 2, ...(cursor && { cursor }) }).expect(200)
        seen.push(...body.items.map(nameOf))
        cursor = body.nextCursor
      } while (cursor)
      return seen
    }
    for (const id of ['page-a', 'page-b', 'page-c']) await put(greeting({ id }), id).expect(201)
    for (const word of ['b', 'c', 'd']) await put(greeting({ id: 'page-a', greeting: `${word} {name}` }), 'page-a').expect(200)
    const ids = await pages(base, ({ id }) => id)
    expect(ids).toEqual([...ids].sort())
    expect(ids).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']))
    expect(await pages(`${base}/page-a/versions`, ({ version }) => version)).toEqual([4, 3, 2, 1])
    for (const path of [base, `${base}/page-a/versions`]) await ask('get', path).query({ cursor: 'nonsense' }).expect(422)
    expect((await ask('get', `${base}/page-a?version=2`).expect(200)).body).toMatchObject({ version: 2, isActive: false })
    expect((await ask('get', `${base}/page-a?version=9`).expect(404)).body.code).toBe('document_not_found')
  })
})

describe('the limits', () => {
  it('drop the oldest versions but never the active one, and take so many documents', async () => {
    const documents = new DocumentAdmin(test.server.services, { mostDocuments: 2, keptVersions: 3 })
    const by = { kind: 'admin', tenantId: 't3', keyId: 'k', scopes: ['admin'] } as const
    await test.addTenant('t3')
    const store = (id: string, word: string) => documents.put(by, id, greeting({ id, greeting: `${word} {name}` }), false)
    const kept = async () => (await documents.listVersions('t3', 'one', { limit: 50 })).items.map(({ version, isActive }) => isActive ? `${String(version)} active` : version)
    for (const word of ['a', 'b', 'c', 'd']) await store('one', word)
    expect(await kept()).toEqual(['4 active', 3, 2])
    await documents.activate(by, 'one', 2)
    expect(await kept()).toEqual([4, 3, '2 active'])
    await store('one', 'e')
    expect(await kept()).toEqual(['5 active', 4, 3])
    await store('two', 'a')
    await expect(store('three', 'a')).rejects.toMatchObject({ code: 'documents_full' })
    await store('two', 'b')
  })
})

describe('a server that reads no documents', () => {
  it('takes none, and lists none', async () => {
    const without = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
    const admin = await without.addKey(['admin'])
    const sent = await request(without.url).put(`${base}/greeter`).auth(admin, { type: 'bearer' }).type('json').send(greeting()).expect(404)
    expect(sent.body).toMatchObject({ code: 'not_found', detail: 'This server takes no documents.' })
    expect(idsOf(await request(without.url).get(base).auth(admin, { type: 'bearer' }).expect(200))).toEqual([])
    await without.stop()
  })
})

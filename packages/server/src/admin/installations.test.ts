import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeCallLog, storeConnection, storeSession } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({
    crm, adapters: [fakeAdapter('oauth2'), fakeAdapter('apiKey'), fakeAdapter('basic', { defaultHostname: 'api.crm.example.test' })],
  })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const base = '/v1/admin/installations'
const ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string) => request(test.url)[method](path).auth(key, { type: 'bearer' })
const wanted = { adapter: 'fake-oauth2', name: 'Our CRM', host: 'crm.example.test' }
const create = async (changes: object = {}): Promise<string> =>
  (await ask('post', base).send({ ...wanted, ...changes }).expect(201)).body.id as string
const placesOf = ({ body }: request.Response) => (body.errors as { pointer: string }[]).map(({ pointer }) => pointer)
const stateOf = async (id: string) => (await test.server.services.models.connections.findByPk(id))?.state

describe('POST /v1/admin/installations', () => {
  it('sets an adapter up and never gives the client secret out', async () => {
    const { body } = await ask('post', base)
      .send({ ...wanted, settings: { country: 'DE', region: 'eu' }, oauthClientId: 'client', oauthClientSecret: 'hush-hush' }).expect(201)
    expect(body).toMatchObject({
      adapter: 'fake-oauth2', name: 'Our CRM', host: 'crm.example.test', allowedHosts: [], settings: { country: 'DE', region: 'eu' },
      oauthClientId: 'client', hasOauthClientSecret: true, enabled: true, callbackUrl: `${test.url}/v1/oauth/callback`,
    })
    expect((await ask('get', `${base}/${body.id}`).expect(200)).body).toEqual(body)
    expect(JSON.stringify(body)).not.toContain('hush-hush')
  })

  it('stores the client secret sealed, and opens it for the token endpoint', async () => {
    const id = await create({ oauthClientId: 'client', oauthClientSecret: 'hush-hush' })
    const { models, installations } = test.server.services
    expect((await models.installations.findByPk(id))?.oauthClientSecret).not.toContain('hush-hush')
    expect(await installations.getOAuthClient(test.tenantId, id)).toEqual({ id: 'client', secret: 'hush-hush' })
  })

  it('refuses an adapter that the server does not host', async () => {
    const { body } = await ask('post', base).send({ ...wanted, adapter: 'nobody' }).expect(404)
    expect(body.code).toBe('adapter_not_found')
  })

  it('wants a host unless the CRM has one for everybody', async () => {
    expect(placesOf(await ask('post', base).send({ adapter: 'fake-oauth2', name: 'x' }).expect(422))).toEqual(['/host'])
    await ask('post', base).send({ adapter: 'fake-oauth2', name: 'x', allowedHosts: ['a.example.test', 'b.example.test'] }).expect(201)
    await ask('post', base).send({ adapter: 'fake-basic', name: 'x' }).expect(201)
  })

  it.each(['localhost', '127.0.0.1:4100', '10.0.0.8', '192.168.1.1', '169.254.169.254', '[::1]', '[fd00::1]', '[::ffff:10.0.0.1]', '2130706433', 'crm.localhost'])(
    'refuses the private address %s', async host => {
      expect(placesOf(await ask('post', base).send({ ...wanted, host }).expect(422))).toEqual(['/host'])
    })

  it('names the private address among several', async () => {
    const response = await ask('post', base).send({ ...wanted, allowedHosts: ['a.example.test', '10.0.0.8'] }).expect(422)
    expect(placesOf(response)).toEqual(['/allowedHosts/1'])
  })

  it('takes a private address that the operator listed', async () => {
    await ask('post', base).send({ ...wanted, host: crm.host }).expect(201)
  })

  it('refuses a country that does not exist', async () => {
    expect(placesOf(await ask('post', base).send({ ...wanted, settings: { country: 'XX' } }).expect(422))).toEqual(['/settings/country'])
  })

  it('names every wrong and every unknown field', async () => {
    const response = await ask('post', base).send({ adapter: 'fake-oauth2', host: 'https://crm.example.test/', colour: 'red', enabled: 'yes' }).expect(422)
    expect(placesOf(response).sort()).toEqual(['/colour', '/enabled', '/host', '/name'])
  })
})

describe('PATCH /v1/admin/installations/{id}', () => {
  it('leaves alone what is left out, and clears with null', async () => {
    const id = await create({ allowedHosts: ['b.example.test'], settings: { country: 'NL' }, oauthClientId: 'client', oauthClientSecret: 'hush-hush' })
    const renamed = await ask('patch', `${base}/${id}`).send({ name: 'Renamed' }).expect(200)
    expect(renamed.body).toMatchObject({
      name: 'Renamed', host: 'crm.example.test', allowedHosts: ['b.example.test'], settings: { country: 'NL' }, oauthClientId: 'client', hasOauthClientSecret: true, enabled: true,
    })
    const cleared = await ask('patch', `${base}/${id}`).send({ host: null, oauthClientId: null, oauthClientSecret: null, enabled: false }).expect(200)
    expect(cleared.body).toMatchObject({ host: null, oauthClientId: null, hasOauthClientSecret: false, enabled: false })
  })

  it('checks the installation as it would become', async () => {
    const id = await create()
    expect(placesOf(await ask('patch', `${base}/${id}`).send({ host: null }).expect(422))).toEqual(['/host'])
    expect((await ask('get', `${base}/${id}`)).body.host).toBe('crm.example.test')
  })

  it('ends the connections and sessions of a host that is no longer allowed, and no others', async () => {
    const id = await create({ host: null, allowedHosts: ['a.example.test', 'b.example.test'] })
    const stays = await storeConnection(test, id, { hostname: 'a.example.test' })
    const goes = await storeConnection(test, id, { hostname: 'b.example.test' })
    const session = await storeSession(test, goes.id)
    await ask('patch', `${base}/${id}`).send({ allowedHosts: ['a.example.test'] }).expect(200)
    expect([await stateOf(stays.id), await stateOf(goes.id)]).toEqual(['healthy', 'revoked'])
    expect((await test.server.services.models.connections.findByPk(goes.id))?.credentials).toBeNull()
    await request(test.url).get('/v1/me').auth(session, { type: 'bearer' }).expect(401)
  })

  it('is written into the audit trail, without values', async () => {
    const id = await create()
    await ask('patch', `${base}/${id}`).send({ name: 'Renamed', oauthClientSecret: 'hush-hush' }).expect(200)
    const rows = await test.server.services.models.audit.findAll({ where: { subject: `installation:${id}` }, order: [['createdAt', 'ASC']] })
    expect(rows.map(({ tenantId, actor, action }) => [tenantId, actor.replace(/:.*/, ''), action])).toEqual([
      ['t1', 'key', 'installation.created'], ['t1', 'key', 'installation.updated'],
    ])
    expect(rows[1]?.details).toMatchObject({ changed: ['name', 'oauthClientSecret'] })
    expect(JSON.stringify(rows)).not.toContain('hush-hush')
  })
})

describe('DELETE /v1/admin/installations/{id}', () => {
  it('removes one that nobody uses, with what is left of revoked connections', async () => {
    const id = await create()
    await storeConnection(test, id, { state: 'revoked' })
    await ask('delete', `${base}/${id}`).expect(204)
    const { body } = await ask('get', `${base}/${id}`).expect(404)
    expect(body.code).toBe('installation_not_found')
  })

  it.each(['healthy', 'needs_reconnect'] as const)('refuses while a connection is %s', async state => {
    const id = await create()
    await storeConnection(test, id, { state })
    expect((await ask('delete', `${base}/${id}`).expect(409)).body.code).toBe('in_use')
  })

  it('refuses while call logs of revoked connections are kept', async () => {
    const id = await create()
    await storeCallLog(test, await storeConnection(test, id, { state: 'revoked' }), 'call-1')
    const { body } = await ask('delete', `${base}/${id}`).expect(409)
    expect(body).toMatchObject({ code: 'in_use', detail: expect.stringContaining('Call logs') })
  })
})

describe('GET /v1/admin/installations', () => {
  it('pages through all of them once, oldest first', async () => {
    const all = (await ask('get', base).query({ limit: 200 }).expect(200)).body
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { body } = await ask('get', base).query({ limit: 2, ...(cursor && { cursor }) }).expect(200)
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor ?? undefined
    } while (cursor)
    expect(all.nextCursor).toBeNull()
    expect(seen).toEqual(all.items.map(({ id }: { id: string }) => id))
    expect(seen.length).toBeGreaterThan(4)
  })

  it.each(['nonsense', '', Buffer.from('["a","b"]').toString('base64url'), Buffer.from('["2026-01-01T00:00:00Z"]').toString('base64url')])(
    'refuses the cursor "%s"', async cursor => {
      expect(placesOf(await ask('get', base).query({ cursor }).expect(422))).toEqual(['/cursor'])
    })

  it('refuses a limit out of range', async () => {
    expect(placesOf(await ask('get', base).query({ limit: 0 }).expect(422))).toEqual(['/limit'])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeConnection, storeSession } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), fakeAdapter('oauth2'), fakeAdapter('custom')] })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const base = '/v1/admin/connections'
const ask = (method: 'get' | 'post' | 'delete', path: string) => request(test.url)[method](path).auth(key, { type: 'bearer' })

describe('making a shared connection', () => {
  it('asks the CRM, and keeps no agent', async () => {
    const installation = await test.install('fake-apikey')
    const { body } = await ask('post', base).send({ installation, fields: { key: 'good-key' } }).expect(201)
    expect(body.connection).toMatchObject({ installation, kind: 'shared', state: 'healthy', host: crm.host, crmUser: { id: 'u1', name: 'Ann Agent' }, agent: null })
    const lookup = await test.addKey(['lookup'])
    await request(test.url).get('/v1/contacts').query({ name: 'Nobody' })
      .auth(lookup, { type: 'bearer' }).set('Linefinder-Connection', body.connection.id).expect(200)
  })

  it('stores nothing when the CRM refuses', async () => {
    const installation = await test.install('fake-apikey')
    const { body } = await ask('post', base).send({ installation, fields: { key: 'wrong' } }).expect(401)
    expect(body.code).toBe('login_refused')
    expect((await ask('get', base).query({ installation }).expect(200)).body.items).toEqual([])
  })

  it('gives a link to open for OAuth 2.0', async () => {
    const installation = await test.install('fake-oauth2')
    const { body } = await ask('post', base).send({ installation }).expect(201)
    expect(body.authorizeUrl).toMatch(new RegExp(`^${test.url}/v1/authorize/[A-Za-z0-9_-]{43}$`))
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now())
  })

  it.each([['fake-oauth2', { fields: { key: 'good-key' } }], ['fake-apikey', {}]])('refuses the other way for %s', async (adapter, fields) => {
    const { body } = await ask('post', base).send({ installation: await test.install(adapter), ...fields }).expect(409)
    expect(body.code).toBe('wrong_auth_form')
  })

  it('refuses a switched-off installation and a host that is not its own', async () => {
    const fields = { key: 'good-key' }
    const off = await ask('post', base).send({ installation: await test.install('fake-apikey', { enabled: false }), fields }).expect(403)
    expect(off.body.code).toBe('installation_disabled')
    const elsewhere = await ask('post', base).send({ installation: await test.install('fake-apikey'), host: 'evil.example.test', fields }).expect(403)
    expect(elsewhere.body.code).toBe('host_not_allowed')
  })

  it('is in the audit trail without the credentials', async () => {
    const { body } = await ask('post', base).send({ installation: await test.install('fake-apikey'), fields: { key: 'good-key' } }).expect(201)
    const rows = await test.server.services.models.audit.findAll({ where: { subject: `connection:${body.connection.id}` } })
    expect(rows.map(({ action }) => action)).toContain('connection.shared')
    expect(JSON.stringify(rows)).not.toContain('good-key')
  })
})

describe('listing connections', () => {
  it('filters by installation and kind', async () => {
    const installation = await test.install('fake-apikey')
    const [personal, shared] = [await storeConnection(test, installation), await storeConnection(test, installation, { kind: 'shared' })]
    const idsOf = async (query: object) =>
      (await ask('get', base).query(query).expect(200)).body.items.map(({ id }: { id: string }) => id)
    expect(await idsOf({ installation })).toEqual([personal.id, shared.id])
    expect(await idsOf({ installation, kind: 'shared' })).toEqual([shared.id])
  })

  it('lists those of one state', async () => {
    const installation = await test.install('fake-apikey')
    const [, { id }] = [await storeConnection(test, installation), await storeConnection(test, installation, { state: 'degraded' })]
    const { body } = await ask('get', base).query({ installation, state: 'degraded' }).expect(200)
    expect(body.items).toMatchObject([{ id, state: 'degraded' }])
    await ask('get', base).query({ state: 'broken' }).expect(422)
  })

  it('shows who it is and no credentials', async () => {
    const installation = await test.install('fake-apikey')
    const { id, agentId, crmAccountId } = await storeConnection(test, installation)
    const { body } = await ask('get', base).query({ installation }).expect(200)
    expect(body.items).toEqual([{
      id, installation, kind: 'personal', state: 'healthy', stateChangedAt: expect.any(String), lastError: null, pausedUntil: null, host: 'crm.example.test', crmAccount: crmAccountId,
      crmUser: { id: 'u1', name: 'Ann Agent', email: 'ann@example.test' }, agent: agentId, createdAt: expect.any(String), updatedAt: expect.any(String),
    }])
  })
})

describe('removing a connection', () => {
  it('logs out of the CRM, ends its sessions and keeps the row as revoked', async () => {
    const installation = await test.install('fake-custom')
    const made = await ask('post', base).send({ installation, fields: { username: 'ann', password: 'right' } }).expect(201)
    const { id } = made.body.connection
    const session = await storeSession(test, id)
    const before = crm.counts.logouts
    await ask('delete', `${base}/${id}`).expect(204)
    expect(crm.counts.logouts).toBe(before + 1)
    await request(test.url).get('/v1/me').auth(session, { type: 'bearer' }).expect(401)
    expect((await ask('get', base).query({ installation })).body.items).toMatchObject([{ id, state: 'revoked' }])
    const row = await test.server.services.models.audit.findOne({ where: { subject: `connection:${id}`, action: 'connection.revoked' } })
    expect(row?.actor).toMatch(/^key:/)
  })

  it('is done even when the CRM cannot be told', async () => {
    const { id } = await storeConnection(test, await test.install('fake-apikey'), { hostname: 'nowhere.invalid' })
    await ask('delete', `${base}/${id}`).expect(204)
  })
})

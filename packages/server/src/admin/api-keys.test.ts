import { afterAll, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const base = '/v1/admin/api-keys'
const ask = (method: 'get' | 'post' | 'delete', path = base, as = key) => request(test.url)[method](path).auth(as, { type: 'bearer' })

it('gives the key out once and stores only a hash', async () => {
  const { body } = await ask('post').send({ name: 'Wallboard', scopes: ['lookup'] }).expect(201)
  expect(body.key).toMatch(/^lfk_[A-Za-z0-9_-]{43}$/)
  expect(body).toMatchObject({ name: 'Wallboard', scopes: ['lookup'], prefix: body.key.slice(0, 8), lastUsedAt: null })
  const list = await ask('get').expect(200)
  const { key: secret, ...shown } = body
  expect(list.body.items).toContainEqual(shown)
  expect(JSON.stringify(list.body)).not.toContain(secret)
  expect(JSON.stringify(await test.server.services.models.apiKeys.findByPk(body.id))).not.toContain(secret)
})

it('refuses a key without scopes, or with one that does not exist', async () => {
  await ask('post').send({ name: 'x', scopes: [] }).expect(422)
  await ask('post').send({ name: 'x', scopes: ['root'] }).expect(422)
})

it('notes when a key was used', async () => {
  const { body } = await ask('post').send({ name: 'Second', scopes: ['admin'] }).expect(201)
  await ask('get', base, body.key).expect(200)
  const { body: list } = await ask('get').query({ limit: 200 }).expect(200)
  expect(list.items.find(({ id }: { id: string }) => id === body.id).lastUsedAt).not.toBeNull()
})

it('ends a key at once', async () => {
  const { body } = await ask('post').send({ name: 'Short', scopes: ['admin'] }).expect(201)
  await ask('get', base, body.key).expect(200)
  await ask('delete', `${base}/${body.id}`).expect(204)
  await ask('get', base, body.key).expect(401)
  await ask('delete', `${base}/${body.id}`).expect(404)
})

it('keeps the tenant’s last admin key, until there is another', async () => {
  await test.addTenant('t3')
  const last = await test.addKey(['admin'], 't3')
  const [{ id }] = (await ask('get', base, last).expect(200)).body.items
  expect((await ask('delete', `${base}/${id}`, last).expect(409)).body.code).toBe('in_use')
  await ask('post', base, last).send({ name: 'Lookup only', scopes: ['lookup'] }).expect(201)
  await ask('delete', `${base}/${id}`, last).expect(409)
  await ask('post', base, last).send({ name: 'Another', scopes: ['admin', 'log'] }).expect(201)
  await ask('delete', `${base}/${id}`, last).expect(204)
})

it('keeps what was done in the audit trail, without the key', async () => {
  const { body } = await ask('post').send({ name: 'Audited', scopes: ['log'] }).expect(201)
  await ask('delete', `${base}/${body.id}`).expect(204)
  const rows = await test.server.services.models.audit.findAll({ where: { subject: `api_key:${body.id}` }, order: [['createdAt', 'ASC']] })
  expect(rows.map(({ action }) => action)).toEqual(['api_key.created', 'api_key.revoked'])
  expect(JSON.stringify(rows)).not.toContain(body.key)
})

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
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const base = '/v1/admin/client-apps'
const ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string) => request(test.url)[method](path).auth(key, { type: 'bearer' })
const wanted = { name: 'Softphone', phoneSystem: 'pbx', redirectUris: ['https://phone.example.test/back'], webOrigins: ['https://phone.example.test'] }
const create = async (): Promise<string> => (await ask('post', base).send(wanted).expect(201)).body.id as string
const placesOf = ({ body }: request.Response) => (body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()

it('registers an app under a public id that can be read aloud', async () => {
  const { body } = await ask('post', base).send(wanted).expect(201)
  expect(body).toMatchObject(wanted)
  expect(body.id).toMatch(/^app_[0-9a-f]{16}$/)
  await request(test.url).get('/v1/installations').query({ client_id: body.id }).expect(200)
  expect((await ask('get', base).expect(200)).body.items).toContainEqual(body)
})

it('wants the name of the phone system', async () => {
  expect(placesOf(await ask('post', base).send({ name: 'Softphone' }).expect(422))).toEqual(['/phoneSystem'])
})

it('names every address that cannot be one', async () => {
  const response = await ask('post', base).send({
    ...wanted, redirectUris: ['https://a.example.test/#x', 'myapp://connected', 'javascript:alert(1)'], webOrigins: ['https://a.example.test/', '*'],
  }).expect(422)
  expect(new Set(placesOf(response))).toEqual(new Set(['/redirectUris/0', '/redirectUris/2', '/webOrigins/0', '/webOrigins/1']))
})

it('changes what is sent and nothing else', async () => {
  const id = await create()
  const { body } = await ask('patch', `${base}/${id}`).send({ webOrigins: [] }).expect(200)
  expect(body).toMatchObject({ ...wanted, id, webOrigins: [] })
})

describe('removing an app', () => {
  it('ends its sessions and leaves the connection and other apps’ sessions', async () => {
    const id = await create()
    const connection = await storeConnection(test, await test.install('fake-apikey', { host: crm.host }), { hostname: crm.host })
    const [gone, stays] = [await storeSession(test, connection.id, { tenantId: test.tenantId, clientId: id }), await storeSession(test, connection.id)]
    await ask('delete', `${base}/${id}`).expect(204)
    await request(test.url).get('/v1/me').auth(gone, { type: 'bearer' }).expect(401)
    await request(test.url).get('/v1/me').auth(stays, { type: 'bearer' }).expect(200)
  })

  it('is done once', async () => {
    const id = await create()
    await ask('delete', `${base}/${id}`).expect(204)
    expect((await ask('delete', `${base}/${id}`).expect(404)).body.code).toBe('client_app_not_found')
  })
})

it('keeps what was done in the audit trail', async () => {
  const id = await create()
  await ask('patch', `${base}/${id}`).send({ name: 'Other' }).expect(200)
  await ask('delete', `${base}/${id}`).expect(204)
  const rows = await test.server.services.models.audit.findAll({ where: { subject: `client_app:${id}` }, order: [['createdAt', 'ASC']] })
  expect(rows.map(({ action, details }) => [action, details])).toEqual([
    ['client_app.created', {}], ['client_app.updated', { changed: ['name'] }], ['client_app.removed', {}],
  ])
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeCallLog, storeConnection, type StoredConnection } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key: string
let installation: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  key = await test.addKey(['admin'])
  installation = await test.install('fake-apikey')
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const base = '/v1/admin/agents'
const ask = (method: 'get' | 'post' | 'patch', path: string) => request(test.url)[method](path).auth(key, { type: 'bearer' })
const identityOf = ({ id, crmAccountId }: StoredConnection, crmUserId: string) => ({ connection: id, crmAccount: crmAccountId, crmUserId })
const placesOf = ({ body }: request.Response) => (body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()

it('lists agents with the CRM users that they are', async () => {
  const connection = await storeConnection(test, installation, { crmUserId: 'u7' })
  const { body } = await ask('get', base).query({ limit: 200 }).expect(200)
  expect(body.items).toContainEqual({
    id: connection.agentId, name: 'Ann Agent', email: 'ann@example.test', extensions: ['201'],
    identities: [identityOf(connection, 'u7')], createdAt: expect.any(String),
  })
})

it('changes what is sent, clears with null, and leaves the rest', async () => {
  const { agentId } = await storeConnection(test, installation)
  await ask('patch', `${base}/${agentId!}`).send({ extensions: ['201', '*9'] }).expect(200)
  const { body } = await ask('patch', `${base}/${agentId!}`).send({ email: null }).expect(200)
  expect(body).toMatchObject({ name: 'Ann Agent', email: null, extensions: ['201', '*9'] })
})

it('names every wrong field', async () => {
  const { agentId } = await storeConnection(test, installation)
  const response = await ask('patch', `${base}/${agentId!}`).send({ name: ' ', email: 'ann', extensions: ['2', 'x'], id: randomUUID() }).expect(422)
  expect(placesOf(response)).toEqual(['/email', '/extensions/1', '/id', '/name'])
})

describe('joining two agents', () => {
  it('moves the identities and call logs of the other, which disappears', async () => {
    const [one, other] = [await storeConnection(test, installation, { crmUserId: 'a' }), await storeConnection(test, installation, { crmUserId: 'b' })]
    const log = await storeCallLog(test, other, 'call-of-other')
    const { body } = await ask('post', `${base}/${one.agentId!}/join`).send({ agent: other.agentId }).expect(200)
    expect(body.identities).toEqual([identityOf(one, 'a'), identityOf(other, 'b')])
    const [row] = await test.server.services.database.query({ name: 'owner', text: 'SELECT agent_id AS owner FROM ledger WHERE id = $1' }, [log])
    expect(row).toEqual({ owner: one.agentId })
    await ask('patch', `${base}/${other.agentId!}`).send({ name: 'x' }).expect(404)
  })

  it('is in the audit trail without names', async () => {
    const [one, other] = [await storeConnection(test, installation), await storeConnection(test, installation)]
    await ask('post', `${base}/${one.agentId!}/join`).send({ agent: other.agentId }).expect(200)
    const row = await test.server.services.models.audit.findOne({ where: { subject: `agent:${one.agentId!}` } })
    expect(row).toMatchObject({ action: 'agent.joined', details: { joined: other.agentId } })
  })

  it('refuses an agent joined with itself', async () => {
    const { agentId } = await storeConnection(test, installation)
    expect(placesOf(await ask('post', `${base}/${agentId!}/join`).send({ agent: agentId }).expect(422))).toEqual(['/agent'])
  })

  it('changes nothing when there is no such agent', async () => {
    const { agentId } = await storeConnection(test, installation)
    expect((await ask('post', `${base}/${agentId!}/join`).send({ agent: randomUUID() }).expect(404)).body.code).toBe('not_found')
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { contact, crmUser, type CallAgent } from '@linefinder/core'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeMessageMembers } from '../testing/fake-members.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** What the adapter `fake-users` was told of the agent of a call, and of which members it was told that they changed. */
const told: { agent: CallAgent | undefined; changed: readonly string[] | null }[] = []

let crm: FakeCrm
let test: TestServer
let [key, logKey, installation, connection, withoutUsers] = ['', '', '', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const plain = fakeAdapter('apiKey')
  const users = fakeAdapter('apiKey', {
    id: 'fake-users', ...fakeMessageMembers,
    async listUsers({ http }) {
      const { data } = await http.get<object[]>('/people', { params: { name: '' } })
      return data.map(person => crmUser.parse(person))
    },
    createCallLog(ctx, log) {
      told.push({ agent: log.agent, changed: null })
      return plain.createCallLog(ctx, log)
    },
    async updateCallLog(_ctx, _ref, log, changed) { told.push({ agent: log.agent, changed }) },
  })
  test = await startTestServer({ crm, adapters: [plain, users] })
  ;[key, logKey] = [await test.addKey(['admin']), await test.addKey(['log'])]
  installation = await test.install('fake-users')
  connection = await connectShared(test, installation, { user: 'robot' })
  withoutUsers = await connectShared(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(async () => {
  told.length = 0
  crm.fault = 'none'
  crm.contacts.splice(0, Infinity, ...[
    { id: 'u1', name: 'Ann', email: 'Ann@Example.test' }, { id: 'u2', name: 'Bob' }, { id: 'u3', name: 'Cas', email: 'shared@example.test' },
    { id: 'u4', name: 'Dirk', email: 'shared@example.test' }, { id: 'u5', name: 'Els', email: '' },
  ].map(user => contact.parse({ phones: [], ...user })))
  await put([]).expect(200)
})

const of = (id: string, rest: string) => `/v1/admin/connections/${id}/${rest}`
const get = (rest: string, id = connection) => request(test.url).get(of(id, rest)).auth(key, { type: 'bearer' })
const put = (entries: unknown, id = connection) => request(test.url).put(of(id, 'user-mapping')).auth(key, { type: 'bearer' }).send({ entries })
const mapped = (extension: string, crmUserId: string) => ({ extension, crmUserId })
const addAgent = (email: string | null, extensions: string[] = []) => {
  const id = randomUUID()
  return test.server.services.models.agents.create({ id, tenantId: test.tenantId, name: 'An agent', email, extensions }).then(() => id)
}

describe.each([['get', 'users'], ['get', 'user-mapping'], ['put', 'user-mapping']] as const)('%s %s', (method, rest) => {
  it('is protected', async () => {
    const ask = () => request(test.url)[method](of(connection, rest)).send(method === 'put' ? { entries: [] } : undefined)
    expect((await ask().expect(401)).body.code).toBe('unauthenticated')
    expect((await ask().auth(logKey, { type: 'bearer' }).expect(403)).body.code).toBe('missing_scope')
  })

  it('knows no connection of another tenant', async () => {
    const tenantId = `t-${randomUUID()}`
    await test.addTenant(tenantId)
    const theirs = await connectShared(test, await test.install('fake-users', { tenantId }), { tenantId })
    const asked = method === 'put' ? put([], theirs) : get(rest, theirs)
    expect((await asked.expect(404)).body.code).toBe('not_found')
  })
})

describe('the mapping', () => {
  it('is replaced as a whole, and read in the order of the extensions', async () => {
    await put([mapped('201', 'u1'), mapped('30', 'u2')]).expect(200)
    const { body } = await put([mapped('1002', 'u1'), mapped('201', 'u2'), mapped('7', 'u1')]).expect(200)
    expect(body).toEqual({ entries: [mapped('7', 'u1'), mapped('201', 'u2'), mapped('1002', 'u1')] })
    expect((await get('user-mapping').expect(200)).body).toEqual(body)
  })

  it('is one for all connections of a CRM account, and another account’s own', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    const [same, other] = [await connectShared(test, installation, { user: 'second-robot' }), await connectShared(test, installation, { account: 'account-2' })]
    expect((await get('user-mapping', same).expect(200)).body.entries).toEqual([mapped('201', 'u1')])
    expect((await get('user-mapping', other).expect(200)).body.entries).toEqual([])
  })

  it('refuses each extension that comes again, and leaves what there was', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    const { body } = await put([mapped('202', 'u1'), mapped('203', 'u1'), mapped(' 202', 'u2')]).expect(422)
    expect(body).toMatchObject({ code: 'invalid_fields', errors: [{ in: 'body', pointer: '/entries/2/extension' }] })
    expect((await get('user-mapping').expect(200)).body.entries).toEqual([mapped('201', 'u1')])
  })

  it('refuses users that the CRM does not list', async () => {
    const { body } = await put([mapped('201', 'u1'), mapped('202', 'nobody')]).expect(422)
    expect(body).toMatchObject({ code: 'invalid_fields', errors: [{ in: 'body', pointer: '/entries/1/crmUserId' }] })
  })

  it('takes any user where the adapter lists none', async () => {
    const { body } = await put([mapped('201', 'somebody')], withoutUsers).expect(200)
    expect(body.entries).toEqual([mapped('201', 'somebody')])
  })

  it('is not replaced while the CRM cannot be asked for its users', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    crm.fault = 'garbage'
    expect((await put([mapped('202', 'u1')]).expect(502)).body.code).toBe('crm_bad_response')
    expect((await get('user-mapping').expect(200)).body.entries).toEqual([mapped('201', 'u1')])
  })

  it('names every wrong place', async () => {
    const { body } = await put([{ extension: '', crmUserId: 'u1' }, { extension: '201', crmUserId: 'u1', name: 'Ann' }, { extension: '3'.repeat(21) }]).expect(422)
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
      ['/entries/0/extension', '/entries/1/name', '/entries/2/crmUserId', '/entries/2/extension'])
  })

  it('leaves an entry in the audit trail, without extensions', async () => {
    await put([mapped('98765', 'u1')]).expect(200)
    const { crmAccountId } = (await test.server.services.models.connections.findOne({ where: { id: connection } }))!
    const rows = await test.server.services.models.audit.findAll({ where: { subject: `crm_account:${crmAccountId}` } })
    expect(rows.map(({ action, actor }) => [action, actor.slice(0, 4)])).toContainEqual(['user_mapping.replaced', 'key:'])
    expect(JSON.stringify(rows)).not.toContain('98765')
  })
})

describe('the users', () => {
  const suggestionsOf = async () => {
    const { body } = await get('users').expect(200)
    return Object.fromEntries((body.items as { id: string; suggestion: unknown }[]).map(({ id, suggestion }) => [id, suggestion]))
  }
  beforeEach(async () => { await test.server.services.database.sequelize.query('UPDATE agents SET email = NULL, extensions = \'[]\'') })

  it('come with what is mapped to them', async () => {
    await put([mapped('201', 'u1'), mapped('202', 'u1')]).expect(200)
    const { body } = await get('users').expect(200)
    expect(body.items).toHaveLength(5)
    expect(body.items[0]).toEqual({ id: 'u1', name: 'Ann', email: 'Ann@Example.test', extensions: ['201', '202'], suggestion: null })
  })

  it('are suggested by the one agent with the same address, for extensions that are free', async () => {
    const agent = await addAgent('ann@example.test', ['201', '202'])
    await put([mapped('202', 'u2')]).expect(200)
    expect((await suggestionsOf())['u1']).toEqual({ agent, by: 'email', extensions: ['201'] })
  })

  it('are not suggested by what two have, or nobody', async () => {
    await addAgent('shared@example.test')
    await addAgent('ann@example.test')
    await addAgent('ann@example.test')
    await addAgent(null)
    await addAgent('')
    expect(await suggestionsOf()).toEqual({ u1: null, u2: null, u3: null, u4: null, u5: null })
  })

  it('are suggested by the one agent with a mapped extension', async () => {
    const agent = await addAgent(null, ['555', '556'])
    await put([mapped('555', 'u2')]).expect(200)
    expect((await suggestionsOf())['u2']).toEqual({ agent, by: 'extension', extensions: ['556'] })
  })

  it('are known by who is connected as them, whatever the addresses say', async () => {
    await connectAgent(test, installation, { user: 'u2' })
    const { agentId } = (await test.server.services.models.connections.findOne({ where: { installationId: installation, crmUserId: 'u2' } }))!
    expect((await suggestionsOf())['u2']).toEqual({ agent: agentId, by: 'identity', extensions: [] })
  })

  it('cannot be had of an adapter that lists none', async () => {
    expect((await get('users', withoutUsers).expect(422)).body.code).toBe('crm_unsupported')
  })

  it('cannot be had of a connection that has ended', async () => {
    const ended = await connectShared(test, installation, { user: 'ended' })
    await test.server.services.models.connections.update({ state: 'revoked' }, { where: { id: ended } })
    expect((await get('users', ended).expect(401)).body.code).toBe('needs_reconnect')
  })
})

describe('what is logged', () => {
  const call = {
    direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', result: 'answered',
    agent: { extension: '201', name: 'Ann' },
  }
  const log = (path: string, body: object) => request(test.url).put(`/v1/${path}`).auth(logKey, { type: 'bearer' })
    .set({ 'Linefinder-Connection': connection, Prefer: 'wait=10' }).send(body)

  it('goes to the CRM under the user of the agent’s extension', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    const { body } = await log('call-logs/m1', call).expect(201)
    expect(told).toEqual([{ agent: { extension: '201', name: 'Ann', userId: 'u1' }, changed: null }])
    expect(body.agent).toEqual(call.agent)
  })

  it('goes under nobody for an extension that is mapped to nobody, and without an extension', async () => {
    await put([mapped('202', 'u1')]).expect(200)
    await log('call-logs/m2', call).expect(201)
    await log('call-logs/m3', { ...call, agent: { name: 'Ann' } }).expect(201)
    await log('call-logs/m4', { ...call, agent: undefined }).expect(201)
    expect(told.map(({ agent }) => agent)).toEqual([call.agent, { name: 'Ann' }, undefined])
  })

  it('goes under the user that it names itself', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    await log('call-logs/m5', { ...call, agent: { extension: '201', userId: 'u9' } }).expect(201)
    expect(told[0]?.agent?.userId).toBe('u9')
  })

  it('is not changed by another mapping alone, which counts from the next change on', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    await log('call-logs/m6', call).expect(201)
    await put([mapped('201', 'u2')]).expect(200)
    await log('call-logs/m6', call).expect(200)
    expect(told).toHaveLength(1)
    await log('call-logs/m6', { ...call, note: 'later' }).expect(200)
    expect(told[1]).toEqual({ agent: { ...call.agent, userId: 'u2' }, changed: ['note'] })
  })

  it('is the same for a day of messages', async () => {
    await put([mapped('201', 'u1')]).expect(200)
    const message = { id: 'm1', kind: 'sms', direction: 'inbound', from: call.from, to: call.to, sentAt: '2026-03-02T09:15:00Z', text: 'hello' }
    const { body } = await log('message-logs/conversation/2026-03-02', { messages: [message], agent: { extension: '201' } }).expect(201)
    expect(crm.messageLogs.find(({ id }) => id === body.activity.id)?.['agent']).toEqual({ extension: '201', userId: 'u1' })
  })
})

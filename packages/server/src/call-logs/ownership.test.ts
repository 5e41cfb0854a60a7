import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let [ann, bob, otherAccount, otherTenant, key, shared] = ['', '', '', '', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  await test.addTenant('t2')
  const installation = await test.install('fake-apikey')
  ann = await connectAgent(test, installation, { user: 'ann' })
  bob = await connectAgent(test, installation, { user: 'bob' })
  otherAccount = await connectAgent(test, installation, { user: 'ann', account: 'account-2' })
  otherTenant = await connectAgent(test, await test.install('fake-apikey', { tenantId: 't2' }), {
    user: 'ann', tenantId: 't2', clientId: await test.addClientApp('t2'),
  })
  key = await test.addKey(['log'])
  shared = await connectShared(test, installation, { user: 'robot' })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const call = {
  direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', result: 'answered',
}
const missed = { ...call, result: 'missed' }

type Method = 'put' | 'patch' | 'get'
const as = (token: string) => (method: Method, path: string, body?: object) =>
  request(test.url)[method](`/v1/call-logs${path}`).auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
/** The headless logger: its key's name is its phone system, so it says which one it speaks for. */
const headless = (method: Method, callId: string, body?: object) => as(key)(method, `/${callId}?phone_system=pbx`, body).set('Linefinder-Connection', shared)

const idsOf = (body: { items: { callId: string }[] }) => body.items.map(({ callId }) => callId)

describe('a log of another agent of the same CRM account', () => {
  it('answers 409 to PUT, PATCH and GET, and is not listed', async () => {
    await as(ann)('put', '/o1', call).expect(201)
    for (const response of [
      await as(bob)('put', '/o1', { ...call, note: 'mine now' }), await as(bob)('patch', '/o1', { note: 'mine now' }), await as(bob)('get', '/o1'),
      await headless('put', 'o1', { ...call, note: 'mine now' }), await headless('patch', 'o1', { note: 'mine now' }), await headless('get', 'o1'),
    ]) {
      expect({ status: response.status, code: response.body.code }).toEqual({ status: 409, code: 'owned_by_other' })
    }
    expect((await as(ann)('get', '/o1').expect(200)).body).toMatchObject({ version: 1 })
    expect(idsOf((await as(bob)('get', '').expect(200)).body)).not.toContain('o1')
    expect(idsOf((await as(ann)('get', '').expect(200)).body)).toContain('o1')
  })

  it('goes over to whoever answered when it only rang, with an audit entry', async () => {
    const { body: rang } = await as(ann)('put', '/o2', missed).expect(201)
    const { body } = await as(bob)('put', '/o2', call).expect(200)
    expect(body).toMatchObject({ result: 'answered', version: 2, status: 'delivered', activity: { id: rang.activity.id } })
    expect((await as(ann)('put', '/o2', missed).expect(409)).body.code).toBe('owned_by_other')
    expect((await as(ann)('put', '/o2', call).expect(409)).body.code).toBe('owned_by_other')
    await as(bob)('put', '/o2', { ...call, note: 'later' }).expect(200)
    const entries = (await test.server.services.models.audit.findAll({ where: { action: 'call_log.taken_over' } })).map(entry => entry.get())
    expect(entries).toEqual([expect.objectContaining({
      tenantId: 't1', actor: expect.stringMatching(/^connection:/), details: { from: expect.any(String), to: expect.any(String) },
    })])
  })

  it('does not go over when the second only rang as well, nor by PATCH', async () => {
    await as(ann)('put', '/o3', missed).expect(201)
    await as(bob)('put', '/o3', { ...missed, result: 'voicemail' }).expect(409)
    await as(bob)('patch', '/o3', { result: 'answered' }).expect(409)
    await headless('put', 'o3', call).expect(409)
  })
})

describe('a log without an agent', () => {
  it('is the headless logger’s own until an agent takes it', async () => {
    const { body: first } = await headless('put', 'h1', missed).expect(201)
    await headless('patch', 'h1', { note: 'from the queue' }).expect(200)
    expect(idsOf((await as(key)('get', '').set('Linefinder-Connection', shared).expect(200)).body)).toEqual(['h1'])
    expect((await as(bob)('put', '/h1', missed).expect(200)).body).toMatchObject({ activity: { id: first.activity.id } })
    await headless('put', 'h1', call).expect(409)
    await as(ann)('get', '/h1').expect(409)
    expect(idsOf((await as(bob)('get', '').expect(200)).body)).toContain('h1')
  })

  it('goes over by PATCH as well', async () => {
    await headless('put', 'h2', call).expect(201)
    await as(ann)('get', '/h2').expect(200)
    await as(ann)('patch', '/h2', { note: 'mine' }).expect(200)
    await as(bob)('patch', '/h2', { note: 'mine' }).expect(409)
  })
})

describe('another CRM account, another tenant', () => {
  it('does not see it, and has a log of its own under the same call id', async () => {
    await as(ann)('put', '/x1', call).expect(201)
    for (const stranger of [otherAccount, otherTenant]) {
      expect((await as(stranger)('get', '/x1').expect(404)).body.code).toBe('call_log_not_found')
      expect((await as(stranger)('patch', '/x1', { note: 'x' }).expect(404)).body.code).toBe('call_log_not_found')
      expect(idsOf((await as(stranger)('get', '?ids=x1').expect(200)).body)).toEqual([])
      await as(stranger)('put', '/x1', { ...call, note: 'own' }).expect(201)
    }
    expect((await as(ann)('get', '/x1').expect(200)).body).not.toHaveProperty('note')
  })

  it('finds no shared connection of another tenant', async () => {
    const foreign = await test.addKey(['log'], 't2')
    await as(foreign)('put', '/x2', call).set('Linefinder-Connection', shared).expect(404)
    await as(key)('put', '/x2', call).expect(422)
    await as(await test.addKey(['lookup']))('put', '/x2', call).set('Linefinder-Connection', shared).expect(403)
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { contact } from '@linefinder/core'
import type { DirectoryResource } from '@linefinder/core/api'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { forgetHealth } from '../testing/forget-health.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

let crm: FakeCrm
let test: TestServer
let [admin, installation, shared, agent] = ['', '', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const { listContacts: _list, addContactNumber: _add, ...bare } = fakeAdapter('apiKey', { id: 'fake-bare' })
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), bare], runsJobs: true })
  admin = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(async () => {
  // An installation of its own, so that no test sees another's directory.
  installation = await test.install('fake-apikey')
  shared = await connectShared(test, installation, { user: 'robot' })
  agent = await connectAgent(test, installation)
})
afterEach(() => {
  crm.contacts.length = 0
  crm.deleted.length = 0
  crm.listed.length = 0
  crm.unindexed.clear()
  crm.counts.people = 0
  crm.pageFault = 'none'
})

const addContact = (id: string, ...numbers: string[]) =>
  crm.contacts.push(contact.parse({ id, name: `Contact ${id}`, phones: numbers.map(number => ({ number, label: 'work' })) }))
const as = (token: string, method: 'get' | 'put' | 'post' | 'patch' | 'delete', path: string) => request(test.url)[method](path).auth(token, { type: 'bearer' })
const switchOn = (connection = shared, body: object = {}) => as(admin, 'put', `/v1/admin/connections/${connection}/directory`).send(body)
const sync = (full: boolean) => as(admin, 'post', `/v1/admin/connections/${shared}/directory/sync`).send({ full }).expect(202)
const directory = async (token = agent) => (await as(token, 'get', '/v1/directory').expect(200)).body as DirectoryResource
const settled = (token = agent) => until(async () => {
  const now = await directory(token)
  return now.state === 'ready' || now.state === 'failed' ? now : null
})
const syncedAgain = async (full: boolean) => {
  const { lastResult } = await directory()
  await sync(full)
  return until(async () => {
    const now = await directory()
    return now.lastResult?.finishedAt !== lastResult?.finishedAt && now.state !== 'syncing' ? now : null
  })
}
const find = async (phone: string, token = agent, more = '') => (await as(token, 'get', `/v1/contacts?phone=${encodeURIComponent(phone)}${more}`).expect(200)).body
const idsOf = ({ contacts }: { contacts: { id: string }[] }) => contacts.map(({ id }) => id)

describe('protection', () => {
  const other = '3f0e8a0e-52a1-4f5b-9f5b-0d6f4a0c7c11'

  it('wants a session or a key with the scope', async () => {
    await request(test.url).get('/v1/directory').expect(401)
    await as(admin, 'get', '/v1/directory').expect(403)
  })

  it.each([
    ['get', '/v1/admin/directories'], ['put', `/v1/admin/connections/${other}/directory`],
    ['delete', `/v1/admin/connections/${other}/directory`], ['post', `/v1/admin/connections/${other}/directory/sync`],
  ] as const)('%s %s is for admins', async (method, path) => {
    await request(test.url)[method](path).send({}).expect(401)
    await as(agent, method, path).send({}).expect(401)
    await as(await test.addKey(['lookup']), method, path).send({}).expect(403)
  })

  it('shows another tenant’s admin nothing', async () => {
    await switchOn().expect(201)
    await test.addTenant('t2')
    const stranger = await test.addKey(['admin'], 't2')
    expect((await as(stranger, 'get', '/v1/admin/directories').expect(200)).body.items).toEqual([])
    await as(stranger, 'put', `/v1/admin/connections/${shared}/directory`).send({}).expect(404)
    await as(stranger, 'delete', `/v1/admin/connections/${shared}/directory`).expect(404)
    await as(stranger, 'post', `/v1/admin/connections/${shared}/directory/sync`).send({}).expect(404)
    await settled()
  })
})

describe('switching on', () => {
  it('reads every contact, and says what it has', async () => {
    addContact('1', '(0413) 741-741', '06 12345678')
    addContact('2', 'ask reception')
    addContact('3', '741-741', '205')
    addContact('4')
    addContact('5', '+31 413 741 742 ext. 3')
    const { body } = await switchOn(shared, { syncEveryMinutes: 15 }).expect(201)
    expect(body).toMatchObject({ scope: 'account', connection: shared, state: 'waiting', isComplete: false, syncEveryMinutes: 15, fullEveryHours: 24, maxContacts: null })
    expect(await settled()).toMatchObject({
      state: 'ready', isComplete: true, contacts: 5, numbers: 5, notValidNumbers: 1, unreadableNumbers: [{ reason: 'no_digits', count: 1 }],
      lastResult: { kind: 'full', pages: 3, contacts: 5, numbers: 6, deleted: 0, error: null },
    })
    expect(crm.listed).toEqual([{ since: null, cursor: null }, { since: null, cursor: '2' }, { since: null, cursor: '4' }])
  })

  it('takes a contact once that one page or two pages name twice, the last as it is, and a number once that it has twice', async () => {
    addContact('1', '0413741741', '0413741741', '+31 413 741 741')
    addContact('1', '0413741742', '0413741742')
    addContact('2', '0413741743')
    addContact('3', '0413741744 x1 / 0413741744 x2')
    addContact('2', '0413741745')
    await switchOn().expect(201)
    expect(await settled()).toMatchObject({ state: 'ready', isComplete: true, contacts: 3, numbers: 3 })
    expect(idsOf(await find('+31413741742'))).toEqual(['1'])
    expect(idsOf(await find('+31413741744'))).toEqual(['3'])
    expect(idsOf(await find('+31413741745'))).toEqual(['2'])
    expect(await find('+31413741741')).toMatchObject({ contacts: [] })
    expect(await find('+31413741743')).toMatchObject({ contacts: [] })
  })

  it('again changes its figures, and goes by the schedule', async () => {
    await switchOn().expect(201)
    await settled()
    expect((await switchOn(shared, { syncEveryMinutes: 60, maxContacts: 10 }).expect(200)).body).toMatchObject({ syncEveryMinutes: 60, maxContacts: 10, isComplete: true })
  })

  it('wants one connection for an account, and an adapter that lists contacts', async () => {
    await switchOn().expect(201)
    const second = await connectShared(test, installation, { user: 'robot 2' })
    expect((await switchOn(second).expect(409)).body.code).toBe('already_exists')
    const bare = await connectShared(test, await test.install('fake-bare'))
    expect((await switchOn(bare).expect(422)).body.code).toBe('crm_unsupported')
    expect((await switchOn(shared, { syncEveryMinutes: 0, often: true }).expect(422)).body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/often', '/syncEveryMinutes'])
    await settled()
  })

  it('leaves an entry in the audit trail', async () => {
    await switchOn().expect(201)
    await as(admin, 'delete', `/v1/admin/connections/${shared}/directory`).expect(204)
    const rows = await test.server.services.models.audit.findAll({ where: { subject: `connection:${shared}` } })
    expect(rows.map(({ action }) => action).sort()).toEqual(['directory.switched_off', 'directory.switched_on'])
  })
})

describe('lookups', () => {
  it('are answered without the CRM, found or not', async () => {
    addContact('1', '(0413) 741-741')
    await switchOn().expect(201)
    await settled()
    expect(await find('+31413741741')).toEqual({
      status: 'complete', source: 'directory', number: '+31413741741', isAmbiguous: false, ageSeconds: expect.any(Number),
      contacts: [{
        id: '1', name: 'Contact 1', phones: [{ number: '(0413) 741-741', label: 'work' }], url: `http://${crm.host}/people/1`,
        matchedNumber: '(0413) 741-741', match: 'e164',
      }],
    })
    expect(await find('+31413741742')).toMatchObject({ status: 'complete', source: 'directory', contacts: [] })
    expect(crm.counts.people).toBe(0)
  })

  it('find second numbers, local and internal ones, and everyone who shares one', async () => {
    addContact('many', '06 12345678', '0413 741 741')
    addContact('local', '741-742')
    addContact('inside', '205')
    addContact('shared a', '020 1234567')
    addContact('shared b', '+31 (0)20 123 4567')
    await switchOn().expect(201)
    await settled()
    expect(idsOf(await find('+31413741741'))).toEqual(['many'])
    expect(await find('+31413741742')).toMatchObject({ contacts: [{ id: 'local', match: 'last_digits' }] })
    expect(await find('205')).toMatchObject({ contacts: [{ id: 'inside', match: 'extension' }], number: null })
    expect(await find('0201234567')).toMatchObject({ contacts: [{ id: 'shared a' }, { id: 'shared b' }], isAmbiguous: true })
    expect(crm.counts.people).toBe(0)
  })

  it('show the company’s name of a contact that the CRM gives only the company’s id of', async () => {
    const add = (more: object) => crm.contacts.push(contact.parse({ name: 'Ann', phones: [], ...more }))
    add({ id: '1', companyId: 'k5', phones: [{ number: '+31413741741' }] })
    add({ id: '2', companyId: 'k5', companyName: 'Ann’s own', phones: [{ number: '+31413741742' }] })
    add({ id: '3', companyId: 'k6', phones: [{ number: '+31413741743' }] })
    add({ id: 'k5', name: 'De Vries Dakwerken' })
    await switchOn().expect(201)
    await settled()
    const companiesAt = async (phone: string, more = '') => (await find(phone, agent, more)).contacts.map(({ companyName }: { companyName?: string }) => companyName)
    expect(await companiesAt('+31413741741')).toEqual(['De Vries Dakwerken'])
    expect(await companiesAt('+31413741741', '&fresh=true')).toEqual(['De Vries Dakwerken'])
    expect(await companiesAt('+31413741742')).toEqual(['Ann’s own'])
    expect(await companiesAt('+31413741743')).toEqual([undefined])
    expect((await as(agent, 'get', '/v1/contacts?name=Ann').expect(200)).body.contacts.map(({ companyName }: { companyName?: string }) => companyName)).toEqual(['De Vries Dakwerken', 'Ann’s own', undefined])
  })

  it('ask the CRM when told to, and while the directory is not complete', async () => {
    addContact('1', '0413741741')
    addContact('2', '0413741742')
    addContact('3', '0413741743')
    crm.pageFault = 'rate_limited'
    await switchOn().expect(201)
    expect(await settled()).toMatchObject({ state: 'failed', isComplete: false, contacts: 2 })
    expect(await find('+31413741741')).toMatchObject({ contacts: [{ id: '1' }], source: 'directory' })
    expect(await find('+31413741743')).toMatchObject({ contacts: [{ id: '3' }], source: 'crm' })
    expect(await find('+31413741741', agent, '&fresh=true')).toMatchObject({ contacts: [{ id: '1' }], source: 'crm' })
  })
})

describe('what we make ourselves', () => {
  it('is found at once, and stays while the CRM does not list it yet', async () => {
    await switchOn().expect(201)
    await settled()
    expect(await find('+31413741741')).toMatchObject({ contacts: [] })
    const { body } = await as(agent, 'post', '/v1/contacts').send({ name: 'New', phone: '0413 741741' }).expect(201)
    crm.unindexed.add(body.id)
    expect(idsOf(await find('+31413741741'))).toEqual([body.id])
    expect(await syncedAgain(true)).toMatchObject({ state: 'ready', lastResult: { kind: 'full', contacts: 0, deleted: 0 } })
    expect(idsOf(await find('+31413741741'))).toEqual([body.id])
  })

  it('includes a number added to a contact that is there', async () => {
    addContact('1', '0413741741')
    await switchOn().expect(201)
    await settled()
    const { body } = await as(agent, 'post', '/v1/contacts/1/numbers').send({ number: '06 12345678', label: 'mobile' }).expect(201)
    expect(body.phones).toEqual([{ number: '0413741741', label: 'work' }, { number: '+31612345678', label: 'mobile' }])
    expect(idsOf(await find('+31612345678'))).toEqual(['1'])
    expect(idsOf(await find('+31413741741'))).toEqual(['1'])
  })
})

describe('syncing again', () => {
  it('reads what has changed since a good while before the last time', async () => {
    addContact('1', '0413741741')
    await switchOn().expect(201)
    const { syncedAt } = await settled()
    crm.contacts[0]!.phones[0]!.number = '0413741742'
    const { lastResult } = await syncedAgain(false)
    expect(lastResult).toMatchObject({ kind: 'incremental', contacts: 1 })
    expect(Date.parse(syncedAt ?? '') - Date.parse(crm.listed.at(-1)?.since ?? '')).toBe(17 * 60_000)
    expect(idsOf(await find('+31413741742'))).toEqual(['1'])
    expect(await find('+31413741741')).toMatchObject({ contacts: [] })
  })

  it('reads numbers anew when the installation reads them in another way', async () => {
    addContact('1', '02 123 45 67')
    await switchOn().expect(201)
    await settled()
    const { lastResult } = await directory()
    await as(admin, 'patch', `/v1/admin/installations/${installation}`).send({ settings: { country: 'BE' } }).expect(200)
    await until(async () => (await directory()).lastResult?.finishedAt === lastResult?.finishedAt ? null : true)
    expect(await find('+3221234567')).toMatchObject({ source: 'directory', contacts: [{ id: '1' }] })
  })

  it('drops contacts that the CRM names as deleted', async () => {
    addContact('1', '0413741741')
    addContact('2', '0413741742')
    await switchOn().expect(201)
    await settled()
    crm.contacts.shift()
    crm.deleted.push('1')
    expect(await syncedAgain(false)).toMatchObject({ contacts: 1, lastResult: { deleted: 1 } })
    expect(await find('+31413741741')).toMatchObject({ contacts: [] })
  })

  it('drops whoever is gone when everything is read', async () => {
    addContact('1', '0413741741')
    addContact('2', '0413741742')
    await switchOn().expect(201)
    await settled()
    crm.contacts.shift()
    await syncedAgain(false)
    expect(idsOf(await find('+31413741741'))).toEqual(['1'])
    expect(await syncedAgain(true)).toMatchObject({ contacts: 1, numbers: 1, lastResult: { kind: 'full', deleted: 1 } })
    expect(await find('+31413741741')).toMatchObject({ contacts: [] })
    expect(idsOf(await find('+31413741742'))).toEqual(['2'])
  })
})

describe('a CRM that stumbles', () => {
  it.each(['repeats', 'malformed'] as const)('%s a page: the sync stops and says so, and what was good stays', async fault => {
    for (const id of ['1', '2', '3', '4', '5']) addContact(id, `041374174${id}`)
    crm.pageFault = fault
    await switchOn().expect(201)
    expect(await settled()).toMatchObject({ state: 'failed', isComplete: false, lastResult: { error: { code: 'crm_bad_response' } }, progress: null })
    // One that is wrong is seen at its turn, with a few more under way.
    expect(crm.listed.length).toBeLessThanOrEqual(5)
    expect(idsOf(await find('+31413741741'))).toEqual(['1'])
    crm.pageFault = 'none'
    expect(await syncedAgain(false)).toMatchObject({ state: 'ready', isComplete: true, contacts: 5 })
  })

  it('says when to come back: the run goes on from its page, not before', async () => {
    for (const id of ['1', '2', '3']) addContact(id, `041374174${id}`)
    crm.pageFault = 'rate_limited'
    await switchOn().expect(201)
    const { lastResult, nextSyncAt } = await until(async () => {
      const now = await directory()
      return now.state === 'failed' ? now : null
    })
    expect(lastResult?.error?.code).toBe('crm_rate_limited')
    expect(Date.parse(nextSyncAt ?? '') - Date.parse(lastResult?.finishedAt ?? '')).toBeGreaterThanOrEqual(69_000)
    crm.pageFault = 'none'
    crm.listed.length = 0
    await forgetHealth(test)
    expect(await syncedAgain(false)).toMatchObject({ state: 'ready', isComplete: true, contacts: 3 })
    expect(crm.listed).toEqual([{ since: null, cursor: '2' }])
  })
})

it('waits while its connection needs to be reconnected, keeps answering, and goes on afterwards', async () => {
  addContact('1', '0413741741')
  await switchOn().expect(201)
  await settled()
  await test.server.services.models.connections.update({ state: 'needs_reconnect' }, { where: { id: shared } })
  expect(await syncedAgain(false)).toMatchObject({ state: 'failed', isComplete: true, contacts: 1, lastResult: { error: { code: 'needs_reconnect' } } })
  expect(await find('+31413741741')).toMatchObject({ contacts: [{ id: '1' }], source: 'directory' })
  // The same CRM user by the same form: the same connection.
  crm.user = { id: 'robot', name: 'Robot', email: 'robot@example.test' }
  await test.server.services.models.crmAccounts.update({ accountKey: `${crm.host}|account:account-1` }, { where: { installationId: installation } })
  const { body } = await as(admin, 'post', '/v1/admin/connections').send({ installation, fields: { key: 'good-key' } }).expect(201)
  expect(body.connection.id).toBe(shared)
  await until(async () => (await directory()).state === 'ready' ? true : null)
})

describe('a personal directory', () => {
  it('is for its own agent, and stops at its cap', async () => {
    for (const id of ['1', '2', '3']) addContact(id, `041374174${id}`)
    const colleague = await connectAgent(test, installation, { user: 'u2' })
    const [connection] = await test.server.services.models.connections.findAll({ where: { installationId: installation, crmUserId: 'u1' } })
    await as(agent, 'get', '/v1/directory').expect(404)
    expect((await switchOn(connection!.id).expect(201)).body).toMatchObject({ scope: 'personal', maxContacts: 5000 })
    await settled()
    expect(await find('+31413741741')).toMatchObject({ source: 'directory' })
    expect(await find('+31413741741', colleague)).toMatchObject({ source: 'crm' })
    await as(colleague, 'get', '/v1/directory').expect(404)

    await switchOn(connection!.id, { maxContacts: 2 }).expect(200)
    await as(admin, 'post', `/v1/admin/connections/${connection!.id}/directory/sync`).send({ full: true }).expect(202)
    expect(await until(async () => {
      const now = await directory()
      return now.state === 'failed' ? now : null
    })).toMatchObject({ lastResult: { error: { code: 'directory_full' } } })
  })
})

describe('switching off', () => {
  it('lets lookups ask the CRM again, and empties the tables', async () => {
    addContact('1', '0413741741')
    await switchOn().expect(201)
    const { id } = await settled()
    await as(admin, 'delete', `/v1/admin/connections/${shared}/directory`).expect(204)
    await as(admin, 'delete', `/v1/admin/connections/${shared}/directory`).expect(404)
    expect(await find('+31413741741')).toMatchObject({ source: 'crm' })
    await until(async () => {
      const [row] = await test.server.services.database.query<{ left: number }>({
        text: `SELECT (SELECT count(*) FROM directory_contacts WHERE directory_id = $1) + (SELECT count(*) FROM directory_numbers WHERE directory_id = $1)
          + (SELECT count(*) FROM directories WHERE id = $1) AS left`,
      }, [Number(id)])
      return Number(row?.left) === 0 ? true : null
    })
    await switchOn().expect(201)
    await settled()
  })

  it('stands in nobody’s way who removes the installation', async () => {
    await switchOn().expect(201)
    await settled()
    const connections = await test.server.services.models.connections.findAll({ where: { installationId: installation } })
    for (const { id } of connections) await as(admin, 'delete', `/v1/admin/connections/${id}`).expect(204)
    await as(admin, 'delete', `/v1/admin/installations/${installation}`).expect(204)
  })

  it('comes with the end of its connection', async () => {
    await switchOn().expect(201)
    await settled()
    await as(admin, 'delete', `/v1/admin/connections/${shared}`).expect(204)
    await as(agent, 'get', '/v1/directory').expect(404)
  })
})

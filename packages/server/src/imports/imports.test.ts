import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { activityId, callId, type CrmAdapter } from '@linefinder/core'
import { connectionOf } from '../connections/connection-of.js'
import type { Caller } from '../http/caller.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeMessageMembers } from '../testing/fake-members.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { ImportedLink, ImportedUser } from './imported.js'

/** What `updateCallLog` was told. */
const updates: { readonly changed: readonly string[]; readonly log: object }[] = []

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  const usual = fakeAdapter('apiKey', fakeMessageMembers)
  const watched: CrmAdapter['updateCallLog'] = async (ctx, ref, log, changed) => {
    updates.push({ changed, log })
    await usual.updateCallLog(ctx, ref, log, changed)
  }
  const read: CrmAdapter['getCallLog'] = async ({ http }, ref) => {
    const { data } = await http.get<{ id: string; body?: string }>(`/activities/${ref.id}`)
    return { ref: { id: activityId.parse(data.id) }, body: data.body }
  }
  test = await startTestServer({
    crm, adapters: [
      { ...usual, id: 'fake-plain', updateCallLog: watched },
      { ...usual, id: 'fake-text', bodyFormat: 'plain', updateCallLog: watched, getCallLog: read },
      { ...usual, id: 'fake-blind-text', bodyFormat: 'plain', updateCallLog: watched },
    ],
  })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => {
  updates.length = 0
  crm.activities.length = 0
  crm.messageLogs.length = 0
  crm.accountId = 'account-1'
  crm.user = { id: 'u1', name: 'Ann Agent', email: 'ann@example.test' }
})

const imports = () => test.server.services.imports
const query = <Row extends object>(text: string, values: unknown[] = []) => test.server.services.database.query<Row>({ text }, values)
const target = (installationId: string, isDryRun = false) => ({ tenantId: 't1', installationId, isDryRun })
const user = (changes: Partial<ImportedUser> = {}): ImportedUser =>
  ({ label: 'u1-crm', crmUserId: 'u1', hostname: null, credentials: { type: 'fields', fields: { key: 'good-key' } }, ...changes })
const link = (changes: Partial<ImportedLink> = {}): ImportedLink => ({
  label: 's1', kind: 'call', crmUserId: 'u1', hostname: null, phoneSystem: 'pbx', key: 's1', part: '', activityId: 'a1', contactId: 'c9',
  occursAt: new Date('2026-02-01T10:00:00Z'), ...changes,
})
const nobody = () => false

/** An installation with one imported user and call; the CRM has its activity, as somebody wrote it there. */
async function imported(adapter = 'fake-plain', changes: Partial<ImportedLink> = {}): Promise<string> {
  const installation = await test.install(adapter)
  await imports().users(target(installation), [user()], false)
  await imports().links(target(installation), [link(changes)], nobody)
  crm.activities.push({ id: 'a1', externalId: '', user: 'u1', note: 'as it was', subject: 'Old', contactId: 'c9', body: 'Written by hand.' })
  return installation
}

async function signIn(installation: string): Promise<string> {
  const { body } = await request(test.url).post('/v1/connections').send({ client_id: 'app1', installation, fields: { key: 'good-key' } }).expect(201)
  return String(body.token)
}

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-02-01T10:00:00Z' }
const say = (method: 'put' | 'patch', token: string, body: object, key = 's1') =>
  request(test.url)[method](`/v1/call-logs/${key}`).auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
const accountOf = async (installation: string) => (await query<{ key: string }>(
  'SELECT a.account_key AS key FROM connections c JOIN crm_accounts a ON a.id = c.crm_account_id WHERE c.installation_id = $1', [installation])).map(({ key }) => key)

/** As a surface that serves callers of its own has them. */
async function callerOf(installation: string): Promise<Caller> {
  const { models } = test.server.services
  const row = (await models.connections.findOne({ where: { installationId: installation } }))!
  const connection = { ...await connectionOf(test.server.services, { tenantId: 't1', connectionId: row.id }), crmAccountId: row.crmAccountId, agentId: row.agentId }
  // Of a session's other members the service reads none.
  return { kind: 'session', tenantId: 't1', phoneSystem: 'pbx', connection } as unknown as Caller
}

describe('a call that another system logged', () => {
  it('changes its activity when it is said again, and is not logged anew', async () => {
    const token = await signIn(await imported())
    await say('put', token, { ...call, note: 'new' }).expect(200)
    expect(crm.activities).toMatchObject([{ id: 'a1', note: 'new', subject: 'Old', contactId: 'c9' }])
    expect(updates[0]?.changed.filter(name => name === 'contactId')).toEqual([])
  })

  it('is not sent by itself, and says that its content is not here', async () => {
    const token = await signIn(await imported())
    await test.server.services.ledger.idle()
    expect(updates).toEqual([])
    const { body } = await request(test.url).get('/v1/call-logs/s1').auth(token, { type: 'bearer' }).expect(410)
    expect(body.code).toBe('content_deleted')
  })

  it('keeps what stands in the CRM’s text', async () => {
    await say('put', await signIn(await imported('fake-text')), { ...call, note: 'new' }).expect(200)
    expect(crm.activities[0]?.body).toMatch(/Note: new[^]*Written by hand\.|Written by hand\.[^]*Note: new/)
  })

  it('leaves a text alone that cannot be read', async () => {
    await say('put', await signIn(await imported('fake-blind-text')), { ...call, note: 'new' }).expect(200)
    expect(crm.activities[0]?.body).toBe('Written by hand.')
  })

  it('takes a part of what there is to say: only that reaches the CRM', async () => {
    const installation = await imported('fake-text')
    await signIn(installation)
    const caller = await callerOf(installation)
    const key = { phoneSystem: 'pbx', callId: callId.parse('s1'), leg: '' }
    expect(await test.server.services.callLogs.patch(caller, key, { note: 'only this' }, 10_000, { takesPart: true })).toMatchObject({ isDelivered: true, resource: { activity: { id: 'a1' } } })
    expect(updates).toMatchObject([{ changed: ['note', 'body'], log: { direction: 'outbound', startedAt: '2026-02-01T10:00:00.000Z' } }])
    expect(crm.activities[0]?.body).toContain('only this')
    expect(crm.activities[0]?.body).not.toMatch(/unknown|Outbound/i)
  })

  it('becomes whole by a patch that tells everything, and by none that does not', async () => {
    const token = await signIn(await imported())
    expect((await say('patch', token, { note: 'part' }).expect(410)).body.code).toBe('content_deleted')
    await say('patch', token, { ...call, note: 'whole' }).expect(200)
    expect((await request(test.url).get('/v1/call-logs/s1').auth(token, { type: 'bearer' }).expect(200)).body).toMatchObject({ note: 'whole', activity: { id: 'a1' } })
  })
})

describe('messages that another system logged', () => {
  const message = (id: string) => ({ id, kind: 'sms', direction: 'inbound', from: { number: '1' }, to: { number: '2' }, sentAt: '2026-02-01T10:00:00Z' })
  const put = (token: string, ids: string[]) =>
    request(test.url).put('/v1/message-logs/c1/2026-02-01').auth(token, { type: 'bearer' }).set('Prefer', 'wait=10').send({ messages: ids.map(message) })

  it('are not logged again, and what is new gets a record of its own where the CRM’s cannot be read', async () => {
    const token = await signIn(await imported('fake-plain', { kind: 'message', key: 'c1', part: '2026-02-01', activityId: 'm9', messageIds: ['m1', 'm2'] }))
    await put(token, ['m1', 'm2']).expect(200)
    expect(crm.messageLogs).toEqual([])
    await put(token, ['m1', 'm2', 'm3']).expect(200)
    await put(token, ['m2', 'm3', 'm4']).expect(200)
    expect(crm.messageLogs).toMatchObject([{ messages: [{ id: 'm3' }, { id: 'm4' }] }])
  })
})

describe('a user whom another system had connected', () => {
  it('is found again by the CRM user’s id, in the account that the CRM names', async () => {
    const installation = await imported()
    expect(await accountOf(installation)).toEqual([`${crm.host}|user:u1`])
    const token = await signIn(installation)
    expect(await accountOf(installation)).toEqual([`${crm.host}|account:account-1`])
    await say('put', token, call).expect(200)
    expect(crm.counts.activities).toBe(0)
    expect(await query('SELECT name FROM agents a JOIN connections c ON c.agent_id = a.id WHERE c.installation_id = $1', [installation])).toEqual([{ name: 'Ann Agent' }])
  })

  it('keeps the account of its own where the CRM names none', async () => {
    const installation = await imported()
    crm.accountId = null
    await say('put', await signIn(installation), call).expect(200)
    expect(await accountOf(installation)).toEqual([`${crm.host}|user:u1`])
    expect(crm.counts.activities).toBe(0)
  })

  it('moves to its account as soon as the server has asked, without signing in', async () => {
    const installation = await imported()
    await test.server.services.probe.sweep()
    expect(await accountOf(installation)).toEqual([`${crm.host}|account:account-1`])
    const again = await imports().links(target(installation), [link()], nobody)
    expect(again).toEqual([{ label: 's1', is: 'there' }])
  })

  it('stays where it is when its credentials are another’s', async () => {
    const installation = await imported()
    crm.user = { ...crm.user, id: 'u2' }
    await test.server.services.probe.sweep()
    expect(await accountOf(installation)).toEqual([`${crm.host}|user:u1`])
  })

  it('who is signed out there waits for its user, with what is logged', async () => {
    const installation = await test.install('fake-plain')
    await imports().users(target(installation), [user({ credentials: null })], false)
    await imports().links(target(installation), [link()], nobody)
    crm.activities.push({ id: 'a1', externalId: '', user: 'u1', note: '', subject: '', contactId: '', body: '' })
    expect(await query('SELECT state, credentials FROM connections WHERE installation_id = $1', [installation])).toEqual([{ state: 'revoked', credentials: null }])
    await say('put', await signIn(installation), { ...call, note: 'back' }).expect(200)
    expect(crm.activities).toMatchObject([{ note: 'back' }])
  })

  it('two who logged one call each keep their record', async () => {
    const installation = await imported()
    await imports().users(target(installation), [user({ label: 'u2-crm', crmUserId: 'u2' })], false)
    await imports().links(target(installation), [link({ crmUserId: 'u2', activityId: 'a2' })], nobody)
    await signIn(installation)
    crm.user = { id: 'u2', name: 'Ben', email: 'ben@example.test' }
    await signIn(installation)
    expect(await query(`SELECT activity->>'id' AS id, part = '' AS "isFirst" FROM ledger JOIN connections c ON c.id = connection_id WHERE c.installation_id = $1 ORDER BY 1`, [installation]))
      .toEqual([{ id: 'a1', isFirst: true }, { id: 'a2', isFirst: false }])
  })
})

describe('an import', () => {
  it('changes nothing the second time, and leaves the credentials of those who are connected', async () => {
    const installation = await imported()
    const rows = async () => query('SELECT c.credentials, c.agent_id, l.id FROM connections c JOIN ledger l ON l.connection_id = c.id WHERE c.installation_id = $1', [installation])
    const before = await rows()
    const other = user({ credentials: { type: 'fields', fields: { key: 'other' } } })
    expect(await imports().users(target(installation), [other], false)).toMatchObject([{ label: 'u1-crm', is: 'there' }])
    expect(await imports().links(target(installation), [link()], nobody)).toEqual([{ label: 's1', is: 'there' }])
    expect(await rows()).toEqual(before)
    expect(await imports().users(target(installation), [other], true)).toMatchObject([{ label: 'u1-crm', is: 'replaced' }])
    expect(await rows()).not.toEqual(before)
  })

  it('only looks in a dry run, and tells what would be done', async () => {
    const installation = await test.install('fake-plain')
    expect(await imports().users(target(installation, true), [user()], false)).toEqual([{ label: 'u1-crm', is: 'new' }])
    expect(await imports().links(target(installation, true), [link(), link({ label: 's2', key: 's2', crmUserId: 'u9' })], id => id === 'u1'))
      .toEqual([{ label: 's1', is: 'new' }, { label: 's2', is: 'skipped', reason: 'unknown_user' }])
    expect(await accountOf(installation)).toEqual([])
  })

  it('says why it skips', async () => {
    const installation = await imported()
    expect(await imports().users(target(installation), [
      user({ label: 'host', crmUserId: 'u5', hostname: 'other.example.test' }), user({ label: 'form', crmUserId: 'u6', credentials: { type: 'fields', fields: { word: 'x' } } }),
      user({ label: 'id', crmUserId: '' }),
    ], false)).toEqual([
      { label: 'host', is: 'skipped', reason: 'host_not_allowed' }, { label: 'form', is: 'skipped', reason: 'invalid_fields' }, { label: 'id', is: 'skipped', reason: 'invalid_id' },
    ])
    expect(await imports().links(target(installation), [link({ activityId: 'a7' }), link({ label: 'none', key: 's3', activityId: '' })], nobody)).toEqual([
      { label: 's1', is: 'skipped', reason: 'other_activity' }, { label: 'none', is: 'skipped', reason: 'invalid_id' },
    ])
  })

  it('reaches no other tenant’s installation', async () => {
    const installation = await test.install('fake-plain')
    const foreign = { ...target(installation), tenantId: `t-${randomUUID()}` }
    await expect(imports().users(foreign, [user()], false)).rejects.toMatchObject({ code: 'installation_not_found' })
    await expect(imports().schemeOf(foreign)).rejects.toMatchObject({ code: 'installation_not_found' })
  })

  it('keeps no credential in clear', async () => {
    await imported()
    const rows = await query<{ row: string }>('SELECT c::text AS row FROM connections c UNION ALL SELECT a::text FROM audit a')
    expect(rows.map(({ row }) => row).join('\n')).not.toContain('good-key')
  })
})

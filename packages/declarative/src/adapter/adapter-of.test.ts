import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, crmUser, externalId, type ActivityRef, type CallLog, type CallLogInput, type CrmError } from '@linefinder/core'
import { ringotelAdapter } from '../ringotel-adapter.js'
import { contextFor, CrmInTest, type ContextOptions } from '../testing/crm-in-test.js'
import { adapterOf } from './adapter-of.js'
import { buildDescription, type TestDocument } from '../testing/build-description.js'

let crm: CrmInTest
let other: CrmInTest
beforeAll(async () => { [crm, other] = [await CrmInTest.start(), await CrmInTest.start()] })
afterAll(async () => { await Promise.all([crm.stop(), other.stop()]) })
beforeEach(() => {
  for (const each of [crm, other]) {
    each.answer = () => ({})
    each.take()
  }
})

const northwind = ringotelAdapter(readFileSync(new URL('../../test-data/01-oauth2-northwind.json', import.meta.url), 'utf8'))
const meridianText = readFileSync(new URL('../../test-data/02-bearer-odata-braces.json', import.meta.url), 'utf8')

const oauthBlock = { client_id: '$Client ID$', client_secret: '$Client Secret$', authorization_endpoint: 'https://$hostname$/authorize', token_endpoint: 'https://$hostname$/token' }
const currentUser = { request_method: 'GET' as const, request_path: '/me', response_map: { id: '$user_id$' } }
const asAnn = crmUser.parse({ id: 'u1', name: 'Ann' })
const inNorthwind = (options: ContextOptions = {}) => contextFor(northwind, crm.host, {
  properties: { 'Instance URL': `http://${crm.host}`, 'Client ID': 'cid' }, secrets: { 'Client Secret': 'secret' }, user: asAnn, ...options,
})

const call = (changes: Partial<CallLogInput> = {}): CallLog => ({
  ...callLogInput.parse({
    direction: 'inbound', from: { number: '+31612345678' }, to: { number: '+31201234567', extension: '101' }, startedAt: '2024-09-10T17:00:00+02:00',
    endedAt: '2024-09-10T17:01:07+02:00', durationSeconds: 60, result: 'answered', contactId: 'c1', note: 'Wants a quote.', ...changes,
  }),
  externalId: externalId.parse('lf-1'),
})
const ref: ActivityRef = { id: activityId.parse('a1') }
const bodies = () => crm.asked.splice(0).map(({ method, url, body }) => [`${method} ${url}`, body.length > 0 ? JSON.parse(body.toString()) as unknown : null])

describe('a call that is over', () => {
  it('is made, gets what only an update can tell, and is ended, in this order', async () => {
    crm.answer = ({ method }) => method === 'POST' ? { status: 201, body: { id: 7 } } : {}
    expect(await northwind.createCallLog(await inNorthwind({ idempotencyKey: 'lf-1' }), call({ subject: 'Roof' }))).toEqual({ id: '7' })
    expect(crm.asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['lf-1', undefined, undefined])
    expect(bodies()).toEqual([
      ['POST /services/data/v1/activities', {
        Type: 'Call', Direction: 'inbound', Subject: 'Incoming call from +31612345678', WhoId: 'c1', OwnerId: 'u1', Status: 'In Progress', StartedAt: '2024-09-10 15:00:00.000', Note: 'Extension 101, cause 200',
      }],
      ['PATCH /services/data/v1/activities/7', { Subject: 'Roof', Description: 'Wants a quote.' }],
      ['PATCH /services/data/v1/activities/7', { Status: 'Completed', EndedAt: '2024-09-10 15:01:07.000', DurationMs: 60_000 }],
    ])
  })

  it('is made only while it goes on', async () => {
    crm.answer = () => ({ body: { id: 'a7' } })
    const { endedAt: _1, durationSeconds: _2, result: _3, note: _4, ...running } = call()
    await northwind.createCallLog(await inNorthwind(), running)
    expect(bodies().map(([request]) => request)).toEqual(['POST /services/data/v1/activities'])
  })

  it('that cannot be ended is told as made, so that it is not made again', async () => {
    crm.answer = ({ method }) => method === 'POST' ? { body: { id: 'a7' } } : { status: 503 }
    const failure = await northwind.createCallLog(await inNorthwind(), call()).catch((error: CrmError) => error)
    expect(failure).toMatchObject({ code: 'unavailable', created: { id: 'a7' } })
    expect(northwind.createsInSteps).toBe(true)
  })

  it('whose first request fails is not told as made', async () => {
    crm.answer = () => ({ status: 500 })
    expect(await northwind.createCallLog(await inNorthwind(), call()).catch((error: CrmError) => error)).toMatchObject({ code: 'server_error', created: undefined })
  })
})

describe('a change', () => {
  it.each<[readonly (keyof CallLog)[], unknown]>([
    [['note'], [{ Description: 'Wants a quote.' }]],
    [['contactId'], [{ WhoId: 'c1' }]],
    [['durationSeconds'], [{ Status: 'Completed', DurationMs: 60_000 }]],
    [['recordingUrl'], [{ RecordingUrl: 'https://pbx.example/r' }]],
    [['result', 'endedAt'], [{ EndedAt: '2024-09-10 15:01:07.000' }]],
    [['transcript'], []],
  ])('of %j sends that and nothing else', async (changed, wanted) => {
    await northwind.updateCallLog(await inNorthwind(), ref, call({ recordingUrl: 'https://pbx.example/r' }), changed)
    expect(bodies().map(([, body]) => body)).toEqual(wanted)
  })

  it('of a note that is gone empties it', async () => {
    const { note: _, ...without } = call()
    await northwind.updateCallLog(await inNorthwind(), ref, without, ['note'])
    expect(bodies()).toEqual([['PATCH /services/data/v1/activities/a1', { Description: '' }]])
  })

  it('goes whole where the method takes the whole record', async () => {
    const adapter = adapterOf(buildDescription({
      id: 'x', name: 'X', resource_url: 'https://$hostname$',
      api: { UpdateActivity: { request_method: 'PUT', request_path: '/a/$activity_id$', request_parameters: { s: '$subject$', n: '$description$', w: '$contact_id$' } } },
    }))
    await adapter.updateCallLog(await contextFor(adapter, crm.host), ref, call({ subject: 'Roof' }), ['note'])
    expect(bodies()).toEqual([['PUT /a/a1', { s: 'Roof', n: 'Wants a quote.', w: 'c1' }]])
  })
})

describe('credentials', () => {
  /** The second document, on the hosts of this test. */
  const meridian = (credentialHosts: readonly string[] = []) => adapterOf(buildDescription(JSON.parse(
    meridianText.replaceAll('https://{Region}.api.meridian.example', 'http://{Region}').replaceAll('https://id.meridian.example', `http://${other.host}`),
  ) as TestDocument, { credentialHosts: credentialHosts.map(host => [host]) }))
  const options = (): ContextOptions => ({ properties: { Tenant: 'acme bv', Region: crm.host }, secrets: { 'API key': 'mk_live_1' } })

  it('go to the document’s own host and to no other', async () => {
    other.answer = () => ({ body: [{ userId: 3, displayName: 'Eva' }] })
    const adapter = meridian()
    const ctx = await contextFor(adapter, crm.host, options())
    await adapter.findContact(ctx, { e164: '+31612345678', raw: '', extension: null, variants: ['+31612345678'] }).catch(() => undefined)
    expect(await adapter.listUsers!(ctx)).toEqual([{ id: '3', name: 'Eva' }])
    expect([crm, other].map(({ asked }) => asked[0]?.headers.authorization)).toEqual(['Bearer mk_live_1', undefined])
  })

  it('go to a host that the document names for them', async () => {
    other.answer = () => ({ body: [] })
    const adapter = meridian([other.host])
    await adapter.listUsers!(await contextFor(adapter, crm.host, options()))
    expect(other.asked[0]?.headers.authorization).toBe('Bearer mk_live_1')
  })

  it('go nowhere when the document leads to another host than the admin allowed', async () => {
    const ctx = await inNorthwind({ properties: { 'Instance URL': `http://${other.host}`, 'Client ID': 'cid' } })
    await expect(northwind.listUsers!(ctx)).rejects.toMatchObject({ code: 'address_refused', detail: expect.stringContaining('not the installation’s host') })
    expect([...crm.asked, ...other.asked]).toEqual([])
  })

  it('of an installation are asked of nobody, but who they are is', async () => {
    crm.answer = () => ({ body: { users: [{ id: 1, mail: 'eva@x.example' }, { id: 2, mail: 'li@x.example' }] } })
    const adapter = adapterOf(buildDescription({
      id: 'x', name: 'X', properties: ['API key'], resource_url: 'https://$hostname$', auth: { type: 'Bearer', token: '$API key$' },
      api: { Users: { request_method: 'GET', request_path: '/users', response_map: { users: [{ id: '$user_id$', mail: '$email$' }] } } },
    }))
    const secrets = { 'API key': 'k' }
    expect(await (adapter.auth as (installation: object) => Promise<unknown>)({ hostname: crm.host, settings: {}, secrets })).toMatchObject({
      type: 'apiKey', identity: 'named', fields: [{ name: 'crm_user', secret: false }], placements: [{ in: 'header', name: 'Authorization', value: 'Bearer k' }],
    })
    const userOf = async (wanted: string) => adapter.getUserInfo(await contextFor(adapter, crm.host, { secrets, fields: { crm_user: wanted } }))
    expect(await userOf('LI@x.example')).toMatchObject({ id: '2' })
    expect(await userOf('1')).toMatchObject({ id: '1' })
    await expect(userOf('nobody')).rejects.toMatchObject({ code: 'unauthorized' })
    expect(crm.asked.every(({ headers }) => headers.authorization === 'Bearer k')).toBe(true)
  })

  it('of OAuth that name nobody are the installation’s own', async () => {
    crm.answer = () => ({ body: { records: [] } })
    expect(await northwind.getUserInfo(await inNorthwind())).toEqual({ id: 'installation', name: 'Northwind CRM (OAuth2)' })
    crm.answer = () => ({ status: 401 })
    await expect(northwind.getUserInfo(await inNorthwind())).rejects.toThrow()
  })

  it.each([
    ['proven', 'OAuth and a method that tells whose the token is', { OAuth2: oauthBlock, api: { CurrentUser: currentUser } }],
    ['proven', 'a key of each agent and such a method', { auth: { type: 'Bearer', token: '$My key$' }, api: { CurrentUser: currentUser } }],
    ['none', 'OAuth and no such method', { OAuth2: oauthBlock, api: {} }],
    ['none', 'everybody’s key and such a method', { auth: { type: 'Bearer', token: '$API key$' }, api: { CurrentUser: currentUser } }],
    ['none', 'everybody’s key alone', { auth: { type: 'Bearer', token: '$API key$' }, api: {} }],
  ])('tell who connects (%s): %s', async (identity, _what, parts) => {
    const adapter = adapterOf(buildDescription({ id: 'x', name: 'X', properties: ['API key', 'Client ID', 'Client Secret'], resource_url: 'https://$hostname$', ...parts }, { personal: JSON.stringify(parts).includes('$My key$') ? [{ name: 'My key', isSecret: true, isRequired: true }] : [] }))
    const auth = adapter.auth as (installation: object) => Promise<unknown>
    expect(await auth({ hostname: crm.host, settings: { properties: { 'Client ID': 'c' } }, secrets: { 'API key': 'k', 'Client Secret': 's' } })).toMatchObject({ identity })
  })

  it.each([['token', {}], ['Client Secret', { 'Client ID': 'cid' }]])('need the %s that the admin has not filled in', async (_name, properties) => {
    const auth = northwind.auth as (installation: object) => Promise<unknown>
    await expect(auth({ hostname: crm.host, settings: { properties: { 'Instance URL': 'https://x.example', ...properties } }, secrets: {} })).rejects.toMatchObject({ code: 'rejected' })
  })
})

describe('contacts', () => {
  it('are listed page by page, then companies', async () => {
    const adapter = adapterOf(buildDescription({
      id: 'x', name: 'X', resource_url: 'https://$hostname$',
      api: {
        Contacts: { request_method: 'GET', request_path: '/c', request_parameters: { since: '$since$' }, response_map: { list: [{ id: '$contact_id$', phone: '$phone$', gone: '$deleted_at$' }] }, extra: { paging: { by: 'number', param: 'offset', start: 0, step: 2, stop: 'short' } } },
        Organizations: { request_method: 'GET', request_path: '/o', response_map: [{ id: '$company_id$', name: '$company_name$', phone: '$phone$' }] },
      },
    }))
    crm.answer = ({ url }) => ({ body: url.startsWith('/o') ? [{ id: 'k', name: 'Acme', phone: '3' }] : { list: url.includes('offset=0') ? [{ id: 1, phone: '1' }, { id: 2, gone: 'yes' }] : [] } })
    const ctx = await contextFor(adapter, crm.host)
    const pages = []
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const page = await adapter.listContacts!(ctx, '2024-09-10T17:00:00+02:00', cursor)
      pages.push([page.contacts.map(({ id, name, type }) => [id, name, type]), page.deleted])
      cursor = page.nextCursor
    }
    expect(pages).toEqual([[[['1', '1', undefined]], ['2']], [[], undefined], [[['organization:k', 'Acme', 'organization']], undefined]])
    expect(crm.take()).toEqual(['GET /c?since=2024-09-10%2015%3A00%3A00.000&offset=0', 'GET /c?since=2024-09-10%2015%3A00%3A00.000&offset=2', 'GET /o'])
  })

  it('are told apart from companies of the same id, to which calls are logged as such', async () => {
    const adapter = adapterOf(buildDescription({
      id: 'x', name: 'X', resource_url: 'https://$hostname$', contact_url: 'https://$hostname$/people/$contact_id$',
      api: {
        Contacts: { request_method: 'GET', request_path: '/c', response_map: [{ id: '$contact_id$', name: '$contact_name$', employer: '$company_id$', gone: '$deleted_at$' }] },
        Organizations: { request_method: 'GET', request_path: '/o', response_map: [{ id: '$company_id$', name: '$company_name$', gone: '$deleted_at$' }] },
        CreateActivity: { request_method: 'POST', request_path: '/a', request_parameters: { person: '$contact_id$', company: '$company_id$' }, response_map: { id: '$activity_id$' } },
        GetActivity: { request_method: 'GET', request_path: '/a/$activity_id$', response_map: { person: '$contact_id$', company: '$company_id$' } },
      },
    }))
    const activity = { id: 9, company: 5 }
    crm.answer = ({ url }) => ({ body: url.startsWith('/a') ? activity : url.startsWith('/o') ? [{ id: 5, name: 'Acme' }, { id: 6, gone: 'yes' }] : [{ id: 5, name: 'Ann', employer: 5 }] })
    const ctx = await contextFor(adapter, crm.host)
    const people = await adapter.listContacts!(ctx, null, null)
    const companies = await adapter.listContacts!(ctx, null, people.nextCursor)
    expect(people.contacts).toEqual([{ id: '5', name: 'Ann', companyId: 'organization:5', phones: [] }])
    expect(companies).toEqual({ contacts: [{ id: 'organization:5', name: 'Acme', type: 'organization', phones: [] }], deleted: ['organization:6'], nextCursor: null })
    const [ann, acme] = [people.contacts[0]!.id, companies.contacts[0]!.id]
    expect([adapter.contactUrl!({ hostname: 'crm.example', settings: {} }, ann), adapter.contactUrl!({ hostname: 'crm.example', settings: {} }, acme)]).toEqual(['https://crm.example/people/5', null])
    crm.take()
    for (const contactId of [ann, acme]) await adapter.createCallLog(ctx, call({ contactId }))
    expect(bodies()).toEqual([['POST /a', { person: '5' }], ['POST /a', { company: '5' }]])
    expect(await adapter.getCallLog!(ctx, { id: activityId.parse('9') })).toMatchObject({ contactId: 'organization:5' })
  })

  it('that are made are completed from what was asked', async () => {
    crm.answer = () => ({ body: { id: 55, success: true } })
    expect(await northwind.createContact(await inNorthwind(), { name: 'Ann de Vries', phone: '+31612345678' })).toEqual({ id: '55', name: 'Ann de Vries', phones: [{ number: '+31612345678' }] })
    expect(bodies()[0]?.[1]).toEqual({ FirstName: 'Ann', LastName: 'de Vries', Phones: [{ kind: 'work', number: '+31612345678' }] })
  })

  it('are nobody where the CRM says 404', async () => {
    crm.answer = () => ({ status: 404 })
    expect(await northwind.findContact(await inNorthwind(), { e164: null, raw: '', extension: null, variants: ['+316'] })).toEqual([])
  })

  it('have pages whose addresses no id leads astray', () => {
    const facts = { hostname: 'eu7.northwind.example', settings: { properties: { 'Instance URL': 'https://eu7.northwind.example' } } }
    expect(northwind.contactUrl!(facts, contactId.parse('c/1?x#y'))).toBe('https://eu7.northwind.example/app/contact/c%2F1%3Fx%23y/view')
  })
})

describe('a recording', () => {
  const recording = (size: number | null) => ({ stream: Readable.from([Buffer.from('RIFF'), Buffer.from('data')]), contentType: 'audio/wav', fileName: 'call "1".wav', sizeBytes: size })

  it('goes as a part as it comes', async () => {
    await northwind.uploadRecording!(await inNorthwind(), ref, recording(8), call())
    const [{ headers, body }] = crm.asked as [(typeof crm.asked)[0]]
    expect(Number(headers['content-length'])).toBe(body.length)
    const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': headers['content-type']! } }).formData()
    expect(form.get('title')).toBe('call "1".wav')
    expect(await (form.get('content') as File).text()).toBe('RIFFdata')
  })

  it('that is shorter than was said fails', async () => {
    await expect(northwind.uploadRecording!(await inNorthwind(), ref, recording(9), call())).rejects.toMatchObject({ name: 'CrmError' })
  })

  it('is too long for Base64 before anything is read', async () => {
    const adapter = adapterOf(buildDescription({
      id: 'x', name: 'X', resource_url: 'https://$hostname$', api: { UploadFile: { request_method: 'PUT', request_path: '/r/$activity_id$', request_parameters: { base64: '$file$' } } },
    }))
    const ctx = await contextFor(adapter, crm.host)
    await adapter.uploadRecording!(ctx, ref, recording(8), call())
    expect(bodies()).toEqual([['PUT /r/a1', { base64: Buffer.from('RIFFdata').toString('base64') }]])
    await expect(adapter.uploadRecording!(ctx, ref, recording(16 * 1024 * 1024), call())).rejects.toMatchObject({ code: 'rejected' })
    expect(crm.asked).toEqual([])
  })
})

describe('a document', () => {
  it('that is wrong is refused with all of its problems', () => {
    expect(() => ringotelAdapter({ id: 'x', class: 'pbx' })).toThrow(expect.objectContaining({ code: 'document_invalid', status: 422, problems: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]) }))
    expect(() => ringotelAdapter('{')).toThrow(expect.objectContaining({ name: 'DocumentError' }))
    expect(() => ringotelAdapter(undefined)).toThrow(expect.objectContaining({ name: 'DocumentError' }))
  })

  it('has the capabilities of its methods', () => {
    const { api: _api, ...head } = JSON.parse(meridianText) as TestDocument
    const bare = adapterOf(buildDescription({ ...head, api: {} }))
    expect(['searchContacts', 'listContacts', 'listUsers', 'getCallLog', 'findCallLog', 'uploadRecording'].filter(name => name in bare)).toEqual([])
    expect(['searchContacts', 'listContacts', 'listUsers', 'getCallLog', 'findCallLog', 'uploadRecording'].filter(name => name in northwind)).toEqual(['searchContacts', 'listContacts', 'listUsers', 'uploadRecording'])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import request from 'supertest'
import { oauth2, type CrmAdapter } from '@linefinder/core'
import { KeyRing } from '../secrets/key-ring.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let key = ''
let logged = ''
/** What the adapter was given, by whatever asked it last. */
let seen: Pick<Parameters<CrmAdapter['getUserInfo']>[0]['connection'], 'settings' | 'secrets'> | undefined

const properties = [
  { name: 'Instance URL', label: 'Where it is', isSecret: false, isRequired: true, help: 'With https.' },
  { name: 'API Token', isSecret: true, isRequired: true },
  { name: 'constructor', isSecret: false, isRequired: false },
]
const asking = fakeAdapter('apiKey', {
  properties,
  async searchContacts({ http, connection }) {
    seen = { settings: connection.settings, secrets: connection.secrets }
    await http.get('/me')
    return []
  },
})
const byProperties: CrmAdapter = {
  ...fakeAdapter('oauth2'), id: 'own-client',
  properties: [{ name: 'Client ID', isSecret: false, isRequired: true }, { name: 'Client secret', isSecret: true, isRequired: true }],
  auth: async ({ settings, secrets }) => oauth2({
    authorizeUrl: 'https://{hostname}/oauth/authorize', tokenUrl: 'https://{hostname}/oauth/token', revokeUrl: 'https://{hostname}/oauth/revoke', scopes: ['read'],
    client: { id: (settings['properties'] as Record<string, string>)['Client ID'] ?? '', secret: secrets['Client secret'] ?? null },
  }),
}

beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({
    crm, adapters: [asking, byProperties, fakeAdapter('custom')], log: pino({ level: 'debug' }, { write: line => { logged += line } }),
  })
  key = await test.addKey(['admin'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => { seen = undefined })

const base = '/v1/admin/installations'
const ask = (method: 'get' | 'post' | 'patch', path: string) => request(test.url)[method](path).auth(key, { type: 'bearer' })
const filled = { 'Instance URL': 'https://one.example.test', 'API Token': 'hush-hush' }
const create = (changes: object = {}) => ask('post', base).send({ adapter: 'fake-apikey', name: 'Our CRM', host: crm.host, properties: filled, ...changes })
const created = async (changes: object = {}) => (await create(changes).expect(201)).body.id as string
const patch = (id: string, body: object) => ask('patch', `${base}/${id}`).send(body)
const placesOf = ({ body }: request.Response) => (body.errors as { pointer: string; message: string }[]).map(({ pointer }) => pointer)
const search = (token: string) => request(test.url).get('/v1/contacts?name=x').auth(token, { type: 'bearer' })
const listed = async () => (await request(test.url).get('/v1/installations').query({ client_id: test.clientId }).expect(200)).body.items as { id: string }[]
const dump = async () => JSON.stringify(await test.server.services.database.query({ text: 'SELECT t::text AS row FROM installations t UNION ALL SELECT a::text FROM audit a' }, []))

describe('the properties of an adapter', () => {
  it('are listed, so that a client can draw the form', async () => {
    for (const path of ['/v1/adapters', '/v1/admin/adapters']) {
      const { body } = await request(test.url).get(path).auth(key, { type: 'bearer' }).expect(200)
      expect(body.items[0]).toMatchObject({ id: 'fake-apikey', properties })
      expect(body.items[2]).toMatchObject({ id: 'fake-custom', properties: [] })
    }
  })
})

describe('the properties of an installation', () => {
  it('are read back without the secret ones, of which only the names are told', async () => {
    const { body } = await create({ settings: { country: 'NL' } }).expect(201)
    expect(body).toMatchObject({ properties: { 'Instance URL': 'https://one.example.test' }, secretsSet: ['API Token'], missingProperties: [], settings: { country: 'NL' } })
    expect(body.settings).toEqual({ country: 'NL' })
    expect((await ask('get', `${base}/${body.id}`).expect(200)).body).toEqual(body)
    expect(JSON.stringify((await ask('get', base).query({ limit: 200 }).expect(200)).body)).not.toContain('hush-hush')
  })

  it('leave no secret value in the database, the audit trail, public lists or the log', async () => {
    const id = await created({ properties: { ...filled, 'API Token': 'never-anywhere' } })
    await patch(id, { properties: { 'API Token': 'never-anywhere-2' } }).expect(200)
    const session = await connectAgent(test, id)
    await search(session).expect(200)
    expect(seen?.secrets).toEqual({ 'API Token': 'never-anywhere-2' })
    expect(logged).toContain(base)
    const me = await request(test.url).get('/v1/me').auth(session, { type: 'bearer' }).expect(200)
    expect([await dump(), logged, JSON.stringify(await listed()), me.text].join()).not.toContain('never-anywhere')
    const { body } = await ask('get', `/v1/admin/audit?subject=installation:${id}`).expect(200)
    expect(body.items.map(({ action, details }: { action: string; details: { properties: string[] } }) => [action, details.properties.sort()])).toEqual([
      ['installation.updated', ['API Token']], ['installation.created', ['API Token', 'Instance URL']],
    ])
  })

  it('change at once for connections that are there', async () => {
    const id = await created()
    const session = await connectAgent(test, id)
    await search(session).expect(200)
    expect(seen).toMatchObject({ settings: { properties: { 'Instance URL': 'https://one.example.test' } }, secrets: { 'API Token': 'hush-hush' } })
    await patch(id, { properties: { 'Instance URL': 'https://two.example.test' } }).expect(200)
    await search(session).expect(200)
    expect(seen).toMatchObject({ settings: { properties: { 'Instance URL': 'https://two.example.test' } }, secrets: { 'API Token': 'hush-hush' } })
    await patch(id, { properties: { 'API Token': 'other' } }).expect(200)
    await search(session).expect(200)
    expect(seen?.secrets).toEqual({ 'API Token': 'other' })
  })

  it('stay when the settings are replaced, and the settings when they are', async () => {
    const id = await created({ settings: { country: 'NL' } })
    await patch(id, { settings: { country: 'DE' } }).expect(200)
    const { body } = await patch(id, { properties: { constructor: 'odd' } }).expect(200)
    expect(body).toMatchObject({ settings: { country: 'DE' }, properties: { 'Instance URL': 'https://one.example.test', constructor: 'odd' }, secretsSet: ['API Token'] })
  })

  it('are cleared by null', async () => {
    const id = await created({ properties: { ...filled, constructor: 'odd' } })
    expect((await patch(id, { properties: { constructor: null } }).expect(200)).body.properties).toEqual({ 'Instance URL': 'https://one.example.test' })
    const { body } = await patch(id, { enabled: false, properties: { 'API Token': null } }).expect(200)
    expect(body).toMatchObject({ secretsSet: [], missingProperties: ['API Token'] })
    expect((await test.server.services.models.installations.findByPk(id))?.secrets).toBeNull()
  })

  it('must be known, not too long, and there while the installation is enabled', async () => {
    expect(placesOf(await create({ properties: { ...filled, Colour: 'red', toString: 'x' } }).expect(422)).sort()).toEqual(['/properties/Colour', '/properties/toString'])
    expect(placesOf(await create({ properties: { ...filled, 'API Token': 'x'.repeat(4001) } }).expect(422))).toEqual(['/properties/API Token'])
    expect(placesOf(await create({ properties: { ...filled, 'API Token': '' } }).expect(422))).toEqual(['/properties/API Token'])
    expect(placesOf(await create({ properties: {} }).expect(422))).toEqual(['/properties/Instance URL', '/properties/API Token'])
    expect(placesOf(await patch(await created(), { properties: { 'API Token': null } }).expect(422))).toEqual(['/properties/API Token'])
  })

  it('come by no other way', async () => {
    expect(placesOf(await create({ settings: { properties: 'https://evil.example.test' } }).expect(422))).toEqual(['/settings/properties'])
  })

  it('take a name of JavaScript’s own for a name', async () => {
    const body = `{"adapter":"fake-apikey","name":"x","host":"${crm.host}","properties":{"Instance URL":"https://x.example.test","API Token":"t","__proto__":"polluted","constructor":"odd"}}`
    const made = await ask('post', base).type('json').send(body).expect(201)
    expect(made.body.properties).toEqual({ 'Instance URL': 'https://x.example.test', constructor: 'odd' })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('an installation that lacks a property', () => {
  it('is saved switched off, and cannot be connected to until it is filled in and switched on', async () => {
    const id = await created({ enabled: false, properties: { 'Instance URL': 'https://one.example.test' } })
    expect(placesOf(await patch(id, { enabled: true }).expect(422))).toEqual(['/properties/API Token'])
    // As it is when a new version of the adapter asks for more.
    await test.server.services.models.installations.update({ enabled: true }, { where: { id } })
    expect((await listed()).map(each => each.id)).not.toContain(id)
    const { body } = await request(test.url).post('/v1/connections').send({ client_id: test.clientId, installation: id, fields: { key: 'good-key' } }).expect(409)
    expect(body).toMatchObject({ code: 'properties_missing', detail: 'It lacks: API Token.' })
    await patch(id, { enabled: true, properties: { 'API Token': 'hush-hush' } }).expect(200)
    expect((await listed()).map(each => each.id)).toContain(id)
    await request(test.url).post('/v1/connections').send({ client_id: test.clientId, installation: id, fields: { key: 'good-key' } }).expect(201)
  })

  it('tells those who are connected that it is out of service, and what it lacks; so it is with a lost key, until it is set again', async () => {
    const id = await created()
    const session = await connectAgent(test, id)
    const lost = new KeyRing(KeyRing.newKey('lost')).seal('{"API Token":"gone"}', { table: 'installations', column: 'secrets', rowId: id })
    await test.server.services.models.installations.update({ secrets: lost }, { where: { id } })
    const { body } = await search(session).expect(503)
    expect(body).toMatchObject({ code: 'crm_unavailable', detail: 'The installation lacks: API Token.' })
    expect((await ask('get', `${base}/${id}`).expect(200)).body).toMatchObject({ secretsSet: [], missingProperties: ['API Token'] })
    await patch(id, { properties: { 'API Token': 'again' } }).expect(200)
    await search(session).expect(200)
    expect(seen?.secrets).toEqual({ 'API Token': 'again' })
  })
})

describe('an OAuth client among the properties', () => {
  it('is the one that starts, exchanges, refreshes and revokes', async () => {
    const id = await created({
      adapter: 'own-client', oauthClientId: 'not-this-one', oauthClientSecret: 'nor-this', properties: { 'Client ID': 'client', 'Client secret': 's:cret' },
    })
    const browser = new OAuthBrowser(test, crm)
    const started = await browser.start(id).expect(302)
    expect(new URL(started.headers['location']!).searchParams.get('client_id')).toBe('client')
    const { token } = await browser.connect(id)
    const { refresh, revoke } = crm.counts
    crm.expireAccessTokens()
    await search(token).expect(200)
    expect(crm.counts.refresh).toBe(refresh + 1)
    await request(test.url).delete('/v1/connection').auth(token, { type: 'bearer' }).expect(204)
    // The CRM counts those of its client only.
    expect(crm.counts.revoke).toBe(revoke + 1)
  })
})

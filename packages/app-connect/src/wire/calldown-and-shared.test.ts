import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

let test: TestWire
let ann: WireClient
beforeAll(async () => {
  test = await startTestWire({
    surface: { manifest: { platforms: { 'acme-legacy': { auth: { apiKey: { page: { content: [{ const: 'key', title: 'API key', type: 'string', required: true, managed: true, managedScope: 'account' }] } } } } } } },
  })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
  test.rc.users.set('rc-agent', { account: '1', extension: '11', isAdmin: false })
  test.rc.users.set('rc-stranger', { account: '2', extension: '11', isAdmin: true })
  ann = await test.connectToLegacy()
}, startMs)
afterAll(() => test.stop())

describe('people to call', () => {
  const add = (changes: object = {}) => ann.post('/calldown?jwtToken={jwt}', { contactId: '1', contactType: 'customer', contactName: 'Jan', phoneNumber: '+31413741741', scheduledAt: '2026-03-01T10:00:00Z', ...changes })
  const list = async (status = '', client = ann) => (await client.get(`/calldown?jwtToken={jwt}${status && `&status=${status}`}`)).body.items

  it('are added, listed by whether they were called, changed and removed', async () => {
    const { body: { successful, id } } = await add()
    expect(successful).toBe(true)
    const item = { id, contactId: '1', contactType: 'customer', contactName: 'Jan', phoneNumber: '+31413741741', status: 'Not Called', scheduledAt: '2026-03-01T10:00:00.000Z', lastCallAt: null, note: '' }
    expect(await list()).toEqual([item])
    expect(await list('Not Called')).toEqual([item])
    expect(await list('Called')).toEqual([])
    expect((await ann.patch(`/calldown/${String(id)}?jwtToken={jwt}`, { status: 'Called', lastCallAt: '2026-03-02T10:00:00Z', note: 'Gone home' })).body).toEqual({ successful: true })
    expect(await list('Called')).toEqual([{ ...item, status: 'Called', lastCallAt: '2026-03-02T10:00:00.000Z', note: 'Gone home' }])
    expect(await list('All')).toHaveLength(1)
    expect((await ann.send('DELETE', `/calldown/${String(id)}?jwtToken={jwt}`)).body).toEqual({ successful: true })
    expect(await list()).toEqual([])
  })

  it('are one’s own, and every failure is 400 with JSON', async () => {
    const { body: { id } } = await add()
    const ben = await test.connectToLegacy('legacy-key-ben')
    expect(await list('', ben)).toEqual([])
    for (const path of [String(id), 'unknown', '%00']) {
      expect(await ben.patch(`/calldown/${path}?jwtToken={jwt}`, { note: 'x' })).toMatchObject({ status: 400, body: { error: expect.any(String) } })
      expect((await ben.send('DELETE', `/calldown/${path}?jwtToken={jwt}`)).status).toBe(400)
    }
    expect(await add({ phoneNumber: '' })).toMatchObject({ status: 400, body: { error: expect.stringContaining('phoneNumber') } })
  })
})

describe('a key that an administrator fills in for everybody', () => {
  const admin = '?jwtToken={jwt}&rcAccessToken=rc-admin'
  const login = (rc: string | null, client = test.client()) =>
    client.post('/apiKeyLogin?state=platform=acme-legacy', { apiKey: 'apiKey', platform: 'acme-legacy', additionalInfo: {} }, rc === null ? {} : { 'X-RC-Access-Token': rc })
  const state = async (rc: string) => (await test.client().get(`/apiKeyManagedAuthState?platform=acme-legacy&rcAccessToken=${rc}`)).body

  it('is missing first', async () => {
    expect(await state('rc-agent')).toMatchObject({ hasManagedAuth: true, allRequiredFieldsSatisfied: false, missingRequiredFieldConsts: ['key'] })
    expect((await login('rc-agent')).body.returnMessage.missingRequiredFieldConsts).toEqual(['key'])
    expect((await ann.get(`/admin/managedAuth${admin}`)).body).toMatchObject({ hasManagedAuth: true, orgValues: { key: { hasValue: false, value: '' } } })
  })

  it('lets those of the same RingCentral account in, and nobody else, and is shown to nobody', async () => {
    expect((await ann.post(`/admin/managedAuth${admin}`, { scope: 'account', values: { key: 'legacy-key-ben' } })).body).toBe('Shared authentication updated')
    expect(await state('rc-agent')).toMatchObject({ allRequiredFieldsSatisfied: true, visibleFieldConsts: [] })
    expect((await login('rc-agent')).body).toHaveProperty('jwtToken')
    for (const other of ['rc-stranger', 'rc-nobody', null]) expect((await login(other)).status).toBe(400)
    const shown = (await ann.get(`/admin/managedAuth${admin}`)).body
    expect(shown.orgValues).toEqual({ key: { hasValue: true, value: '' } })
    expect(JSON.stringify(await test.server.services.database.query({ text: 'SELECT row_to_json(s)::text FROM settings s' }, []))).not.toContain('legacy-key-ben')
  })

  it('may be one for each person, and is removed again', async () => {
    await ann.post(`/admin/managedAuth${admin}`, { scope: 'user', rcExtensionId: '11', values: { key: 'wrong-for-this-one' } })
    expect((await login('rc-agent')).status).toBe(400)
    await ann.post(`/admin/managedAuth${admin}`, { scope: 'user', rcExtensionId: '11', fieldsToRemove: ['key'] })
    expect((await login('rc-agent')).status).toBe(200)
    await ann.post(`/admin/managedAuth${admin}`, { scope: 'account', fieldsToRemove: ['key'] })
    expect((await login('rc-agent')).status).toBe(400)
    expect((await ann.post(`/admin/managedAuth${admin}`, { values: { other: 'x' } })).status).toBe(400)
  })
})

describe('what only connectors have', () => {
  it('is answered as something that this CRM cannot do', async () => {
    for (const [method, path] of [['GET', '/appointments'], ['POST', '/appointments'], ['PATCH', '/appointments/1'], ['POST', '/appointments/1/confirm'], ['POST', '/appointments/1/cancel'], ['GET', '/appointments/1/refresh']] as const) {
      expect(await ann.send(method, `${path}?jwtToken={jwt}`, method === 'GET' ? undefined : {})).toMatchObject({ status: 200, body: { successful: false, returnMessage: { messageType: 'warning' } } })
    }
    expect((await ann.get('/accountData?jwtToken={jwt}&keys=a')).status).toBe(400)
    expect((await ann.get('/accountData?jwtToken={jwt}')).body).toEqual({ successful: true, data: {} })
    expect((await ann.post('/user/refreshInfo?jwtToken={jwt}')).body).toMatchObject({ successful: true, returnMessage: { messageType: 'success' } })
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

let test: TestWire
let [ann, cho]: WireClient[] = []
beforeAll(async () => {
  test = await startTestWire({ otherSurfaces: [{ path: '/by-key', admin: { by: 'apiKey' } }, { path: '/named', admin: { rcAccounts: ['77'] } }, { path: '/lists', rcUserForm: 'list' }] })
  test.rc.users.set('rc-agent', { account: '1', extension: '11', isAdmin: false })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
  test.rc.users.set('rc-stranger', { account: '666', extension: '1', isAdmin: true })
  ann = await test.connectToAcme()
  cho = await test.connectToAcme('cho@acme.test')
}, startMs)
afterAll(() => test.stop())

const admin = '?jwtToken={jwt}&rcAccessToken=rc-admin'
const read = async (client = ann!) => (await client.get('/user/settings?jwtToken={jwt}&rcAccountId=x')).body
const write = async (userSettings: object, more: object = {}, client = ann!) => (await client.post('/user/settings?jwtToken={jwt}', { userSettings, ...more })).body
const administer = (adminSettings: object) => ann!.post(`/admin/settings${admin}`, { adminSettings })

describe('a user’s settings', () => {
  it('are an object before there are any, and the user’s own', async () => {
    expect(await read(cho)).toEqual({})
    expect(await write({ autoLogCall: { value: true } })).toEqual({ userSettings: { autoLogCall: { value: true } } })
    expect(await read()).toEqual({ autoLogCall: { value: true } })
    expect(await read(cho)).toEqual({})
  })

  it('keep what another device has written, and lose what is to be removed', async () => {
    await write({ one: { value: 1 } })
    expect((await write({ two: { value: 2 } }, { settingKeysToRemove: ['autoLogCall'] })).userSettings).toEqual({ one: { value: 1 }, two: { value: 2 } })
  })

  it('are not lost to a body that cannot be read: the client would take the answer for them', async () => {
    const { status, body } = await ann!.post('/user/settings?jwtToken={jwt}', {})
    expect(status).toBe(400)
    expect(body).not.toHaveProperty('userSettings')
    expect((await ann!.post('/user/settings?jwtToken={jwt}', { userSettings: { big: { value: 'x'.repeat(300_000) } } })).status).toBe(400)
    expect(await read()).toMatchObject({ one: { value: 1 } })
  })
})

describe('an administrator', () => {
  it('starts with nothing set', async () => {
    expect((await ann!.get(`/admin/settings${admin}`)).body).toEqual({ customConnector: null, userSettings: {} })
  })

  it('enforces and suggests, and what is enforced does not become the user’s own', async () => {
    expect(await administer({ userSettings: { autoLogCall: { value: false, customizable: false }, autoLogSMS: { value: true, customizable: true } } })).toMatchObject({ status: 200, body: 'Admin settings updated' })
    expect(await read(cho)).toEqual({ autoLogCall: { value: false, customizable: false }, autoLogSMS: { value: true, customizable: true } })
    // As the client does each quarter of an hour.
    await write({ ...await read(cho), autoLogSMS: { value: false } }, {}, cho)
    expect(await read(cho)).toMatchObject({ autoLogCall: { value: false, customizable: false }, autoLogSMS: { value: false, customizable: true } })
    await administer({ userSettings: {} })
    expect(await read(cho)).toEqual({ autoLogSMS: { value: false } })
  })

  it('gets known members back and nothing else, whatever was sent', async () => {
    await administer({ userSettings: { a: { value: 1 } }, adminAccessToken: 'SECRET', adminRefreshToken: 'SECRET', id: 'another-row', customAdapter: { url: 'https://manifest.example', token: 'SECRET' } })
    expect((await ann!.get(`/admin/settings${admin}`)).body).toEqual({ customConnector: null, userSettings: { a: { value: 1 } }, customAdapter: { url: 'https://manifest.example' } })
    const stored = await test.server.services.database.query({ text: 'SELECT value::text FROM settings' }, [])
    expect(JSON.stringify(stored)).not.toContain('SECRET')
  })

  it('is of the RingCentral account that was the first, unless the operator names it', async () => {
    const stranger = '?jwtToken={jwt}&rcAccessToken=rc-stranger'
    expect((await ann!.get(`/admin/settings${stranger}`)).status).toBe(403)
    expect((await ann!.post(`/admin/settings${stranger}`, { adminSettings: {} })).status).toBe(403)
    const named = test.client('/named')
    named.jwt = ann!.jwt
    expect((await named.get(`/admin/settings${admin}`)).status).toBe(403)
    test.rc.users.set('rc-77', { account: '77', extension: '1', isAdmin: true })
    expect((await named.get('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-77')).status).toBe(200)
  })

  it('administers one CRM account, and is seen in no other', async () => {
    const legacy = await test.connectToLegacy()
    expect(await read(legacy)).toEqual({})
    expect((await legacy.get(`/admin/settings${admin}`)).body).toEqual({ customConnector: null, userSettings: {} })
  })

  it('may be one of ours, by an API key of the tenant', async () => {
    const byKey = test.client('/by-key')
    byKey.jwt = ann!.jwt
    expect((await byKey.get(`/admin/settings?jwtToken={jwt}&rcAccessToken=${test.adminKey}`)).status).toBe(200)
    expect((await byKey.get('/admin/settings?jwtToken={jwt}', { 'X-RC-Access-Token': `Bearer ${test.adminKey}` })).status).toBe(200)
    for (const wrong of ['rc-admin', 'lfk_nonsense', '']) expect((await byKey.get(`/admin/settings?jwtToken={jwt}&rcAccessToken=${wrong}`)).status).toBe(403)
    const { services } = test.server
    await services.tenants.create('other', 'Other')
    const { key } = await services.apiKeys.create('other', 'theirs', ['admin'])
    expect((await byKey.get(`/admin/settings?jwtToken={jwt}&rcAccessToken=${key}`)).status).toBe(403)
  })

  it('asks RingCentral once a minute for one token, and leaves a trace', async () => {
    const before = test.rc.asked.length
    test.rc.users.set('rc-once', { account: '1', extension: '12', isAdmin: true })
    for (let turn = 0; turn < 5; turn += 1) await ann!.get('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-once')
    expect(test.rc.asked.slice(before)).toEqual(['GET /restapi/v1.0/account/~/extension/~'])
    const audit = await test.server.services.database.query<{ details: { by: string } }>({ text: `SELECT details FROM audit WHERE action = 'app_connect.admin_settings_changed'` }, [])
    expect(audit[0]!.details.by).toMatch(/^ringcentral:[0-9a-f]{16}$/)
  })
})

describe('where the manifest is', () => {
  // MISMATCH: the client reads it unwrapped, the server of App Connect wraps it.
  it('is told to whoever has no token yet, in both readings, and nothing beside', async () => {
    await administer({ userSettings: { customCrmManifestUrl: { url: 'https://crm.example/manifest.json', value: 'x' }, secretThing: { value: 1 } } })
    const { accountId } = (await ann!.get('/userInfoHash?accountId=1')).body
    const told = { customCrmManifestUrl: { url: 'https://crm.example/manifest.json', value: 'https://crm.example/manifest.json' } }
    expect((await test.client().get(`/user/preloadSettings?rcAccountId=${accountId}`)).body).toEqual({ ...told, userSettings: told })
    await administer({ userSettings: {} })
    expect((await test.client().get(`/user/preloadSettings?rcAccountId=${accountId}`)).body).toEqual({ userSettings: {} })
  })
})

describe('the mapping of users', () => {
  const list = [
    { id: 101, name: 'Ann de Wit', email: 'ann@acme.test', extensionNumber: '205' },
    { id: 102, firstName: 'Ben', lastName: 'Nobody', email: '', extensionNumber: '206' },
    { id: 103, name: 'Robot', extensionNumber: '' },
  ]
  const ask = async (client = ann!, path = '/admin/userMapping') => (await client.post(`${path}${admin}`, { rcExtensionList: list })).body

  // MISMATCH: `rcUser` is one for client 1.6.6, a list for newer ones.
  it('is answered in the form that the client reads', async () => {
    const one = (await ask()).find(({ crmUser }: { crmUser: { email: string } }) => crmUser.email === 'ann@acme.test')
    expect(one).toEqual({ crmUser: { id: expect.any(String), name: 'Ann de Wit', email: 'ann@acme.test' }, rcUser: { extensionId: '101', name: 'Ann de Wit', email: 'ann@acme.test', extensionNumber: '205' } })
    const lists = test.client('/lists')
    lists.jwt = ann!.jwt
    for (const { rcUser } of await ask(lists)) expect(Array.isArray(rcUser)).toBe(true)
    await administer({ userSettings: {}, userMappings: [{ crmUserId: one.crmUser.id, rcExtensionId: ['101'] }] })
    for (const { rcUser } of await ask()) expect(Array.isArray(rcUser)).toBe(true)
    await administer({ userSettings: {}, userMappings: [{ crmUserId: one.crmUser.id, rcExtensionId: '101' }] })
  })

  it('never joins those who both have no e-mail address', async () => {
    for (const { rcUser } of await ask()) expect(rcUser?.extensionId ?? null).not.toBe('103')
  })

  it('becomes the one by which calls are logged', async () => {
    const [{ crmUser }] = (await ask()).filter(({ rcUser }: { rcUser?: object }) => rcUser !== undefined)
    await administer({ userSettings: {}, userMappings: [{ crmUserId: crmUser.id, rcExtensionId: '102' }, { crmUserId: 'x', rcExtensionId: 'none' }] })
    expect(await mapped()).toEqual([{ extension: '206', crmUserId: crmUser.id }])
    await ask(ann, '/admin/reinitializeUserMapping')
    expect(await mapped()).toContainEqual({ extension: '205', crmUserId: crmUser.id })
    // What is sent without a mapping changes none.
    await administer({ userSettings: {} })
    expect(await mapped()).not.toEqual([])
  })

  const mapped = async () => {
    const { services } = test.server
    const [row] = await services.database.query<{ id: string }>({ text: 'SELECT crm_account_id AS id FROM connections WHERE installation_id = $1' }, [test.installations.acme])
    return (await services.userMapping.list('default', row!.id)).map(({ extension, crmUserId }) => ({ extension, crmUserId }))
  }
})

describe('what an import brought', () => {
  const imported = { userSettings: { autoLogCall: { value: true, customizable: false } }, userMappings: [{ crmUserId: 'L7', rcExtensionId: ['102', '999'] }, { crmUserId: 'L8', rcExtensionId: 'none' }] }
  const mapped = async () => {
    const { services } = test.server
    const [row] = await services.database.query<{ id: string }>({ text: 'SELECT crm_account_id AS id FROM connections WHERE installation_id = $1' }, [test.installations.legacy])
    return (await services.userMapping.list('default', row!.id)).map(({ extension, crmUserId }) => ({ extension, crmUserId }))
  }

  it('waits for an administrator of that RingCentral account, whose client also tells who has which extension', async () => {
    const legacy = await test.connectToLegacy()
    const { accountId } = (await legacy.get('/userInfoHash?extensionId=12&accountId=1')).body
    await test.server.services.settings.put('default', { scope: 'app-connect', owner: `rc-account:${accountId}`, name: 'imported-admin-settings' }, imported)
    expect((await legacy.get('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-agent')).status).toBe(403)
    expect((await legacy.get('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-stranger')).body).toEqual({ customConnector: null, userSettings: {} })
    expect(await read(legacy)).toEqual({})

    expect((await legacy.get(`/admin/settings${admin}`)).body).toEqual({ customConnector: null, ...imported })
    expect(await read(legacy)).toEqual(imported.userSettings)
    expect((await legacy.get('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-stranger')).status).toBe(403)
    expect(await mapped()).toEqual([])
    const rcExtensionList = [{ id: 101, name: 'Ann', extensionNumber: '205' }, { id: 102, name: 'Ben', extensionNumber: '206' }]
    await legacy.post(`/admin/userMapping${admin}`, { rcExtensionList })
    expect(await mapped()).toEqual([{ extension: '206', crmUserId: 'L7' }])
  })

  it('gives way to what an administrator says here', async () => {
    const legacy = await test.connectToLegacy()
    await legacy.post(`/admin/settings${admin}`, { adminSettings: { userSettings: {}, userMappings: [{ crmUserId: 'L9', rcExtensionId: '102' }] } })
    await legacy.post(`/admin/userMapping${admin}`, { rcExtensionList: [{ id: 102, name: 'Ben', extensionNumber: '206' }] })
    expect((await legacy.get(`/admin/settings${admin}`)).body.userSettings).toEqual({})
    expect(await mapped()).toEqual([{ extension: '206', crmUserId: 'L9' }])
  })
})

describe('the settings of logging by a server', () => {
  it('are kept sealed, and given to administrators only', async () => {
    expect((await ann!.get(`/admin/serverLoggingSettings${admin}`)).body).toEqual({})
    expect((await ann!.post(`/admin/serverLoggingSettings${admin}`, { additionalFieldValues: { apiUser: 'robot', apiPassword: 'SEALED' } })).body).toMatchObject({ successful: true, returnMessage: { messageType: 'success' } })
    expect((await ann!.get(`/admin/serverLoggingSettings${admin}`)).body).toEqual({ apiUser: 'robot', apiPassword: 'SEALED' })
    expect(JSON.stringify(await test.server.services.database.query({ text: 'SELECT row_to_json(s)::text FROM settings s' }, []))).not.toContain('SEALED')
    expect((await ann!.post(`/admin/serverLoggingSettings${admin}`, {})).status).toBe(400)
  })
})

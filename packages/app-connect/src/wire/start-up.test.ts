import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'
import { manifestSchema } from './manifest-schema.js'

let test: TestWire
let ann: WireClient
beforeAll(async () => {
  test = await startTestWire({
    surface: { authorName: 'Example Ltd', hashKey: 'the hash key', manifest: { version: '7.1', platforms: { acme: { settings: [{ id: 'extra', type: 'section' }] } } } },
    otherSurfaces: [{ path: '/broken', manifest: { platforms: { acme: { urlIdentifier: '(' } } } }],
  })
  ann = await test.connectToAcme()
})
afterAll(() => test.stop())

const account = 'f41bdecf3dcd8d66ee9dd9f4fa89e3a99ba0a4c3e0ec6a19f85a1dd8e04a0c2f'

it('starts as the client does that is connected already', async () => {
  const hashes = (await ann.get('/userInfoHash?extensionId=101&accountId=202')).body
  expect(hashes).toEqual({ extensionId: expect.stringMatching(/^[0-9a-f]{64}$/), accountId: expect.stringMatching(/^[0-9a-f]{64}$/) })
  ann.analytics = { 'rc-extension-id': hashes.extensionId, 'rc-account-id': hashes.accountId, 'developer-author-name': 'Example Ltd' }
  expect((await ann.get(`/user/preloadSettings?rcAccountId=${hashes.accountId}`)).body.userSettings).toEqual({})
  expect(await ann.get('/releaseNotes')).toMatchObject({ status: 200, body: {} })
  expect((await ann.get('/admin/settings?jwtToken={jwt}&rcAccessToken=of-an-agent')).status).toBe(403)
  const settings = (await ann.get(`/user/settings?jwtToken={jwt}&rcAccountId=${hashes.accountId}`)).body
  const written = (await ann.post('/user/settings?jwtToken={jwt}', { userSettings: { ...settings, autoLogCall: { value: true }, selectedRegion: { value: 'NL' } } })).body
  expect(written.userSettings).toEqual({ autoLogCall: { value: true }, selectedRegion: { value: 'NL' } })
  expect((await ann.get('/user/settings?jwtToken={jwt}')).body).toEqual(written.userSettings)
})

describe('the manifest', () => {
  it('is one that the client can read, with what the operator puts over it', async () => {
    const { body } = await ann.get('/crmManifest')
    expect(manifestSchema.safeParse(body).error).toBeUndefined()
    expect(body).toMatchObject({
      serverUrl: `${test.url}/app-connect`, version: '7.1', author: { name: 'Example Ltd' },
      platforms: { acme: { name: 'acme', auth: { type: 'oauth' }, settings: [{ id: 'extra' }] }, 'acme-legacy': { auth: { type: 'apiKey' } } },
    })
  })

  it('leads to the CRM’s pages: a tab is recognised, a contact’s page is found', async () => {
    const { acme } = (await ann.get('/crmManifest')).body.platforms
    // As the client does it.
    const isTab = (url: string) => new RegExp(acme.urlIdentifier.replace('*', '.*')).test(url)
    expect(isTab(`${test.acme.url}/people/p_1001`)).toBe(true)
    expect(isTab('https://other.example/people')).toBe(false)
    const page = acme.contactPageUrl.replace('{hostname}', new URL(test.acme.url).host).replace('{contactId}', 'p_1001').replace('{contactType}', 'person')
    expect(page).toBe(`${test.acme.url}/people/p_1001`)
  })

  it('has the auth form of a CRM with a key, secrets as passwords', async () => {
    const { content } = (await ann.get('/crmManifest')).body.platforms['acme-legacy'].auth.apiKey.page
    expect(content).toEqual([{ const: 'key', title: 'API key', type: 'string', required: true, description: 'Your administrator has it.', uiSchema: { 'ui:widget': 'password' } }])
  })

  it('asks for the CRM’s fields and outcomes once somebody has been connected, and each contact brings the choices', async () => {
    const { body } = await ann.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=&isExtension=false')
    const fields = (await ann.get('/crmManifest')).body.platforms.acme.page.callLog.additionalFields
    expect(fields).toContainEqual({ const: '_disposition', title: 'Outcome', type: 'selection', contactDependent: false })
    const choices = fields.filter(({ type }: { type: string }) => type === 'selection').map((field: { const: string }) => field.const)
    for (const contact of body.contact) for (const each of choices) expect(contact.additionalInfo[each]).toContainEqual({ const: expect.any(String), title: expect.any(String) })
  })

  it('is of one platform when one is named, and of none that there is not', async () => {
    expect(Object.keys((await ann.get('/crmManifest?platformName=acme')).body.platforms)).toEqual(['acme'])
    expect(await ann.get('/crmManifest?platformName=other')).toMatchObject({ status: 400, body: 'Platform not found' })
  })

  it('says that it cannot be read rather than break the client', async () => {
    expect((await test.client('/broken').get('/crmManifest')).status).toBe(500)
  })

  it('leaves out an installation that is switched off', async () => {
    const { models } = test.server.services
    await models.installations.update({ enabled: false }, { where: { id: test.installations.legacy } })
    expect(Object.keys((await ann.get('/crmManifest')).body.platforms)).toEqual(['acme'])
    await models.installations.update({ enabled: true }, { where: { id: test.installations.legacy } })
  })
})

describe('what is asked beside', () => {
  it('says that it is alive, and its version', async () => {
    expect(await ann.get('/isAlive')).toMatchObject({ status: 200, body: 'OK' })
    expect((await ann.get('/serverVersionInfo')).body).toEqual({ version: expect.any(String) })
  })

  it('says what a platform can do', async () => {
    expect((await ann.get('/implementedInterfaces?platform=acme')).body).toMatchObject({ createCallLog: true, createMessageLog: true, getOauthInfo: true, listAppointments: false, cacheCallNote: true })
    expect((await ann.get('/implementedInterfaces?platform=acme-legacy')).body).toMatchObject({ getBasicAuth: true, getOauthInfo: false, upsertCallDisposition: false })
    expect(await ann.get('/implementedInterfaces')).toMatchObject({ status: 400, body: 'Missing platform name' })
  })

  it('says the licence with 200 also to whoever has logged out, and 400 to a bad token', async () => {
    expect((await ann.get('/licenseStatus?jwtToken={jwt}')).body).toMatchObject({ isLicenseValid: true })
    expect(await ann.get('/licenseStatus?jwtToken=undefined')).toMatchObject({ status: 200, body: { isLicenseValid: false } })
    expect(await ann.get('/licenseStatus?jwtToken=nonsense')).toMatchObject({ status: 400, body: 'Invalid JWT token' })
  })

  it('says the host as text', async () => {
    expect((await ann.get('/hostname?jwtToken={jwt}')).body).toBe(new URL(test.acme.url).host)
  })

  it('hashes ids as App Connect did with the same key', async () => {
    // sha256('202:the hash key')
    const { createHash } = await import('node:crypto')
    expect((await ann.get('/userInfoHash?accountId=202')).body).toEqual({ accountId: createHash('sha256').update('202:the hash key').digest('hex') })
    expect((await ann.get('/userInfoHash')).body).toEqual({})
  })

  it('gives whoever has no token nothing of an account’s settings', async () => {
    expect((await test.client().get(`/user/preloadSettings?rcAccountId=${account}`)).body).toEqual({ userSettings: {} })
    expect((await test.client().get('/user/preloadSettings?rcAccountId=%00')).body).toEqual({ userSettings: {} })
  })

  it('says no to a validation only when the CRM itself does', async () => {
    expect((await ann.get('/authValidation?jwtToken={jwt}')).body.successful).toBe(true)
    const cho = await test.connectToAcme('cho@acme.test')
    await test.control('POST', 'revoke-grants')
    expect(await cho.get('/authValidation?jwtToken={jwt}')).toMatchObject({ status: 200, body: { successful: false, returnMessage: { messageType: 'warning' } } })
    expect(await cho.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=&isExtension=false&isForceRefreshAccountData=true'))
      .toMatchObject({ status: 401, body: { successful: false, errorCode: 'CRM_SESSION_REVOKED' } })
  })
})

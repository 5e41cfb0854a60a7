import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { appConnectConnector, loadConnectors } from '../connector/index.js'
import { rcCallOf, startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

const loaded = loadConnectors({ path: fileURLToPath(new URL('../testing/minding-connector.cjs', import.meta.url)) })
const { seen, editByHand } = loaded.exported as { seen: unknown[]; editByHand(fullBody: string): void }
const ownPage = 'https://login.minding.example/back'

let crm: Server
let test: TestWire
let mia: WireClient
let asked: URLSearchParams
beforeAll(async () => {
  crm = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => { asked = new URLSearchParams(body) })
      .on('end', () => { response.setHeader('Content-Type', 'application/json').end('{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600}') })
  })
  await new Promise<void>(resolve => { crm.listen(0, '127.0.0.1', resolve) })
  const host = `127.0.0.1:${String((crm.address() as AddressInfo).port)}`
  const getOauthInfo = async () => ({ clientId: 'minding', clientSecret: 'secret', accessTokenUri: `https://${host}/token` })
  const [registered] = loaded.registered
  const adapter = appConnectConnector({ ...loaded, registered: [{ ...registered!, module: { ...registered!.module, getOauthInfo } }] }, {
    manifest: {
      platforms: {
        minding: {
          displayName: 'Minding', auth: { type: 'oauth', oauth: { authUrl: 'https://login.minding.example/authorize', redirectUri: ownPage } }, contactTypes: [{ value: 'contact', display: 'Contact' }],
          page: { callLog: { additionalFields: [{ const: 'deals', title: 'Deal', type: 'selection', contactDependent: true }] } },
        },
      },
    },
  })
  test = await startTestWire({ otherAdapters: [adapter], otherOrigins: [`http://${host}`] })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
  await test.install({ adapter: 'minding', name: 'Minding', host, settings: { country: 'NL', allowCredentials: true } })
  mia = test.client()
}, startMs)
afterAll(async () => {
  await test.stop()
  crm.closeAllConnections()
  crm.close()
})

it('signs in by the page that the connector’s author has the CRM send users back to', async () => {
  expect((await mia.get('/crmManifest?platformName=minding')).body.platforms.minding.auth.oauth).toMatchObject({ authUrl: expect.stringContaining('/oauth-start/minding'), redirectUri: ownPage })
  expect((await mia.get('/oauth-callback?callbackUri=https://elsewhere.example/?code=c1&state=platform=minding&hostname=temp')).status).toBe(400)
  const { body } = await mia.get(`/oauth-callback?callbackUri=${ownPage}?code=c1&state=platform=minding&hostname=temp`)
  expect(body).toMatchObject({ name: 'Mia', jwtToken: expect.any(String) })
  expect([asked.get('code'), asked.get('redirect_uri')]).toEqual(['c1', ownPage])
  mia.jwt = body.jwtToken
})

it('answers with contacts that have members without a value, and dates', async () => {
  expect((await mia.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=&isExtension=false')).body).toEqual({ successful: true, contact: [
    { id: '12', name: 'Jan', phone: '+31413741741', mostRecentActivityDate: '2023-11-14T22:13:20.000Z', additionalInfo: { deals: [{ const: 101 }] } },
    { id: 'createNewContact', name: 'New', isNewContact: true, additionalInfo: null },
  ] })
  expect((await mia.get('/custom/contact/search?jwtToken={jwt}&name=Jan')).body).toEqual({ successful: true, contact: [{ id: '12', name: 'Jan', additionalInfo: null }] })
  expect((await mia.post('/contact?jwtToken={jwt}', { phoneNumber: '+31206660001', newContactName: 'Nina' })).body).toMatchObject({ successful: true, contact: { id: '13', name: 'Nina' } })
  expect((await mia.get('/accountData?jwtToken={jwt}&keys=kinds')).body).toEqual({ successful: true, data: { kinds: [{ const: 'call' }] } })
})

const logged = (sessionId: string, more: object = {}) => mia.post('/callLog?jwtToken={jwt}', {
  logInfo: rcCallOf(sessionId, { to: { phoneNumber: '+31201234567' } }), note: 'Wants <3 & a quote', additionalSubmission: {}, contactId: '12', contactType: 'contact', contactName: 'Jan', ...more,
}, { 'rc-account-id': 'the-account' })

it('shows the note that is in the CRM’s text where the connector looks for it elsewhere', async () => {
  await logged('h1')
  const [{ logData }] = (await mia.get('/callLog?jwtToken={jwt}&sessionIds=h1&requireDetails=true')).body.logs
  expect(logData).toMatchObject({ note: 'Wants <3 & a quote', fullBody: expect.stringContaining('quote') })
  editByHand('<b>Agent notes</b>Something else')
  expect((await mia.get('/callLog?jwtToken={jwt}&sessionIds=h1&requireDetails=true')).body.logs[0].logData).toMatchObject({ note: 'Something else' })
})

it('has the connector go by what an administrator has set over the wire', async () => {
  const assigned = { additionalSubmission: { isAssignedToUser: true, adminAssignedUserRcId: '206' } }
  seen.length = 0
  await logged('h2')
  const userMappings = [{ crmUserId: 11, rcExtensionId: null }, { crmUserId: 12, rcExtensionId: [206] }]
  expect((await mia.post('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-admin', { adminSettings: { userSettings: { mindingKind: { value: 'phone', customizable: false } }, userMappings } })).status).toBe(200)
  expect((await logged('h3', assigned)).body).toMatchObject({ successful: true, logId: '99' })
  expect(seen).toEqual([{}, { kind: 'phone', owner: '12' }])
})

it('has the connector know the settings that its user has made, and those that an administrator has made for them', async () => {
  await mia.post('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-admin', { adminSettings: { userSettings: { isTimed: { value: true, customizable: false } } } })
  expect((await mia.post('/user/settings?jwtToken={jwt}', { userSettings: { isBillable: { value: 'no' }, isTimed: { value: false } } })).body).toMatchObject({ userSettings: { isBillable: { value: 'no' }, isTimed: { value: true } } })
  seen.length = 0
  await logged('h4')
  expect(seen).toEqual([{ isBillable: 'no', isTimed: true }])
})

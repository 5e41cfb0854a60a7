import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { activityId, type CallLog } from '@linefinder/core'
import type { ConnectorAdapter, JsonObject } from '../extras.js'
import { spokenConnector, type Heard } from '../testing/spoken-connector.js'
import { rcCallOf, startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

const heard: Heard = { asked: [], extras: [] }
const logs: CallLog[] = []
const form: JsonObject[] = [{ const: 'welcome', type: 'string', description: 'Sign in as ever', uiSchema: { 'ui:field': 'typography' } }, { const: 'apiKey', title: 'Key', type: 'string', required: true }]
const manifest: JsonObject = { platforms: { writtenCRM: { serverUrl: 'https://elsewhere.example', embedUrls: [], contactTypes: [], auth: { type: 'apiKey', apiKey: { page: { content: form } } } } } }

/** One for which the text of a log is written by the server. */
function writtenConnector(): ConnectorAdapter {
  const spoken = spokenConnector(heard)
  return {
    ...spoken, id: 'written', name: 'Written',
    async createCallLog(_ctx, log) {
      logs.push(log)
      return { id: activityId.parse(`log-${log.externalId}`) }
    },
    appConnect: {
      ...spoken.appConnect, platform: 'writtenCRM', manifest, logFormat: 'text/plain',
      userFacts: async () => ({ userSettings: { region: { value: 'eu', options: [{ id: 'eu', name: 'Europe' }] }, size: { value: 'kept with its user' }, forced: { value: 1, options: [], customizable: false } } }),
    },
  }
}

let test: TestWire
let uma: WireClient
beforeAll(async () => {
  test = await startTestWire({ otherAdapters: [writtenConnector()] })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
  await test.install({ adapter: 'written', name: 'Written' })
  uma = test.client()
  uma.jwt = (await uma.post('/apiKeyLogin?state=platform=writtenCRM', { apiKey: 'k', platform: 'writtenCRM', hostname: 'temp', additionalInfo: { apiKey: 'k' } })).body.jwtToken
}, startMs)
afterAll(() => test.stop())
beforeEach(() => {
  heard.asked.length = 0
  logs.length = 0
})

it('has a form with a line that only says something, and what its author left empty as if it were not there', async () => {
  const { status, body } = await uma.get('/crmManifest?platformName=writtenCRM')
  expect(status).toBe(200)
  expect(body.platforms.writtenCRM).toMatchObject({ auth: { apiKey: { page: { content: form } } }, embedUrls: ['https://spoken.example/*'], contactTypes: [{ value: 'contact' }] })
  expect(body.platforms.writtenCRM).not.toHaveProperty('serverUrl')
})

it('finds its users’ settings as they are by now, and offers choices of its own', async () => {
  const { body } = await uma.post('/user/settings?jwtToken={jwt}', { userSettings: { region: { value: 'us' }, colour: { value: 'red' } } })
  expect(body.userSettings).toEqual({ region: { value: 'us' }, colour: { value: 'red' } })
  expect(heard.asked).toEqual([['updateUserSettings', { region: { value: 'us' }, colour: { value: 'red' } }]])
  expect((await uma.get('/user/settings?jwtToken={jwt}')).body).toEqual({ region: { value: 'us', options: [{ id: 'eu', name: 'Europe' }] }, colour: { value: 'red' } })
})

it('is told for whom a call is by the mapping of extensions’ ids', async () => {
  const extension = { id: '9001', name: 'Ann', email: 'ann@spoken.example', extensionNumber: '205' }
  await uma.post('/admin/userMapping?jwtToken={jwt}&rcAccessToken=rc-admin', { rcExtensionList: [extension] })
  await uma.post('/admin/settings?jwtToken={jwt}&rcAccessToken=rc-admin', { adminSettings: { userSettings: {}, userMappings: [{ crmUserId: '8', rcExtensionId: '9001' }] } })
  const post = (sessionId: string, additionalSubmission: object) => uma.post('/callLog?jwtToken={jwt}', { logInfo: rcCallOf(sessionId, { to: { phoneNumber: '+31201234567' } }), note: 'n', additionalSubmission, contactId: '1' })
  await post('a1', { isAssignedToUser: true, adminAssignedUserRcId: '9001' })
  await post('a2', { isAssignedToUser: true, adminAssignedUserRcId: '9002' })
  expect(logs.map(({ agent }) => agent?.userId)).toEqual(['8', undefined])
})

it('shows the note as it is known, since the connector looks for it in another text', async () => {
  await uma.post('/callLog?jwtToken={jwt}', { logInfo: rcCallOf('n1'), note: 'Their own words', additionalSubmission: {}, contactId: '1' })
  const [{ logData }] = (await uma.get('/callLog?jwtToken={jwt}&sessionIds=n1&requireDetails=true')).body.logs
  expect(logData).toMatchObject({ subject: 'In the CRM', note: 'Their own words' })
})

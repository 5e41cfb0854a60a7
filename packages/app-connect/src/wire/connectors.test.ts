import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { spokenConnector, type Heard } from '../testing/spoken-connector.js'
import { rcCallOf, startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

const heard: Heard = { asked: [], extras: [] }
let test: TestWire
let uma: WireClient
beforeAll(async () => {
  test = await startTestWire({ otherAdapters: [spokenConnector(heard)] })
  test.rc.users.set('rc-admin', { account: '1', extension: '12', isAdmin: true })
  await test.install({ adapter: 'spoken', name: 'Spoken' })
  uma = test.client()
  uma.jwt = (await uma.post('/apiKeyLogin?state=platform=spokenCRM', { apiKey: 'k', platform: 'spokenCRM', hostname: 'temp', additionalInfo: { apiKey: 'k' } })).body.jwtToken
}, startMs)
afterAll(() => test.stop())
beforeEach(() => {
  heard.asked.length = 0
  heard.extras.length = 0
})

it('goes by its author’s name and manifest', async () => {
  const { body } = await uma.get('/crmManifest?platformName=spokenCRM')
  expect(body.platforms.spokenCRM).toMatchObject({
    name: 'spokenCRM', displayName: 'Spoken by its author', contactTypes: [{ value: 'Lead', display: 'Lead' }], useLicense: true, urlIdentifier: 'https://spoken.example/*', contactPageUrl: 'https://spoken.example/contact/{contactId}',
  })
  expect((await uma.get('/implementedInterfaces?platform=spokenCRM')).body).toMatchObject({ listAppointments: true, confirmAppointment: false, getUserList: false })
})

it('gets the query as it was sent, and its contacts go on as it gives them', async () => {
  const { body } = await uma.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=%28%23%23%23%29&isExtension=false')
  expect(heard.asked).toEqual([['findContact', { phoneNumber: '+31413741741', overridingFormat: '(###)', isExtension: 'false', isForceRefreshAccountData: false }]])
  expect(body).toEqual({ successful: true, contact: [
    { id: '1', name: 'Lea Lead', type: 'Lead', phone: '+31413741741', additionalInfo: { stage: [{ const: 'a', title: 'A' }] } },
    { id: 'createNewContact', name: 'New', isNewContact: true, additionalInfo: null },
  ] })
  expect((await uma.get('/custom/contact/search?jwtToken={jwt}&name=Lea')).body).toEqual({ successful: true, contact: [], returnMessage: { message: 'Nobody.', messageType: 'warning', ttl: 1 } })
})

it('gets with a new contact what the form says, and its own words go on; the id is a text, whatever it gave', async () => {
  const { body } = await uma.post('/contact?jwtToken={jwt}', { phoneNumber: '+31206660001', newContactName: 'Nina', newContactType: 'Lead', additionalSubmission: { email: 'n@x.test', link: 'https://media.example/1?accessToken=RC-SECRET' } })
  expect(heard.asked).toEqual([['createContact', {
    phoneNumber: '+31206660001', newContactName: 'Nina', newContactType: 'Lead', additionalSubmission: { email: 'n@x.test', link: 'https://media.example/1' },
  }]])
  expect(body).toMatchObject({ successful: true, contact: { id: '13', name: 'Nina', title: 'Of its author', additionalInfo: null }, returnMessage: { message: 'Made.' } })
})

it('gets with a log everything that was sent, but RingCentral’s tokens', async () => {
  const logInfo = rcCallOf('c1', { recording: { link: 'https://apps.example/1', downloadUrl: 'https://media.example/1?accessToken=RC-SECRET' }, queueCall: true })
  const { body } = await uma.post('/callLog?jwtToken={jwt}', {
    logInfo, note: 'n', additionalSubmission: { stage: 'a' }, contactId: '1', contactType: 'Lead', contactName: 'Lea', ringSenseAIScore: 7, ringSenseSummary: 'Good', hashedExtensionId: 'h', overridingFormat: [],
  }, { 'rc-account-id': 'the-account' })
  expect(body).toEqual({ successful: true, logId: expect.stringMatching(/^log-/), returnMessage: { message: 'The connector’s own words.', messageType: 'success', ttl: 1000 } })
  expect(heard.extras).toMatchObject([{
    logInfo: { sessionId: 'c1', queueCall: true, recording: { link: 'https://apps.example/1', downloadUrl: 'https://media.example/1' } }, additionalSubmission: { stage: 'a' },
    contactType: 'Lead', contactName: 'Lea', more: { ringSenseAIScore: 7, ringSenseSummary: 'Good' }, hashedAccountId: 'the-account', hashedExtensionId: 'h',
  }])
  await uma.put('/callDisposition?jwtToken={jwt}', { sessionId: 'c1', dispositions: { stage: 'b', note: '' }, additionalSubmission: {} })
  await uma.patch('/callLog?jwtToken={jwt}', { sessionId: 'c1', ringSenseLink: 'https://ringsense.example/1' })
  expect(heard.extras.at(-1)).toMatchObject({ contactType: 'Lead', dispositions: { stage: 'b', note: '' }, more: { ringSenseAIScore: 7, ringSenseLink: 'https://ringsense.example/1' } })
  const [{ logData }] = (await uma.get('/callLog?jwtToken={jwt}&sessionIds=c1&requireDetails=true')).body.logs
  expect(logData).toMatchObject({ subject: 'In the CRM', note: 'Edited there' })
})

it('keeps to its 64 kB: legs go first, then the call as it came', async () => {
  const long = (length: number) => rcCallOf(`long-${String(length)}`, { legs: [{ startTime: '2026-03-01T10:00:00Z', result: 'Missed', text: 'x'.repeat(length) }] })
  await uma.post('/callLog?jwtToken={jwt}', { logInfo: long(100_000), note: '', additionalSubmission: { stage: 'a' }, contactId: '1' })
  expect(heard.extras[0]).toMatchObject({ logInfo: { sessionId: 'long-100000' }, additionalSubmission: { stage: 'a' } })
  expect(heard.extras[0]!.logInfo).not.toHaveProperty('legs')
})

it('gets messages as they were sent', async () => {
  const { body } = await uma.post('/messageLog?jwtToken={jwt}', {
    logInfo: { type: 'SMS', conversationId: 'm', conversationLogId: 'm/2026-03-01', owner: { name: 'O' }, messages: [{ id: 1, type: 'SMS', subject: 'Hi', direction: 'Inbound', creationTime: '2026-03-01T10:00:00Z' }] },
    additionalSubmission: { stage: 'a' }, contactId: '1', contactType: 'Lead', sharedSMSLogContent: { subject: 's', body: 'b' },
  })
  expect(body).toMatchObject({ successful: true, logIds: [expect.stringMatching(/^messages-/)] })
  expect(heard.extras).toMatchObject([{ logInfo: { owner: { name: 'O' }, messages: [{ subject: 'Hi' }] }, contactType: 'Lead', sharedSMSLogContent: { subject: 's', body: 'b' } }])
})

it('has a say in settings, licences, validation and the rest', async () => {
  expect((await uma.get('/licenseStatus?jwtToken={jwt}')).body).toEqual({ isLicenseValid: false, licenseStatus: 'Expired', licenseStatusDescription: 'Buy' })
  expect((await uma.get('/authValidation?jwtToken={jwt}')).body.successful).toBe(false)
  expect((await uma.post('/user/refreshInfo?jwtToken={jwt}')).body).toMatchObject({ successful: true, returnMessage: { message: 'Refreshed.' } })
  await uma.post('/user/settings?jwtToken={jwt}', { userSettings: { fine: { value: 1 } } })
  const refused = (await uma.post('/user/settings?jwtToken={jwt}', { userSettings: { forbidden: { value: 1 } } })).body
  // The client reads the settings of the answer whatever else it says.
  expect(refused).toEqual({ successful: false, userSettings: { fine: { value: 1 } }, returnMessage: { message: 'Not that.', messageType: 'warning', ttl: 1 } })
  const admin = '?jwtToken={jwt}&rcAccessToken=rc-admin'
  expect((await uma.get(`/admin/serverLoggingSettings${admin}`)).body).toEqual({ apiUser: 'robot' })
  expect((await uma.post(`/admin/serverLoggingSettings${admin}`, { additionalFieldValues: {} })).body).toMatchObject({ successful: true, returnMessage: { message: 'Stored.' } })
  expect((await uma.post(`/admin/managedAuth/options${admin}`, { fieldConst: 'region' })).body).toEqual([{ value: 'region', label: 'One' }])
})

it('answers for appointments and account data', async () => {
  expect((await uma.get('/appointments?jwtToken={jwt}&startDate=a&endDate=b')).body).toEqual({ successful: true, appointments: [] })
  expect((await uma.post('/appointments?jwtToken={jwt}', { payload: { title: 't' } })).body).toEqual({ successful: true, appointmentId: 'a1' })
  expect((await uma.post('/appointments/7/status?jwtToken={jwt}', { status: 'done' })).body).toEqual({ successful: true, appointment: { id: '7' } })
  expect((await uma.post('/appointments/7/cancel?jwtToken={jwt}', {})).body.successful).toBe(false)
  expect((await uma.get('/accountData?jwtToken={jwt}&keys=lists&forceRefresh=true')).body).toEqual({ successful: true, data: { lists: ['x'] } })
  expect(heard.asked).toEqual([
    ['listAppointments', { startDate: 'a', endDate: 'b' }], ['createAppointment', { title: 't' }], ['updateAppointment', ['7', { status: 'done' }]], ['accountData', ['lists', true]],
  ])
})

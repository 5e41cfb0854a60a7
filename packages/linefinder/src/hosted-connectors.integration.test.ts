import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '@linefinder/client'
import { startAcme, type Acme } from '@linefinder/example-acme-crm'
import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { startAcmeLegacy, type AcmeLegacy } from '@linefinder/example-acme-legacy-crm'
import { KeyRing } from '@linefinder/server'
import { acmeMobile, signInToAcme, type AcmeApi } from './testing/acme-api.js'
import { acmeControl, acmeStats, adminKeyIn } from './testing/acme-tenant.js'
import { createPostgresDatabase, hasPostgres } from './testing/postgres.js'
import { startProcess, type ServerProcess } from './testing/processes.js'

const connectors = fileURLToPath(new URL('../../../examples/app-connect-connectors', import.meta.url))
const rcRedirectPage = 'https://ringcentral.github.io/ringcentral-embeddable/redirect.html'

type Answer = Readonly<Record<string, unknown>>
type Send = (method: string, path: string, body?: object) => Promise<{ status: number; body: Answer; text: string }>

/** What App Connect's client sends: the token in the query. */
const clientOf = (server: ServerProcess, jwt?: string): Send => async (method, path, body) => {
  const url = new URL(`${server.url}/app-connect${path}`)
  if (jwt !== undefined) url.searchParams.set('jwtToken', jwt)
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) })
  const text = await response.text()
  return { status: response.status, text, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) as Answer : {} }
}

const callOf = (sessionId: string, more: object = {}): object => ({
  sessionId, telephonySessionId: `s-${sessionId}`, direction: 'Inbound', startTime: Date.parse('2026-07-01T14:04:00Z'), duration: 42, result: 'Call connected',
  from: { phoneNumber: '+31413741741', name: 'Jan de Vries' }, to: { phoneNumber: '+31201234567', extensionNumber: '205', name: 'Ann' }, ...more,
})

const textOf = (number: string, id: number, subject: string): object => ({
  type: 'SMS', conversationId: 'c1', conversationLogId: 'c1/2026-07-01', correspondents: [{ phoneNumber: number }],
  messages: [{ id, type: 'SMS', subject, direction: 'Inbound', creationTime: '2026-07-01T14:04:00Z', from: { phoneNumber: number, name: 'Jan' }, to: [{ phoneNumber: '+31201234567' }] }],
})

;(hasPostgres ? describe : describe.skip)('connectors of App Connect behind its client’s calls, on a real PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let acme: Acme
  let legacy: AcmeLegacy
  let server: ServerProcess
  let acmeApi: AcmeApi

  beforeAll(async () => {
    [database, acme, legacy] = await Promise.all([
      createPostgresDatabase(), startAcme({ seedPeople: 30, oauthClients: [{ clientId: 'rc-app', redirectUris: [rcRedirectPage] }, acmeMobile] }), startAcmeLegacy(),
    ])
    server = await startProcess({
      DATABASE_URL: database.url, LINEFINDER_KEYS: KeyRing.newKey('k1'), LINEFINDER_ADAPTERS: '@linefinder/adapter-memory',
      LINEFINDER_CONNECTORS: connectors, LINEFINDER_CONNECTOR_VARIABLES: 'APP_SERVER_SECRET_KEY', APP_SERVER_SECRET_KEY: 'a-key-of-the-tests',
      LINEFINDER_APP_CONNECT: 'on', LINEFINDER_APP_CONNECT_OPTIONS: '{"deliveryWaitMs":20000}', LINEFINDER_PRIVATE_ORIGINS: `${acme.url},${legacy.url}`,
    })
    const { admin } = createClient({ baseUrl: server.url, token: adminKeyIn(server.output()) })
    const install = (adapter: string, url: string, more: object = {}) =>
      admin.installations.create({ body: { adapter, name: adapter, host: new URL(url).host, settings: { country: 'NL', allowCredentials: true }, ...more } })
    await install('app-connect-acme', acme.url, { oauthClientId: 'rc-app', properties: { ACME_CLIENT_ID: 'rc-app' } })
    await install('app-connect-acme-legacy', legacy.url)
    acmeApi = await signInToAcme(acme.url)
  }, 120_000)

  afterAll(async () => {
    await server.end()
    await Promise.all([acme.stop(), legacy.stop()])
    await database.drop()
  })

  /** As the client builds the address from the manifest, and as its login window comes back. */
  async function signIn(): Promise<string> {
    const { body } = await clientOf(server)('GET', '/crmManifest?platformName=acme')
    const { authUrl, clientId, scope, customState } = (body as never as { platforms: { acme: { auth: { oauth: Record<string, string> } } } }).platforms.acme.auth.oauth
    const authorizeUrl = `${authUrl ?? ''}?response_type=code&client_id=${clientId ?? ''}&${scope ?? ''}&state=${customState ?? 'platform=acme'}&redirect_uri=${rcRedirectPage}`
    const back = await loginAndDecide({ authorizeUrl, redirectUri: rcRedirectPage, email: 'ann@acme.test' })
    const { body: { jwtToken, name } } = await clientOf(server)('GET', `/oauth-callback?callbackUri=${back.href}&hostname=temp&rcAccountId=1`)
    expect(name).toBe('Ann de Wit')
    return String(jwtToken)
  }

  it('by OAuth: connect, find, create, log, update, dispose, message, log out', async () => {
    const send = clientOf(server, await signIn())
    const found = await send('GET', '/contact?phoneNumber=%2B31413741741&overridingFormat=&isExtension=false')
    expect(found.body).toMatchObject({ successful: true, contact: expect.arrayContaining([expect.objectContaining({ id: 'p_1001', type: 'person' })]) })
    const made = await send('POST', '/contact', { phoneNumber: '+31206660001', newContactName: 'Nina New', newContactType: 'person', additionalSubmission: { email: 'nina@new.example' } })
    expect(made.body).toMatchObject({ successful: true, contact: { id: expect.stringMatching(/^p_/), name: 'Nina New' } })
    const contactId = (made.body['contact'] as { id: string }).id
    expect(await acmeApi('GET', `/people/${contactId}`)).toMatchObject({ name: 'Nina New', email: 'nina@new.example' })

    const logged = await send('POST', '/callLog', { logInfo: callOf('o1'), note: 'Asked for a quote', additionalSubmission: { topic: 'quote' }, contactId, contactType: 'person', contactName: 'Nina New' })
    expect(logged.body).toMatchObject({ successful: true, logId: expect.stringMatching(/^a_/), returnMessage: { message: 'Call logged.' } })
    const path = `/activities/${String(logged.body['logId'])}`
    expect(await acmeApi('GET', path)).toMatchObject({ person_id: contactId, external_id: 'o1', direction: 'inbound', duration_seconds: 42, result: 'answered', fields: { topic: 'quote' }, body: expect.stringContaining('Asked for a quote') })
    const shown = await send('GET', '/callLog?sessionIds=o1,never&requireDetails=true')
    expect(shown.body).toMatchObject({ successful: true, logs: [{ sessionId: 'o1', matched: true, logId: logged.body['logId'], logData: { note: expect.stringContaining('Asked for a quote') } }, { sessionId: 'never', matched: false }] })

    expect((await send('PATCH', '/callLog', { sessionId: 'o1', subject: 'Quote for Nina', note: 'Sent the quote', duration: 60 })).body).toMatchObject({ successful: true })
    expect(await acmeApi('GET', path)).toMatchObject({ subject: 'Quote for Nina', duration_seconds: 60, fields: { topic: 'quote' }, body: expect.stringContaining('Sent the quote') })
    expect((await send('PUT', '/callDisposition', { sessionId: 'o1', dispositions: { disposition: 'sold', note: '' }, additionalSubmission: {} })).body).toMatchObject({ successful: true })
    expect(await acmeApi('GET', path)).toMatchObject({ disposition: 'sold', subject: 'Quote for Nina', duration_seconds: 60 })

    const message = (id: number, subject: string) =>
      send('POST', '/messageLog', { logInfo: textOf('+31206660001', id, subject), additionalSubmission: {}, overridingFormat: [], contactId, contactType: 'person', contactName: 'Nina New' })
    const first = await message(1, 'When does it come?')
    expect(first.body).toMatchObject({ successful: true, logIds: [expect.stringMatching(/^a_/)] })
    expect((await message(2, 'Thanks')).body['logIds']).toEqual(first.body['logIds'])
    const { body } = await acmeApi('GET', `/activities/${String((first.body['logIds'] as string[])[0])}`)
    expect(body).toMatch(/When does it come\?[^]*Thanks/)

    const out = await send('POST', '/unAuthorize')
    expect(out.body).toMatchObject({ messageType: 'success', returnMessage: { messageType: 'success' } })
    expect(await send('GET', '/contact?phoneNumber=%2B31413741741')).toMatchObject({ status: 400 })
  })

  it('by OAuth, with a token that has expired: twenty lookups, one refresh by the connector', async () => {
    const send = clientOf(server, await signIn())
    await acmeControl(acme.url, 'POST', 'expire-access-tokens')
    await acmeControl(acme.url, 'DELETE', 'stats')
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => send('GET', `/contact?phoneNumber=%2B3141374${String(1000 + at)}&overridingFormat=&isExtension=false`)))
    expect(answers.map(({ body }) => body['successful'])).toEqual(answers.map(() => true))
    expect(await acmeStats(acme.url)).toMatchObject({ refreshes_granted: 1, refreshes_refused: 0 })
  })

  it('by key: connect, find, create, log, update, log out', async () => {
    const refused = await clientOf(server)('POST', '/apiKeyLogin?state=platform=acmeLegacy', { apiKey: 'wrong', platform: 'acmeLegacy', hostname: 'temp', additionalInfo: { apiKey: 'wrong' } })
    expect(refused).toMatchObject({ status: 400, body: { returnMessage: { messageType: 'warning' } } })
    const { body: login } = await clientOf(server)('POST', '/apiKeyLogin?state=platform=acmeLegacy', {
      apiKey: 'legacy-key-ann', platform: 'acmeLegacy', hostname: 'temp', additionalInfo: { apiKey: 'legacy-key-ann' },
    })
    expect(login).toMatchObject({ name: 'Ann de Wit' })
    const send = clientOf(server, String(login['jwtToken']))
    expect((await send('GET', '/contact?phoneNumber=%2B31413741741&overridingFormat=&isExtension=false')).body)
      .toMatchObject({ successful: true, contact: expect.arrayContaining([expect.objectContaining({ id: '1', name: 'Jan de Vries' })]) })
    const made = await send('POST', '/contact', { phoneNumber: '+31206660002', newContactName: 'Olga Old', newContactType: 'customer', additionalSubmission: {} })
    const contactId = (made.body['contact'] as { id: string }).id
    const log = (changes: object) => send('POST', '/callLog', { logInfo: callOf('k1'), note: 'First', additionalSubmission: {}, contactId, contactType: 'customer', contactName: 'Olga Old', ...changes })
    const [one, two] = await Promise.all([log({}), log({})])
    expect([one.body['successful'], two.body['successful'], one.body['logId'] === two.body['logId']]).toEqual([true, true, true])
    expect((await send('PATCH', '/callLog', { sessionId: 'k1', note: 'Second' })).body).toMatchObject({ successful: true })
    const entries = await (await fetch(`${legacy.url}/_control/activities`)).json() as { customerId: number; text: string }[]
    expect(entries.map(({ customerId, text }) => [String(customerId), /Note: (.*)/.exec(text)?.[1]])).toEqual([[contactId, 'First'], [contactId, 'Second']])
    expect((await send('POST', '/unAuthorize')).body).toMatchObject({ messageType: 'success' })
    expect((await send('GET', '/callLog?sessionIds=k1')).status).toBe(400)
  })

  it('leaves nothing of them in the log, nor a credential in the database that can be read', async () => {
    expect(server.output()).not.toMatch(/legacy-key-ann|Asked for a quote|413741741|jwtToken=/)
    expect(await database.dump()).not.toMatch(/legacy-key-ann/)
  })
})

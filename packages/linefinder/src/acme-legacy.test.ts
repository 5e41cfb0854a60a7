import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import acmeLegacy from '@linefinder/adapter-acme-legacy'
import { createClient, LinefinderError, type LinefinderClient } from '@linefinder/client'
import { callId } from '@linefinder/core'
import { startAcmeLegacy, type AcmeLegacy } from '@linefinder/example-acme-legacy-crm'
import { createServer, type LinefinderServer } from '@linefinder/server'

let crm: AcmeLegacy
let server: LinefinderServer
let [url, installation] = ['', '']
let agent: LinefinderClient
beforeAll(async () => {
  crm = await startAcmeLegacy()
  server = await createServer({ adapters: [acmeLegacy], privateOrigins: [crm.url] })
  const key = await server.services.tenants.ensureDefaults() ?? ''
  url = await server.listen()
  const { admin } = createClient({ baseUrl: url, token: key })
  installation = (await admin.installations.create({ body: { adapter: 'acme-legacy', name: 'Acme', host: new URL(crm.url).host, settings: { country: 'NL' } } })).id
  agent = await connect('legacy-key-ann')
}, 60_000)
afterAll(async () => {
  await server.stop()
  await crm.stop()
})
afterEach(() => setSwitches({}))

async function connect(key: string): Promise<LinefinderClient> {
  const session = await createClient({ baseUrl: url }).connecting.createConnection({ body: { client_id: 'default', installation, fields: { key } } })
  return createClient({ baseUrl: url, token: session.token })
}

async function setSwitches(switches: object): Promise<void> {
  await fetch(`${crm.url}/_control/switches`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(switches) })
}

interface Entry { readonly customerId: number; readonly userId: number; readonly kind: string; readonly date: string; readonly text: string }
const entriesOf = async (customerId: number): Promise<Entry[]> =>
  (await (await fetch(`${crm.url}/_control/activities`)).json() as Entry[]).filter(entry => entry.customerId === customerId)

const call = (contactId: string, note?: string) => ({
  direction: 'inbound' as const, from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-07-01T14:04:00Z', contactId: contactId as never, ...(note !== undefined && { note }),
})
const put = (id: string, contactId: string, note?: string) =>
  agent.callLogs.put({ params: { callId: callId.parse(id) }, body: call(contactId, note), waitSeconds: 10 })
const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'it succeeded', (error: unknown) => error instanceof LinefinderError ? error.code : String(error))

describe('the story of a call', () => {
  it('begins with a key', async () => {
    expect((await agent.me.get()).user).toMatchObject({ id: '1', name: 'Ann de Wit', account: { id: '17' } })
    expect(await codeOf(connect('wrong'))).toBe('login_refused')
  })

  it('tells who calls from +31413741741, which the CRM keeps as 0413/741741', async () => {
    const { contacts, source } = await agent.contacts.find({ query: { phone: '+31413741741' } })
    expect(source).toBe('crm')
    expect(contacts).toMatchObject([{ id: '1', name: 'Jan de Vries', phones: [{ number: '0413/741741' }, { number: '06/12345678' }], url: expect.stringMatching(/\/customers\/1$/) }])
  })

  it('ends as one entry on the customer’s record, with the note that came later as another, once', async () => {
    await Promise.all([put('c-1', '1'), put('c-1', '1')])
    const patch = { params: { callId: callId.parse('c-1') }, body: { note: 'Wants a quote by Friday.' }, waitSeconds: 10 }
    expect(await agent.callLogs.patch(patch)).toMatchObject({ status: 'delivered' })
    await agent.callLogs.patch(patch)
    const [first, second, ...more] = await entriesOf(1)
    expect(first).toMatchObject({ kind: 'CALL', date: '01.07.2026 16:04', userId: 1, text: expect.stringContaining('+31413741741') })
    expect(second).toMatchObject({ kind: 'NOTE', text: expect.stringMatching(/^Addition to the call of 01\.07\.2026 16:04 \(no\. 501\)\nNote: Wants a quote by Friday\.\n\[lf-/) })
    expect(more).toEqual([])
  })
})

describe('a CRM that is not well', () => {
  it('that lost its answer has the call once', async () => {
    await setSwitches({ mode: 'reset_after_commit', only: ['/api/activities'], times: 1 })
    expect((await put('c-2', '2', 'Lost')).status).toBe('retrying')
    expect(await put('c-2', '2', 'Lost')).toMatchObject({ status: 'delivered' })
    expect(await entriesOf(2)).toHaveLength(1)
  })

  it('that is busy is asked again after the time that it names', async () => {
    const busy = await connect('legacy-key-ben')
    await setSwitches({ mode: 'busy', seconds: 30, only: ['/api/activities'] })
    const log = await busy.callLogs.put({ params: { callId: callId.parse('c-3') }, body: call('3'), waitSeconds: 10 })
    expect(log).toMatchObject({ status: 'retrying', lastError: { code: 'crm_rate_limited' } })
    expect(Date.parse(log.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(20_000)
  })

  it('that withdrew the key has the connection renewed, and gets the call then', async () => {
    await setSwitches({ mode: 'auth' })
    expect((await put('c-4', '5')).status).toBe('retrying')
    expect(await agent.me.getConnection()).toMatchObject({ state: 'needs_reconnect' })
    await setSwitches({})
    agent = await connect('legacy-key-ann')
    await server.services.idle()
    expect(await agent.callLogs.get({ params: { callId: callId.parse('c-4') } })).toMatchObject({ status: 'delivered' })
    expect(await entriesOf(5)).toHaveLength(1)
  })
})

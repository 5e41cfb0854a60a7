import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient, LinefinderError, type LinefinderClient } from '@linefinder/client'
import { callId } from '@linefinder/core'
import { startAcmeLegacy, type AcmeLegacy } from '@linefinder/example-acme-legacy-crm'
import { adminKeyIn } from './testing/acme-tenant.js'
import { runCommand, startProcess, type ServerProcess } from './testing/processes.js'

const connectors = fileURLToPath(new URL('../../../examples/app-connect-connectors', import.meta.url))

let crm: AcmeLegacy
let folder = ''
let server: ServerProcess
let admin: LinefinderClient['admin']
beforeAll(async () => {
  crm = await startAcmeLegacy()
  folder = await mkdtemp(join(tmpdir(), 'linefinder-connectors-'))
  server = await startProcess({
    LINEFINDER_CONNECTORS: connectors, LINEFINDER_CONNECTOR_VARIABLES: 'APP_SERVER_SECRET_KEY', APP_SERVER_SECRET_KEY: 'a-key-of-the-tests',
    LINEFINDER_DATA_DIR: folder, LINEFINDER_PRIVATE_ORIGINS: crm.url,
  })
  admin = createClient({ baseUrl: server.url, token: adminKeyIn(server.output()) }).admin
}, 60_000)
afterAll(async () => {
  await server.end()
  await crm.stop()
  await rm(folder, { recursive: true })
})

const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'it succeeded', (error: unknown) => error instanceof LinefinderError ? error.code : String(error))
const install = async (settings: object): Promise<string> =>
  (await admin.installations.create({ body: { adapter: 'app-connect-acme-legacy', name: 'Legacy', host: new URL(crm.url).host, settings: { country: 'NL', ...settings } } })).id
const connect = (installation: string, apiKey = 'legacy-key-ann') =>
  createClient({ baseUrl: server.url }).connecting.createConnection({ body: { client_id: 'default', installation, fields: { apiKey } } })

describe('connectors of App Connect in the executable', () => {
  it('are hosted like adapters, and said to handle credentials themselves', async () => {
    const { items } = await createClient({ baseUrl: server.url }).adapters.list({})
    expect(items.filter(({ id }) => id.startsWith('app-connect')).map(({ id, needsCredentials }) => [id, needsCredentials]))
      .toEqual([['app-connect-acme', true], ['app-connect-acme-legacy', true]])
    expect(server.output()).toContain('GET /acme/hello')
  })

  it('get no connection until the admin allows it, nor one by a wrong key', async () => {
    expect(await codeOf(connect(await install({})))).toBe('crm_credentials_withheld')
    expect(await codeOf(connect(await install({ allowCredentials: true }), 'wrong'))).toBe('login_refused')
  })

  it('find who calls, and bring the call to the CRM, and what changes of it later', async () => {
    const { token } = await connect(await install({ allowCredentials: true }))
    const agent = createClient({ baseUrl: server.url, token })
    expect((await agent.me.get()).user).toMatchObject({ id: '1', name: 'Ann de Wit', account: { id: '17' } })
    const { contacts } = await agent.contacts.find({ query: { phone: '+31413741741' } })
    expect(contacts).toMatchObject([{ id: '1', name: 'Jan de Vries', type: 'customer', url: expect.stringMatching(/\/customers\/1$/) }])
    const put = (note: string) => agent.callLogs.put({
      params: { callId: callId.parse('c-1') }, waitSeconds: 10,
      body: { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-07-01T14:04:00Z', note },
    })
    expect(await put('First')).toMatchObject({ status: 'delivered' })
    expect(await put('Second')).toMatchObject({ status: 'delivered' })
    const entries = await (await fetch(`${crm.url}/_control/activities`)).json() as { customerId: number; date: string; text: string }[]
    expect(entries.map(({ customerId, date }) => [customerId, date])).toEqual([[1, '01.07.2026 16:04'], [1, '01.07.2026 16:04']])
    expect(entries.map(({ text }) => /Note: (.*)/.exec(text)?.[1])).toEqual(['First', 'Second'])
    expect(server.output()).not.toMatch(/First|legacy-key-ann|413741741/)
  })

  it('that are none stop the start, by name', async () => {
    const missing = await runCommand(['start'], { LINEFINDER_CONNECTORS: join(folder, 'nothing'), LINEFINDER_DATA_DIR: folder })
    expect(missing.code).not.toBe(0)
    expect(missing.stderr).toMatch(/LINEFINDER_CONNECTORS: cannot load .*nothing/)
  })
})

import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import acme from '@linefinder/adapter-acme'
import { createClient, type LinefinderClient } from '@linefinder/client'
import { callId } from '@linefinder/core'
import { startAcme, type Acme } from '@linefinder/example-acme-crm'
import { createServer, type LinefinderServer } from '@linefinder/server'
import { acmeMobile, signInToAcme, type AcmeApi } from './testing/acme-api.js'
import { acmeClient, connectUser, installAcme } from './testing/acme-tenant.js'
import { findFreePort } from './testing/processes.js'

/** A person of Acme whose company has projects. */
const jan = 'p_1001'

let crm: Acme
let phone: Server
let server: LinefinderServer
let agent: LinefinderClient
let byHand: AcmeApi
let phoneUrl: string
beforeAll(async () => {
  const [acmePort, port] = [await findFreePort(), await findFreePort()]
  const url = `http://127.0.0.1:${String(port)}`
  phone = createHttpServer((_request, response) => { response.writeHead(200, { 'Content-Type': 'audio/mpeg' }).end(Buffer.alloc(700_000, 'a')) })
  await new Promise<void>(resolve => { phone.listen(0, '127.0.0.1', resolve) })
  // It listens on TCP.
  const phoneHost = `127.0.0.1:${String((phone.address() as AddressInfo).port)}`
  phoneUrl = `http://${phoneHost}`
  crm = await startAcme({ port: acmePort, seedPeople: 3, oauthClients: [{ ...acmeClient, redirectUris: [`${url}/v1/oauth/callback`] }, acmeMobile] })
  server = await createServer({ adapters: [acme], privateOrigins: [crm.url, phoneUrl] })
  const key = await server.services.tenants.ensureDefaults() ?? ''
  await server.listen(port)
  const installation = await installAcme(url, key, `127.0.0.1:${String(acmePort)}`)
  await createClient({ baseUrl: url, token: key }).admin.installations.update({
    params: { id: installation }, body: { settings: { country: 'NL', uploadRecordings: true, recordingHosts: [phoneHost] } },
  })
  agent = (await connectUser(url, installation)).client
  byHand = await signInToAcme(crm.url)
}, 60_000)
afterAll(async () => {
  await server.stop()
  await crm.stop()
  phone.close()
})

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z' } as const
type Changes = NonNullable<Parameters<LinefinderClient['callLogs']['patch']>[0]['body']>
const paramsOf = (id: string) => ({ callId: callId.parse(id) })
const put = (id: string, changes: Partial<Changes> = {}) => agent.callLogs.put({ params: paramsOf(id), body: { ...call, ...changes } as never, waitSeconds: 20 })
const patch = (id: string, body: Changes) => agent.callLogs.patch({ params: paramsOf(id), body, waitSeconds: 20 })

it('keeps what a person wrote into the text through three later updates', async () => {
  const { activity, contact } = await put('edited', { note: 'Wants a quote.', queue: { name: 'Sales' } })
  expect(contact).toMatchObject({ id: jan, how: 'only' })
  const path = `/activities/${String(activity?.id)}`
  expect((await byHand('GET', path))['body']).toBe('Note: Wants a quote.\nQueue: Sales')
  await byHand('PATCH', path, { body: 'Piet is on it.\nNote: Wants a quote.\nQueue: Sales\n\nCall him on Monday!' })

  await patch('edited', { note: 'Wants two quotes.' })
  await patch('edited', { summary: 'A roof and a shed.' })
  await patch('edited', { queue: { name: 'Projects' }, result: 'answered', durationSeconds: 90 })
  expect(await byHand('GET', path)).toMatchObject({
    body: 'Piet is on it.\nNote: Wants two quotes.\nQueue: Projects\nSummary: A roof and a shed.\n\nCall him on Monday!',
    result: 'answered', duration_seconds: 90, person_id: jan,
  })
})

it('leaves a note by itself without a label', async () => {
  const { activity } = await put('bare', { note: 'Calls back.' })
  expect((await byHand('GET', `/activities/${String(activity?.id)}`))['body']).toBe('Calls back.')
})

it('offers the projects of the person’s company, and stores the one that was chosen', async () => {
  const { items } = await agent.logFields.list({ query: { contact_id: jan as never } })
  const project = items.find(({ name }) => name === 'project')
  const [chosen] = project?.options ?? []
  expect((await agent.logFields.list()).items.map(({ name }) => name)).not.toContain('project')
  const { activity, status } = await put('fields', { fields: { project: chosen?.value ?? '', seats: 4 }, disposition: 'sold' })
  expect(status).toBe('delivered')
  expect(await byHand('GET', `/activities/${String(activity?.id)}`)).toMatchObject({
    fields: { project: chosen?.value, seats: 4 }, disposition: 'sold', body: `Seats: 4\nProject: ${String(chosen?.label)}`,
  })
  expect((await agent.logFields.dispositions()).items).toContainEqual({ value: 'sold', label: 'Sold' })
})

it('copies the recording onto the activity', async () => {
  const { activity } = await put('recorded', { recordingUrl: `${phoneUrl}/r/1.mp3` })
  await server.services.idle()
  expect(await agent.callLogs.get({ params: paramsOf('recorded') })).toMatchObject({ status: 'delivered', recording: { status: 'copied' } })
  expect((await byHand('GET', `/activities/${String(activity?.id)}/recordings`))['items'])
    .toMatchObject([{ name: expect.stringMatching(/\.mp3$/), content_type: 'audio/mpeg', size_bytes: 700_000 }])
})

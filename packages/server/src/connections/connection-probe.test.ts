import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), fakeAdapter('oauth2')] })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(() => { crm.fault = 'none' })

const sql = <Row extends object>(text: string) => test.server.services.database.query<Row>({ text }, [])
/** As if the time had come for every connection. */
async function probe(): Promise<void> {
  await sql('UPDATE connections SET probe_at = now()')
  await test.server.services.probe.sweep()
}
const standing = async (token: string) => (await request(test.url).get('/v1/connection').auth(token, { type: 'bearer' }).expect(200)).body
const byKey = async () => connectAgent(test, await test.install('fake-apikey'))
const byOAuth = async () => (await new OAuthBrowser(test, crm).connect(await test.install('fake-oauth2'))).token

async function degrade(token: string, fault: FakeCrm['fault']): Promise<void> {
  crm.fault = fault
  for (let n = 0; n < 5; n += 1) await request(test.url).get('/v1/contacts?name=x').auth(token, { type: 'bearer' })
  crm.fault = 'none'
}

it('finds a CRM well again, without waiting for a call', async () => {
  const token = await byKey()
  await degrade(token, 'error')
  await probe()
  expect(await standing(token)).toMatchObject({ state: 'degraded' })
  await sql('UPDATE connections SET paused_until = now() WHERE paused_until IS NOT NULL')
  await probe()
  expect(await standing(token)).toMatchObject({ state: 'healthy', pausedUntil: null })
})

it('leaves a CRM alone that is still down, for longer than before', async () => {
  const token = await byKey()
  await degrade(token, 'error')
  await sql('UPDATE connections SET paused_until = now() WHERE paused_until IS NOT NULL')
  crm.fault = 'error'
  await probe()
  expect(Date.parse((await standing(token)).pausedUntil) - Date.now()).toBeGreaterThan(7000)
})

it('does not ask while the CRM wants to be left alone', async () => {
  const token = await byKey()
  await degrade(token, 'rate_limited')
  const before = crm.counts.me
  await probe()
  expect(crm.counts.me).toBe(before)
  expect(await standing(token)).toMatchObject({ state: 'degraded' })
})

it('asks an idle CRM whether credentials that can run out are still good, and notes that they are not', async () => {
  const token = await byOAuth()
  const before = crm.counts.me
  await probe()
  expect(crm.counts.me).toBe(before + 1)
  expect(await standing(token)).toMatchObject({ state: 'healthy' })
  crm.revokeGrants()
  await probe()
  expect(await standing(token)).toMatchObject({ state: 'needs_reconnect', lastError: { code: 'needs_reconnect' } })
})

it('notes it, too, when they can be renewed and are refused all the same', async () => {
  const token = await byOAuth()
  crm.refusesEverything = true
  await probe()
  crm.refusesEverything = false
  expect(await standing(token)).toMatchObject({ state: 'needs_reconnect' })
})

it('asks nothing of an idle CRM that is connected by a key', async () => {
  await sql(`UPDATE connections SET state = 'needs_reconnect'`)
  const token = await byKey()
  const before = crm.counts.me
  await probe()
  expect(crm.counts.me).toBe(before)
  expect(await standing(token)).toMatchObject({ state: 'healthy' })
})

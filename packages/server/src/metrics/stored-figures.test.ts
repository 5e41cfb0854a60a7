import { afterAll, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { scrape, scraperKey, valueOf } from '../testing/scrape.js'
import { storeCallLog, storeConnection, type StoredConnection } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

let crm: FakeCrm
let test: TestServer
let connection: StoredConnection
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], metricsKey: scraperKey })
  const installation = await test.install('fake-apikey')
  connection = await storeConnection(test, installation, { kind: 'shared' })
  await storeConnection(test, installation, { state: 'needs_reconnect' })
  await test.addTenant('t2')
  await storeConnection(test, await test.install('fake-apikey', { tenantId: 't2' }), { tenantId: 't2', state: 'revoked' })
  await storeLog('waits', 'retrying', 30)
  await storeLog('waits longer', 'pending', 90)
  await storeLog('given up', 'failed', 600)
  await storeLog('arrived', 'delivered', null)
  await storeDirectory(connection, 20)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const run = (text: string, values: unknown[]) => test.server.services.database.query({ text }, values)

async function storeLog(callId: string, status: string, minutes: number | null): Promise<void> {
  const id = await storeCallLog(test, connection, callId)
  await run('UPDATE ledger SET status = $2, undelivered_since = now() - make_interval(mins => $3) WHERE id = $1', [id, status, minutes])
}

const storeDirectory = ({ id, crmAccountId }: StoredConnection, minutes: number) => run(`
  INSERT INTO directories (tenant_id, crm_account_id, connection_id, scope, sync_every_minutes, full_every_hours, synced_at)
  VALUES ('t1', $1, $2, 'account', 5, 24, now() - make_interval(mins => $3))`, [crmAccountId, id, minutes])

it('tells how many call logs wait, and since when the oldest that is still tried does', async () => {
  const text = await scrape(test)
  const entries = ['pending', 'delivering', 'retrying', 'failed', 'delivered'].map(state => valueOf(text, `linefinder_ledger_entries{state="${state}"}`))
  expect(entries).toEqual([1, 0, 1, 1, 0])
  expect(valueOf(text, 'linefinder_ledger_oldest_undelivered_seconds')).toBeCloseTo(90 * 60, -2)
})

it('tells of the connections of all tenants, and of the directory that is furthest behind', async () => {
  const text = await scrape(test)
  expect(['healthy', 'needs_reconnect', 'revoked'].map(state => valueOf(text, `linefinder_connections{state="${state}"}`))).toEqual([1, 1, 1])
  expect(valueOf(text, 'linefinder_directory_age_seconds')).toBeCloseTo(20 * 60, -2)
})

it('asks the database again after five seconds, not before', async () => {
  const failed = 'linefinder_ledger_entries{state="failed"}'
  const before = valueOf(await scrape(test), failed)
  await storeLog('given up as well', 'failed', 1)
  const askedAt = performance.now()
  await until(async () => valueOf(await scrape(test), failed) === before + 1 ? true : null)
  expect(performance.now() - askedAt).toBeLessThan(7000)
  await storeLog('and another', 'failed', 1)
  expect(valueOf(await scrape(test), failed)).toBe(before + 1)
})

it('leaves out what it cannot read, and tells the rest', async () => {
  const other = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], metricsKey: scraperKey })
  await other.server.services.database.query({ text: 'ALTER TABLE directories RENAME TO elsewhere' }, [])
  const text = await scrape(other)
  expect(text).not.toMatch(/^linefinder_(ledger|connections|directory)/m)
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m)
  await request(other.url).get('/healthz').expect(200)
  await other.stop()
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { explain } from '../testing/explain.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { scrape, scraperKey, valueOf } from '../testing/scrape.js'
import { storeConnection, type StoredConnection } from '../testing/stored-connection.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'
import { storedFiguresText } from './stored-figures.js'

const deliveredCount = 1_000_000
const undeliveredCount = 400

;(hasPostgres ? describe : describe.skip)('the figures of a ledger with a million delivered call logs', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let crm: FakeCrm
  let test: TestServer
  beforeAll(async () => {
    database = await createPostgresDatabase()
    crm = await FakeCrm.start()
    test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], database: { url: database.url }, metricsKey: scraperKey })
    const connection = await storeConnection(test, await test.install('fake-apikey'))
    await storeCallLogs(connection, deliveredCount, `'delivered'`)
    await storeCallLogs(connection, undeliveredCount, `(ARRAY['pending', 'delivering', 'retrying', 'failed'])[1 + n % 4]`)
    await test.server.services.database.query({ text: 'ANALYZE ledger' }, [])
  }, 240_000)
  afterAll(async () => {
    await test.stop()
    await crm.stop()
    await database.drop()
  }, 60_000)

  /** Made without the checks of foreign keys, which take most of the time. */
  const storeCallLogs = ({ id, crmAccountId, agentId }: StoredConnection, count: number, status: string) =>
    test.server.services.database.runScript(`
      BEGIN;
      SET LOCAL session_replication_role = replica;
      SET LOCAL synchronous_commit = off;
      INSERT INTO ledger (id, tenant_id, crm_account_id, phone_system, key, agent_id, connection_id, claim_id, content, status, undelivered_since, occurs_at)
      SELECT gen_random_uuid(), 't1', '${crmAccountId}', 'pbx', 'call ' || n || ' of ${String(count)}', '${String(agentId)}', '${id}', '${id}', '{"note": "Wants a quote."}',
        ${status}, CASE WHEN ${status} <> 'delivered' THEN now() - make_interval(mins => n) END, now() - make_interval(mins => n)
      FROM generate_series(1, ${String(count)}) n;
      COMMIT;`)

  it('are read through the index of those that are not delivered', async () => {
    const { steps, pages, milliseconds } = await explain(test.server.services.database, storedFiguresText, [])
    expect(steps.some(step => step.endsWith('Index Scan on ledger_undelivered'))).toBe(true)
    expect(steps.filter(step => step.endsWith('Seq Scan on ledger'))).toEqual([])
    // The whole table has tens of thousands.
    expect(pages).toBeLessThan(undeliveredCount)
    expect(milliseconds).toBeLessThan(200)
  })

  it('are what the scraper is told', async () => {
    const text = await scrape(test)
    for (const state of ['pending', 'delivering', 'retrying', 'failed']) expect(text).toContain(`linefinder_ledger_entries{state="${state}"} 100\n`)
    const oldest = valueOf(text, 'linefinder_ledger_oldest_undelivered_seconds')
    // The oldest of all, 400 minutes old, is pending: its number is a multiple of four.
    expect(oldest).toBeGreaterThanOrEqual(400 * 60)
    expect(oldest).toBeLessThan(410 * 60)
  })
})

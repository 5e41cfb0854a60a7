import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openDatabase } from '../database/open-database.js'
import { migrate } from '../database/migrate.js'
import type { Database } from '../database/database.js'
import { explain } from '../testing/explain.js'
import { createPostgresDatabase, hasPostgres } from '../testing/test-server.js'
import { auditValuesOf, listAudit, listAuditText } from './audit-statements.js'

;(hasPostgres ? describe : describe.skip)('a page of an audit trail of 200,000 entries', () => {
  let postgres: Awaited<ReturnType<typeof createPostgresDatabase>>
  let database: Database
  beforeAll(async () => {
    postgres = await createPostgresDatabase()
    database = await openDatabase({ url: postgres.url, poolSize: 2 })
    await migrate(database)
    await database.runScript(`
      BEGIN;
      INSERT INTO tenants (id, name) VALUES ('t1', 'One'), ('t2', 'Two');
      INSERT INTO audit (id, tenant_id, actor, action, subject, created_at)
      SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 't1' ELSE 't2' END, 'key:x', 'agent.updated', 'agent:' || n, now() - make_interval(secs => n)
      FROM generate_series(1, 200000) n;
      COMMIT;`)
    await database.query({ text: 'ANALYZE audit' }, [])
  }, 60_000)
  afterAll(async () => {
    await database.close()
    await postgres.drop()
  })

  it('is read through the index, wherever it is', async () => {
    const middle = await listAudit(database, 't1', { until: new Date(Date.now() - 100_000_000), limit: 1 })
    for (const filter of [{}, { before: middle[0] }, { since: new Date(0), until: new Date() }, { action: 'agent.updated' }]) {
      const { steps, pages } = await explain(database, listAuditText, auditValuesOf('t1', { ...filter, limit: 51 }))
      expect(steps).toContain('Index Scan on audit_tenant')
      expect(steps).not.toContain('Seq Scan on audit')
      expect(pages).toBeLessThan(200)
    }
  })
})

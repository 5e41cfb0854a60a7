import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type LinefinderServer } from '../create-server.js'
import { createPostgresDatabase, hasPostgres } from '../testing/test-server.js'

const names = { tenant: 'Example Ltd', clientApp: 'First app', apiKey: 'First key', phoneSystem: 'pbx' }

;(hasPostgres ? describe : describe.skip)('several processes on one database', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: LinefinderServer[]
  beforeAll(async () => {
    database = await createPostgresDatabase()
    servers = await Promise.all([1, 2, 3].map(() => createServer({ adapters: [], database: { url: database.url, poolSize: 4 } })))
  })
  afterAll(async () => {
    await Promise.all(servers.map(server => server.stop()))
    await database.drop()
  })

  it('give one of them the first admin key', async () => {
    const keys = await Promise.all(servers.flatMap(({ services }) => [services.tenants.ensureDefaults(names), services.tenants.ensureDefaults(names)]))
    expect(keys.filter(key => key !== null)).toHaveLength(1)
    expect(await servers[0]!.services.models.apiKeys.count()).toBe(1)
  })

  it('leave an admin key when admins revoke each other’s at once', async () => {
    const { tenants, apiKeys, models } = servers[0]!.services
    for (const round of [1, 2, 3, 4, 5]) {
      const tenantId = `round-${String(round)}`
      await tenants.create(tenantId, 'x')
      const made = await Promise.all(servers.map(() => apiKeys.create(tenantId, 'x', ['admin'])))
      const revoked = await Promise.allSettled(servers.map(({ services }, index) => services.apiKeys.revoke(tenantId, made[index]!.row.id)))
      expect(revoked.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'in_use' } }])
      expect(await models.apiKeys.count({ where: { tenantId } })).toBe(1)
    }
  })
})

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Logger } from 'pino'
import type { CrmAdapter } from '@linefinder/core'
import type { ApiKeyScope } from '@linefinder/core/api'
import { createServer, type LinefinderServer, type ServerOptions } from '../create-server.js'
import { clientSecretPlace } from '../installations/installation-service.js'
import { hashToken, newToken } from '../secrets/token.js'
import { apiKeyPrefix } from '../http/callers.js'
import type { FakeCrm } from './fake-crm.js'

export interface TestServer {
  readonly server: LinefinderServer
  readonly url: string
  readonly tenantId: string
  readonly clientId: string
  readonly redirectUri: string
  /** Makes an installation of the adapter for a tenant. */
  install(adapterId: string, changes?: { tenantId?: string; host?: string | null; allowedHosts?: string[]; enabled?: boolean; settings?: Record<string, unknown> }): Promise<string>
  addTenant(id: string): Promise<void>
  addClientApp(tenantId: string, changes?: { id?: string; phoneSystem?: string; redirectUris?: string[]; webOrigins?: string[] }): Promise<string>
  addKey(scopes: ApiKeyScope[], tenantId?: string): Promise<string>
  stop(): Promise<void>
}

export interface TestServerOptions {
  readonly adapters: readonly CrmAdapter[]
  readonly crm: FakeCrm
  /** More that the operator allows to be reached. */
  readonly otherCrms?: readonly Pick<FakeCrm, 'origin'>[]
  readonly documents?: NonNullable<ServerOptions['documents']>
  readonly database?: NonNullable<ServerOptions['database']>
  readonly keys?: string
  readonly log?: Logger
  /** Default false, so that nothing happens but what the test asks for. */
  readonly runsJobs?: boolean
  readonly giveUpAfterHours?: number
  readonly metricsPort?: number
  readonly metricsKey?: string
  readonly surfaces?: NonNullable<ServerOptions['surfaces']>
  /** Default: so high that no test meets them. */
  readonly limits?: NonNullable<ServerOptions['limits']>
}

const noLimits = { connectionsPerAddress: 1e6, connectionsPerHost: 1e6, sessionsPerAddress: 1e6 }

/** In memory, with its tables where the run has made them once for all. */
const newDatabase = (): Pick<ServerOptions, 'database'> => {
  const dump = process.env['LINEFINDER_TEST_DUMP'] ?? ''
  return dump === '' ? {} : { database: { embedded: { dump } } }
}

/** The server on an embedded database in memory, with a tenant `t1` and a client app `app1`. */
export async function startTestServer({ crm, otherCrms = [], ...options }: TestServerOptions): Promise<TestServer> {
  const server = await createServer({ limits: noLimits, runsJobs: false, ...newDatabase(), ...options, privateOrigins: [crm, ...otherCrms].map(({ origin }) => origin) })
  const url = await server.listen()
  const { models, keyRing } = server.services
  const [tenantId, clientId, redirectUri] = ['t1', 'app1', 'https://app.example.test/connected']

  const test: TestServer = {
    server, url, tenantId, clientId, redirectUri,
    async install(adapter, changes = {}) {
      const id = randomUUID()
      await models.installations.create({
        id, tenantId, adapter, name: 'The CRM', host: crm.host, allowedHosts: [], settings: { country: 'NL' },
        oauthClientId: 'client', oauthClientSecret: keyRing.seal('s:cret', clientSecretPlace(id)), secrets: null, enabled: true, ...changes,
      })
      return id
    },
    async addTenant(id) {
      await models.tenants.create({ id, name: id })
    },
    async addClientApp(tenant, { id = randomUUID(), phoneSystem = 'pbx', redirectUris = [redirectUri], webOrigins = ['https://app.example.test'] } = {}) {
      await models.clientApps.create({ id, tenantId: tenant, name: 'Softphone', redirectUris, webOrigins, phoneSystem })
      return id
    },
    async addKey(scopes, tenant = tenantId) {
      const key = newToken(apiKeyPrefix)
      await models.apiKeys.create({ id: randomUUID(), tenantId: tenant, name: 'test', scopes, keyHash: hashToken(key), prefix: key.slice(0, 8) })
      return key
    },
    stop: () => server.stop(),
  }
  // On a database that several test servers share, the first one makes them.
  await models.tenants.upsert({ id: tenantId, name: 'Tenant one' })
  await models.clientApps.upsert({
    id: clientId, tenantId, name: 'Softphone', redirectUris: [redirectUri], webOrigins: ['https://app.example.test'], phoneSystem: 'pbx',
  })
  return test
}

/** A database of its own on the real PostgreSQL, dropped by `drop`. */
export async function createPostgresDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = process.env['LINEFINDER_TEST_POSTGRES'] ?? ''
  const name = `linefinder_test_${randomUUID().replaceAll('-', '')}`
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: admin })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await run(`CREATE DATABASE ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) }
}

/** Whether the tests that need a real PostgreSQL can run. */
export const hasPostgres = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== ''

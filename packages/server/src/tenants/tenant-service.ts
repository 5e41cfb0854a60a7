import { codePageRedirect } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { wrongField } from '../http/wrong-field.js'
import type { ApiKeyService } from './api-key-service.js'
import type { TenantRow } from './models.js'

/** What the first tenant of a server is made of. */
export interface DefaultNames {
  /** Shown to people, like the next two. */
  readonly tenant: string
  readonly clientApp: string
  readonly apiKey: string
  /** The name under which the client app's calls are logged. */
  readonly phoneSystem: string
  readonly redirectUris: readonly string[]
  readonly webOrigins: readonly string[]
}

/** The ids of the tenant and of the client app that a new server begins with. */
export const defaultTenantId = 'default'
export const defaultClientId = 'default'

/** One redirect address: the page that shows the code, for clients that cannot take a redirect. */
const defaultNames: DefaultNames = {
  tenant: 'Default', clientApp: 'Default', apiKey: 'First admin key', phoneSystem: 'default', redirectUris: [codePageRedirect], webOrigins: [],
}

export class TenantService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>, private readonly apiKeys: ApiKeyService) {}

  /** Throws `invalid_fields` for an id that is not lower case letters, digits and hyphens, and `already_exists`. */
  async create(id: string, name: string): Promise<TenantRow> {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) throw wrongField('body', '/id', 'must be lower case letters, digits and hyphens, 63 at most')
    const [row] = await insertTenant(this.deps.database, id, name)
    if (!row) throw new ApiError('already_exists', { detail: `There is a tenant "${id}" already.` })
    return row
  }

  async find(id: string): Promise<TenantRow | null> {
    return this.deps.models.tenants.findByPk(id)
  }

  async exists(id: string): Promise<boolean> {
    return await this.find(id) !== null
  }

  /**
   * Gives a database without tenants its first tenant, client app and admin key. Returns the key, which is shown once, or
   * `null` when there was a tenant. Of several processes that start at once, one gets the key.
   */
  async ensureDefaults(names: Partial<DefaultNames> = {}): Promise<string | null> {
    const { database, models } = this.deps
    const { tenant: tenantName, clientApp, apiKey, phoneSystem, redirectUris, webOrigins } = { ...defaultNames, ...names }
    return database.transaction(async () => {
      const [tenant] = await insertFirstTenant(database, tenantName)
      if (!tenant) return null
      await models.clientApps.create({
        id: defaultClientId, tenantId: tenant.id, name: clientApp, phoneSystem, redirectUris: [...redirectUris], webOrigins: [...webOrigins],
      })
      const { key } = await this.apiKeys.create(tenant.id, apiKey, ['admin'])
      return key
    })
  }
}

/** Nothing comes back where the id is taken. */
const insertTenant = (database: Database, id: string, name: string) => database.query<TenantRow>({
  name: 'insert-tenant',
  text: 'INSERT INTO tenants (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id, name, created_at AS "createdAt"',
}, [id, name])

/** Nothing comes back where there is a tenant, or another process has just made this one: it waits for that one to commit. */
const insertFirstTenant = (database: Database, name: string) => database.query<{ id: string }>({
  name: 'insert-first-tenant',
  text: `
    INSERT INTO tenants (id, name) SELECT $1::text, $2::text WHERE NOT EXISTS (SELECT 1 FROM tenants)
    ON CONFLICT (id) DO NOTHING
    RETURNING id`,
}, [defaultTenantId, name])

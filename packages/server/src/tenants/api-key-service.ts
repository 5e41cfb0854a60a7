import { randomUUID } from 'node:crypto'
import type { ApiKeyScope } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import { listPage, type Page, type PageQuery } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { apiKeyPrefix } from '../http/callers.js'
import { hashToken, newToken } from '../secrets/token.js'
import type { ApiKeyRow } from './models.js'

const shownCharacters = 8

export class ApiKeyService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>) {}

  /** `key` is given out here and never again: its hash is stored. */
  async create(tenantId: string, name: string, scopes: readonly ApiKeyScope[]): Promise<{ row: ApiKeyRow; key: string }> {
    const key = newToken(apiKeyPrefix)
    const row = await this.deps.models.apiKeys.create({
      id: randomUUID(), tenantId, name, scopes: [...new Set(scopes)], keyHash: hashToken(key), prefix: key.slice(0, shownCharacters), lastUsedAt: null,
    })
    return { row, key }
  }

  async list(tenantId: string, query: PageQuery): Promise<Page<ApiKeyRow>> {
    return listPage(this.deps.models.apiKeys, { tenantId }, query)
  }

  /** Throws `not_found`; `in_use` for the tenant's last admin key, without which nobody could make another. */
  async revoke(tenantId: string, id: string): Promise<void> {
    await this.deps.database.transaction(async () => {
      const adminKeys = await lockAdminKeys(this.deps.database, tenantId)
      if (adminKeys.length === 1 && adminKeys[0]?.id === id) {
        throw new ApiError('in_use', { detail: 'This is the last key with the scope "admin". Make another one first.' })
      }
      const revoked = await this.deps.models.apiKeys.destroy({ where: { tenantId, id } })
      if (revoked === 0) throw new ApiError('not_found')
    })
  }
}

/** In one order, so that two admins who revoke each other's key wait instead of both succeeding or deadlocking. */
const lockAdminKeys = (database: Database, tenantId: string) => database.query<{ id: string }>({
  name: 'lock-admin-keys',
  text: `SELECT id FROM api_keys WHERE tenant_id = $1 AND scopes @> '["admin"]' ORDER BY id FOR UPDATE`,
}, [tenantId])

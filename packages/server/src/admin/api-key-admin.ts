import type { api, BodyOf } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import type { AdminCaller } from '../http/caller.js'
import type { ApiKeyService } from '../tenants/api-key-service.js'
import type { AuditTrail } from '../tenants/audit-trail.js'
import type { ApiKeyRow } from '../tenants/models.js'

/** API keys as an admin makes and revokes them: with an entry in the audit trail. */
export class ApiKeyAdmin {
  constructor(
    private readonly deps: Pick<Dependencies, 'database'>,
    private readonly apiKeys: ApiKeyService,
    private readonly audit: AuditTrail,
  ) {}

  async create(by: AdminCaller, { name, scopes }: BodyOf<typeof api.admin.apiKeys.create>): Promise<{ row: ApiKeyRow; key: string }> {
    return this.deps.database.transaction(async () => {
      const made = await this.apiKeys.create(by.tenantId, name, scopes)
      await this.audit.note(by, 'api_key.created', `api_key:${made.row.id}`, { scopes })
      return made
    })
  }

  async revoke(by: AdminCaller, id: string): Promise<void> {
    await this.deps.database.transaction(async () => {
      await this.apiKeys.revoke(by.tenantId, id)
      await this.audit.note(by, 'api_key.revoked', `api_key:${id}`)
    })
  }
}

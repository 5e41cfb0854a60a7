import { randomBytes } from 'node:crypto'
import type { api, BodyOf } from '@linefinder/core/api'
import { listPage, type Page, type PageQuery } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller } from '../http/caller.js'
import type { AuditTrail } from '../tenants/audit-trail.js'
import type { ClientAppRow, Table } from '../tenants/models.js'
import { given } from './given.js'

/** How a tenant's admin registers the programs that may call. */
export class ClientAppAdmin {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>, private readonly audit: AuditTrail) {}

  async list(tenantId: string, query: PageQuery): Promise<Page<ClientAppRow>> {
    return listPage(this.deps.models.clientApps, { tenantId }, query)
  }

  async create(by: AdminCaller, body: BodyOf<typeof api.admin.clientApps.create>): Promise<ClientAppRow> {
    const id = `app_${randomBytes(8).toString('hex')}`
    return this.deps.database.transaction(async () => {
      const row = await this.deps.models.clientApps.create({ ...body, id, tenantId: by.tenantId })
      await this.audit.note(by, 'client_app.created', `client_app:${id}`)
      return row
    })
  }

  async update(by: AdminCaller, id: string, body: BodyOf<typeof api.admin.clientApps.update>): Promise<ClientAppRow> {
    return this.deps.database.transaction(async () => {
      const row = await this.#get(by.tenantId, id)
      row.set(given(body))
      const changed = row.changed() || []
      await row.save()
      await this.audit.note(by, 'client_app.updated', `client_app:${id}`, { changed })
      return row
    })
  }

  /** Its sessions end with it. Connections stay: they belong to the agents. */
  async remove(by: AdminCaller, id: string): Promise<void> {
    await this.deps.database.transaction(async () => {
      const row = await this.#get(by.tenantId, id)
      await row.destroy()
      await this.audit.note(by, 'client_app.removed', `client_app:${id}`)
    })
  }

  async #get(tenantId: string, id: string): Promise<InstanceType<Table<ClientAppRow>>> {
    const row = await this.deps.models.clientApps.findOne({ where: { tenantId, id } })
    if (!row) throw new ApiError('client_app_not_found')
    return row
  }
}

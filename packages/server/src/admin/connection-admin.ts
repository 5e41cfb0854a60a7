import type { api, BodyOf, OutputOf, QueryOf } from '@linefinder/core/api'
import type { ConnectionService } from '../connections/connection-service.js'
import type { ConnectionRow } from '../connections/models.js'
import type { CallOptions } from '../crm/crm-gateway.js'
import { listPage, type Page } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { actorOf, type AdminCaller } from '../http/caller.js'
import type { AuditTrail } from '../tenants/audit-trail.js'
import { toConnection } from './resources.js'

type CreateShared = typeof api.admin.connections.createShared

/** A tenant's connections as its admin sees them. */
export class ConnectionAdmin {
  constructor(
    private readonly deps: Pick<Dependencies, 'models' | 'installations'>,
    private readonly connections: ConnectionService,
    private readonly audit: AuditTrail,
  ) {}

  async list(tenantId: string, { installation, kind, state, ...page }: QueryOf<typeof api.admin.connections.list>): Promise<Page<ConnectionRow>> {
    return listPage(this.deps.models.connections, {
      tenantId,
      ...(installation === undefined ? {} : { installationId: installation }),
      ...(kind === undefined ? {} : { kind }),
      ...(state === undefined ? {} : { state }),
    }, page)
  }

  /** With fields the CRM is asked now; for OAuth 2.0 the admin gets a link to open. Throws `wrong_auth_form` for the other way round. */
  async createShared(by: AdminCaller, body: BodyOf<CreateShared>, options: CallOptions): Promise<OutputOf<CreateShared>> {
    const chosen = await this.deps.installations.choose(by.tenantId, body.installation, body.host)
    if ((body.fields === undefined) !== (chosen.scheme.type === 'oauth2')) throw new ApiError('wrong_auth_form')
    if (body.fields === undefined) {
      const link = await this.connections.createConnectLink(by.tenantId, body.installation, body.host)
      await this.audit.note(by, 'connect_link.created', `installation:${body.installation}`, { host: chosen.hostname })
      return link
    }
    const row = await this.connections.connectByFields(chosen, 'shared', body.fields, options)
    await this.audit.note(by, 'connection.shared', `connection:${row.id}`, { host: chosen.hostname })
    return { connection: toConnection(row) }
  }

  async revoke(by: AdminCaller, id: string, options: CallOptions): Promise<void> {
    await this.connections.revoke(by.tenantId, id, options, actorOf(by))
  }
}

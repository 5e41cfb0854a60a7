import type { ConnectionService } from '../connections/connection-service.js'
import type { Dependencies } from '../dependencies.js'
import type { DirectoryService } from '../directory/directory-service.js'
import type { ApiKeyService } from '../tenants/api-key-service.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import { AgentAdmin } from './agent-admin.js'
import { ApiKeyAdmin } from './api-key-admin.js'
import { ClientAppAdmin } from './client-app-admin.js'
import { ConnectionAdmin } from './connection-admin.js'
import { InstallationAdmin } from './installation-admin.js'

/** What the routes under `/v1/admin` work with. Every change leaves an entry in the audit trail. */
export interface AdminServices {
  readonly installations: InstallationAdmin
  readonly clientApps: ClientAppAdmin
  readonly connections: ConnectionAdmin
  readonly agents: AgentAdmin
  readonly apiKeys: ApiKeyAdmin
  readonly audit: AuditTrail
}

export function createAdminServices(
  dependencies: Dependencies, connections: ConnectionService, directories: DirectoryService, apiKeys: ApiKeyService,
): AdminServices {
  const audit = new AuditTrail(dependencies)
  return {
    installations: new InstallationAdmin(dependencies, directories, audit),
    clientApps: new ClientAppAdmin(dependencies, audit),
    connections: new ConnectionAdmin(dependencies, connections, audit),
    agents: new AgentAdmin(dependencies, audit),
    apiKeys: new ApiKeyAdmin(dependencies, apiKeys, audit),
    audit,
  }
}

import { createAdminServices, type AdminServices } from './admin/admin-services.js'
import { CallLogService } from './call-logs/call-log-service.js'
import { CallbackService } from './callbacks/callback-service.js'
import { ConnectionProbe } from './connections/connection-probe.js'
import { ConnectionService } from './connections/connection-service.js'
import { Reconnecting } from './connections/reconnecting.js'
import { SessionService } from './connections/session-service.js'
import { ContactService } from './contacts/contact-service.js'
import { LookupExplainer } from './contacts/lookup-explainer.js'
import type { Dependencies } from './dependencies.js'
import { DeliveryAdmin } from './deliveries/delivery-admin.js'
import { DirectoryService } from './directory/directory-service.js'
import { DocumentAdmin } from './documents/document-admin.js'
import { Callers } from './http/callers.js'
import type { DeliveryFigures } from './ledger/delivery.js'
import { Ledger } from './ledger/ledger.js'
import { MessageLogService } from './message-logs/message-log-service.js'
import { PersonalData } from './personal-data/personal-data.js'
import { Retention } from './personal-data/retention.js'
import { ApiKeyService } from './tenants/api-key-service.js'
import { OAuthFlow } from './oauth/oauth-flow.js'
import { ClientAppService } from './tenants/client-app-service.js'
import { TenantService } from './tenants/tenant-service.js'
import { UserMapping } from './users/user-mapping.js'
import { WebhookService } from './webhooks/webhook-service.js'

/** Everything that route handlers work with. */
export interface Services extends Dependencies {
  readonly callers: Callers
  readonly tenants: TenantService
  readonly apiKeys: ApiKeyService
  readonly admin: AdminServices
  readonly clientApps: ClientAppService
  readonly connections: ConnectionService
  readonly sessions: SessionService
  readonly oauth: OAuthFlow
  readonly reconnecting: Reconnecting
  readonly probe: ConnectionProbe
  readonly directories: DirectoryService
  readonly documents: DocumentAdmin
  readonly contacts: ContactService
  readonly lookupExplainer: LookupExplainer
  readonly ledger: Ledger
  readonly callLogs: CallLogService
  readonly messageLogs: MessageLogService
  readonly callbacks: CallbackService
  readonly deliveries: DeliveryAdmin
  readonly personalData: PersonalData
  readonly retention: Retention
  readonly webhooks: WebhookService
  readonly userMapping: UserMapping
  /** Resolves once no work is under way that outlives its request. */
  idle(): Promise<void>
}

export function createServices(dependencies: Dependencies, deliveries: Partial<DeliveryFigures> = {}): Services {
  const directories = new DirectoryService(dependencies)
  const webhooks = new WebhookService(dependencies)
  const contacts = new ContactService({ ...dependencies, directories, webhooks })
  const ledger = new Ledger({ ...dependencies, contacts, webhooks }, deliveries)
  const connections = new ConnectionService({ ...dependencies, directories, ledger })
  const oauth = new OAuthFlow(dependencies, connections)
  const probe = new ConnectionProbe(dependencies)
  const apiKeys = new ApiKeyService(dependencies)
  return {
    ...dependencies,
    tenants: new TenantService(dependencies, apiKeys),
    apiKeys,
    admin: createAdminServices(dependencies, connections, directories, apiKeys),
    callers: new Callers(dependencies.database, dependencies.adapters),
    clientApps: new ClientAppService(dependencies),
    connections,
    sessions: new SessionService(dependencies),
    oauth,
    reconnecting: new Reconnecting(dependencies, connections, oauth),
    probe,
    directories,
    documents: new DocumentAdmin(dependencies),
    contacts,
    lookupExplainer: new LookupExplainer(dependencies),
    ledger,
    callLogs: new CallLogService({ ...dependencies, ledger }),
    messageLogs: new MessageLogService({ ...dependencies, ledger }),
    callbacks: new CallbackService({ ...dependencies, ledger }),
    deliveries: new DeliveryAdmin({ ...dependencies, ledger }),
    personalData: new PersonalData(dependencies),
    retention: new Retention(dependencies),
    webhooks,
    userMapping: new UserMapping(dependencies),
    idle: async () => { await Promise.all([ledger.idle(), contacts.idle(), webhooks.idle(), probe.idle()]) },
  }
}

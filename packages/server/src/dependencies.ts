import type { Logger } from 'pino'
import type { TokenClient } from '@linefinder/core/http'
import type { ConnectionHealth } from './connections/connection-health.js'
import type { AddressGuard } from './crm/address-guard.js'
import type { CredentialVault } from './crm/credential-vault.js'
import type { CrmGateway } from './crm/crm-gateway.js'
import type { Database } from './database/database.js'
import type { Models } from './database/models.js'
import type { DocumentReader } from './documents/document-reader.js'
import type { DocumentShelf } from './documents/document-shelf.js'
import type { JobQueue } from './jobs/job-queue.js'
import type { LimitFigures } from './http/rate-limit.js'
import type { AdapterRegistry } from './installations/adapter-registry.js'
import type { InstallationSecrets } from './installations/installation-secrets.js'
import type { RecordLinks } from './installations/record-links.js'
import type { Metrics } from './metrics/metrics.js'
import type { InstallationService } from './installations/installation-service.js'
import type { KeyRing } from './secrets/key-ring.js'

/** What services stand on. Each takes what it needs of it. */
export interface Dependencies {
  readonly database: Database
  readonly models: Models
  readonly keyRing: KeyRing
  readonly adapters: AdapterRegistry
  /** Both are there where documents are hosted. */
  readonly documentReader: DocumentReader | null
  readonly shelf: DocumentShelf | null
  readonly secrets: InstallationSecrets
  readonly installations: InstallationService
  readonly links: RecordLinks
  readonly gateway: CrmGateway
  readonly vault: CredentialVault
  readonly health: ConnectionHealth
  readonly tokens: TokenClient
  readonly guard: AddressGuard
  readonly jobs: JobQueue
  readonly limits: LimitFigures
  readonly metrics: Metrics
  /** Where browsers and clients reach this server, without a trailing slash. Read late: with port 0 it is known once listening. */
  readonly publicUrl: () => string
  /** Whether the server has been told to stop. */
  readonly isStopping: () => boolean
  readonly log: Logger
}

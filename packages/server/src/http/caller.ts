import type { ApiKeyScope } from '@linefinder/core/api'
import type { HealthAsRead } from '../connections/connection-health.js'
import type { ConnectionKind, ConnectionState } from '../connections/models.js'
import type { CrmUser } from '@linefinder/core'

/** What every request needs to know of its connection, read in the statement that checks the credential. */
export interface CallerConnection {
  readonly id: string
  readonly tenantId: string
  readonly installationId: string
  readonly adapter: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly sealedSecrets: string | null
  readonly isInstallationEnabled: boolean
  readonly crmAccountId: string
  readonly agentId: string | null
  readonly kind: ConnectionKind
  readonly state: ConnectionState
  readonly health: HealthAsRead
  readonly hostname: string
  readonly crmUser: CrmUser
  readonly connectedAt: Date
  /** What answers its lookups, where there is one. */
  readonly directory: CallerDirectory | null
}

export interface CallerDirectory {
  readonly id: number
  /** When it last agreed with the CRM. */
  readonly syncedAt: Date | null
  /** It has held every contact, and agreed with the CRM not long ago: a number that it does not know belongs to nobody. */
  readonly answersMisses: boolean
}

/** A client app with a session, or an API key that names a shared connection. */
export type Caller = SessionCaller | KeyCaller

export interface SessionCaller {
  readonly kind: 'session'
  readonly tenantId: string
  readonly connection: CallerConnection
  readonly clientAppId: string
  readonly phoneSystem: string
  readonly sessionHash: Buffer
  readonly expiresAt: Date
}

export interface KeyCaller {
  readonly kind: 'key'
  readonly tenantId: string
  readonly connection: CallerConnection
  /** The key's name: what it logs is of no client app. */
  readonly phoneSystem: string
  readonly keyId: string
}

export interface AdminCaller {
  readonly kind: 'admin'
  readonly tenantId: string
  readonly keyId: string
  readonly scopes: readonly ApiKeyScope[]
}

/** How the audit trail names whoever did something. */
export const actorOf = (caller: Caller | AdminCaller): string =>
  caller.kind === 'session' ? `connection:${caller.connection.id}` : `key:${caller.keyId}`

import type { z } from 'zod'
import type { adminAgent, adminApiKey, adminClientApp, adminConnection, adminInstallation } from '@linefinder/core/api'
import type { ConnectionRow } from '../connections/models.js'
import { standingOf } from '../connections/standing.js'
import type { DescribedProperties } from '../installations/installation-service.js'
import type { InstallationRow } from '../installations/models.js'
import { withProperties } from '../installations/properties.js'
import type { AgentRow, ApiKeyRow, ClientAppRow } from '../tenants/models.js'

/** The client secret and the secret properties are left out: they are written and never read back. */
export const toInstallation = (row: InstallationRow, described: DescribedProperties, publicUrl: string): z.output<typeof adminInstallation> => ({
  id: row.id,
  adapter: row.adapter,
  name: row.name,
  host: row.host,
  allowedHosts: row.allowedHosts,
  // What the table holds was checked by `installationSettings` when it was written.
  settings: withProperties(row.settings, {}) as z.output<typeof adminInstallation>['settings'],
  oauthClientId: row.oauthClientId,
  hasOauthClientSecret: row.oauthClientSecret !== null,
  ...described,
  enabled: row.enabled,
  callbackUrl: `${publicUrl}/v1/oauth/callback`,
  createdAt: instantOf(row.createdAt),
  updatedAt: instantOf(row.updatedAt),
})

export const toClientApp = (row: ClientAppRow): z.output<typeof adminClientApp> => ({
  id: row.id,
  name: row.name,
  redirectUris: row.redirectUris,
  webOrigins: row.webOrigins,
  phoneSystem: row.phoneSystem,
  createdAt: instantOf(row.createdAt),
})

export const toConnection = (row: ConnectionRow): z.output<typeof adminConnection> => ({
  id: row.id,
  installation: row.installationId,
  kind: row.kind,
  ...standingOf(row),
  host: row.hostname,
  crmAccount: row.crmAccountId,
  crmUser: {
    id: row.crmUser.id,
    name: row.crmUser.name,
    ...(row.crmUser.email === undefined ? {} : { email: row.crmUser.email }),
  },
  agent: row.agentId,
  createdAt: instantOf(row.createdAt),
  updatedAt: instantOf(row.updatedAt),
})

/** An agent together with the connections by which the CRMs know them. */
export interface AgentWithIdentities {
  readonly agent: AgentRow
  readonly connections: readonly ConnectionRow[]
}

export const toAgent = ({ agent, connections }: AgentWithIdentities): z.output<typeof adminAgent> => ({
  id: agent.id,
  name: agent.name,
  email: agent.email,
  extensions: agent.extensions,
  identities: connections.map(({ id, crmAccountId, crmUserId }) => ({ connection: id, crmAccount: crmAccountId, crmUserId })),
  createdAt: instantOf(agent.createdAt),
})

export const toApiKey = (row: ApiKeyRow): z.output<typeof adminApiKey> => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  prefix: row.prefix,
  createdAt: instantOf(row.createdAt),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
})

function instantOf(date: Date | undefined): string {
  if (!date) throw new Error('a row was read without its times')
  return date.toISOString()
}

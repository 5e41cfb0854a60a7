import { randomUUID } from 'node:crypto'
import type { CrmUser } from '@linefinder/core'
import type { ConnectionKind, ConnectionState } from '../connections/models.js'
import { sessionTokenPrefix } from '../http/callers.js'
import { hashToken, newToken } from '../secrets/token.js'
import type { TestServer } from './test-server.js'

export interface StoredConnection {
  readonly id: string
  readonly crmAccountId: string
  /** `null` for a shared one. */
  readonly agentId: string | null
}

/** A connection as connecting leaves it, without asking a CRM. */
export async function storeConnection(
  { server: { services: { models, vault } }, tenantId: defaultTenant }: TestServer, installationId: string,
  changes: { tenantId?: string; kind?: ConnectionKind; state?: ConnectionState; hostname?: string; crmUserId?: string } = {},
): Promise<StoredConnection> {
  const { tenantId = defaultTenant, kind = 'personal', state = 'healthy', hostname = 'crm.example.test', crmUserId = 'u1' } = changes
  const [id, crmAccountId, agentId] = [randomUUID(), randomUUID(), kind === 'personal' ? randomUUID() : null]
  // The branded id is opaque text.
  const crmUser = { id: crmUserId, name: 'Ann Agent', email: 'ann@example.test' } as CrmUser
  await models.crmAccounts.create({ id: crmAccountId, tenantId, installationId, accountKey: crmAccountId, externalId: null, name: null })
  if (agentId !== null) await models.agents.create({ id: agentId, tenantId, name: crmUser.name, email: 'ann@example.test', extensions: ['201'] })
  await models.connections.create({
    id, tenantId, installationId, crmAccountId, agentId, kind, state, hostname, crmUserId, crmUser,
    credentials: state === 'revoked' ? null : vault.seal(id, { type: 'fields', fields: { key: 'good-key' } }),
    credentialsVersion: 1, connectedAt: new Date(),
  })
  return { id, crmAccountId, agentId }
}

/** A session of the test server's client app. Returns its token. */
export async function storeSession({ server, tenantId, clientId }: TestServer, connectionId: string, app = { tenantId, clientId }): Promise<string> {
  const token = newToken(sessionTokenPrefix)
  await server.services.database.query({
    name: 'test-store-session',
    text: `
      INSERT INTO sessions (token_hash, tenant_id, client_app_id, connection_id, expires_at, ends_at)
      VALUES ($1, $2, $3, $4, now() + interval '90 days', now() + interval '1 year')`,
  }, [hashToken(token), app.tenantId, app.clientId, connectionId])
  return token
}

/** A call log as accepting leaves it, not yet delivered. */
export async function storeCallLog({ server, tenantId }: TestServer, connection: StoredConnection, callId: string): Promise<string> {
  const id = randomUUID()
  await server.services.database.query({
    name: 'test-store-call-log',
    text: `
      INSERT INTO ledger (id, tenant_id, crm_account_id, phone_system, key, agent_id, connection_id, claim_id, claim_took_from, content, occurs_at)
      VALUES ($1, $2, $3, 'pbx', $4, $5, $6, gen_random_uuid(), $5, '{}', '2026-01-05T10:00:00Z')`,
  }, [id, tenantId, connection.crmAccountId, callId, connection.agentId, connection.id])
  return id
}

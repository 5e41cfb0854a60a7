import { randomUUID } from 'node:crypto'
import { crmUserId } from '@linefinder/core'
import type { ConnectionKind } from '../connections/models.js'
import { sessionTokenPrefix } from '../http/callers.js'
import { hashToken, newToken } from '../secrets/token.js'
import type { TestServer } from './test-server.js'

export interface ConnectChanges {
  /** The CRM user's id. Default `u1`. */
  readonly user?: string
  /** The CRM account's id. Default `account-1`. */
  readonly account?: string
  readonly tenantId?: string
  readonly clientId?: string
  /** Filled into the auth form. Default what `FakeCrm` takes as API key. */
  readonly fields?: Record<string, string>
}

/** A session of an agent, made in the database without asking the CRM. Once per user, account and installation. */
export async function connectAgent(test: TestServer, installationId: string, changes: ConnectChanges = {}): Promise<string> {
  const { tenantId = test.tenantId, clientId = test.clientId } = changes
  const connectionId = await insertConnection(test, installationId, 'personal', changes)
  const token = newToken(sessionTokenPrefix)
  await test.server.services.database.query({
    name: 'test-insert-session',
    text: `
      INSERT INTO sessions (token_hash, tenant_id, client_app_id, connection_id, expires_at, ends_at)
      VALUES ($1, $2, $3, $4, now() + interval '90 days', now() + interval '1 year')`,
  }, [hashToken(token), tenantId, clientId, connectionId])
  return token
}

/** The id of a shared connection, for requests with an API key. */
export const connectShared = (test: TestServer, installationId: string, changes: ConnectChanges = {}): Promise<string> =>
  insertConnection(test, installationId, 'shared', changes)

async function insertConnection(
  test: TestServer, installationId: string, kind: ConnectionKind,
  { user = 'u1', account = 'account-1', tenantId = test.tenantId, fields = { key: 'good-key' } }: ConnectChanges,
): Promise<string> {
  const { models, vault, installations } = test.server.services
  const { host } = await installations.get(tenantId, installationId)
  const [{ id: crmAccountId }] = await models.crmAccounts.findOrCreate({
    where: { installationId, accountKey: account },
    defaults: { id: randomUUID(), tenantId, installationId, accountKey: account, externalId: account, name: null },
  })
  const [id, agentId, name] = [randomUUID(), kind === 'shared' ? null : randomUUID(), `Agent ${user}`]
  if (agentId !== null) await models.agents.create({ id: agentId, tenantId, name, email: null, extensions: [] })
  await models.connections.create({
    id, tenantId, installationId, crmAccountId, agentId, kind, state: 'healthy', hostname: host ?? '',
    crmUserId: user, crmUser: { id: crmUserId.parse(user), name },
    credentials: vault.seal(id, { type: 'fields', fields }), credentialsVersion: 1, connectedAt: new Date(),
  })
  return id
}

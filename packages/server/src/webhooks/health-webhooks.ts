import type { Database } from '../database/database.js'
import type { HealthEvents } from '../connections/health-events.js'
import type { WebhookEvents } from './webhook-service.js'

interface ConnectionFacts {
  readonly installationId: string
  readonly crmAccountId: string
  readonly kind: 'personal' | 'shared'
}

const events = { degraded: 'connection.degraded', needs_reconnect: 'connection.needs_reconnect', healthy: 'connection.recovered' } as const

/** Tells a tenant's own systems how its connections fare, after `noted` has heard of it. */
export const toldHealthEvents = (database: Database, noted: HealthEvents, webhooks: () => WebhookEvents): HealthEvents => ({
  async changed(connection, from, to, errorCode) {
    await noted.changed(connection, from, to, errorCode)
    if (to === 'revoked') return
    const facts = await readFacts(database, connection.tenantId, connection.id)
    if (!facts) return
    await webhooks().emit(connection.tenantId, {
      type: events[to], timestamp: new Date().toISOString(), data: { connectionId: connection.id, ...facts, state: to, errorCode },
    })
  },
})

async function readFacts(database: Database, tenantId: string, id: string): Promise<ConnectionFacts | undefined> {
  const [row] = await database.query<ConnectionFacts>({
    name: 'read-connection-facts',
    text: 'SELECT installation_id AS "installationId", crm_account_id AS "crmAccountId", kind FROM connections WHERE tenant_id = $1 AND id = $2',
  }, [tenantId, id])
  return row
}

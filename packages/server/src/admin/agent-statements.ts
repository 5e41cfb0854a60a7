import type { Database } from '../database/database.js'

/** In one order, so that two admins who join the same agents the other way round wait instead of deadlocking. */
export const lockAgents = (database: Database, tenantId: string, ids: readonly string[]) => database.query<{ id: string }>({
  name: 'lock-agents',
  text: 'SELECT id FROM agents WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
}, [tenantId, ids])

/** Everything that is `fromId`'s becomes `toId`'s. */
export const moveAgentRecords = (database: Database, tenantId: string, fromId: string, toId: string) => database.query({
  name: 'move-agent-records',
  text: `
    WITH moved AS (
      UPDATE connections SET agent_id = $3, updated_at = now() WHERE tenant_id = $1 AND agent_id = $2
    )
    UPDATE ledger SET
      agent_id = CASE WHEN agent_id = $2 THEN $3 ELSE agent_id END,
      claim_took_from = CASE WHEN claim_took_from = $2 THEN $3 ELSE claim_took_from END
    WHERE tenant_id = $1 AND (agent_id = $2 OR claim_took_from = $2)`,
}, [tenantId, fromId, toId])

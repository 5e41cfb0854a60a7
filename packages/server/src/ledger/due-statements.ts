import type { Database } from '../database/database.js'
import { entryColumns, inLockOrder, type Entry } from './entry.js'

/** In the order of `entries`; `undefined` stands where there is none. */
export async function readEntries(database: Database, entries: readonly Pick<Entry, 'tenantId' | 'id'>[]): Promise<(Entry | undefined)[]> {
  const rows = await database.query<Entry>({
    name: 'read-entries',
    text: `
      SELECT ${entryColumns} FROM ledger
      WHERE (tenant_id, id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`,
  }, [entries.map(({ tenantId }) => tenantId), entries.map(({ id }) => id)])
  const byId = new Map(rows.map(row => [row.id, row]))
  return entries.map(({ id }) => byId.get(id))
}

/** Connections that work and have something due. */
export async function listDueConnections(database: Database, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    name: 'list-due-connections',
    text: `
      SELECT c.id FROM connections c JOIN installations i ON i.id = c.installation_id
      WHERE c.state NOT IN ('revoked', 'needs_reconnect') AND i.enabled AND (c.paused_until IS NULL OR c.paused_until <= now())
        AND EXISTS (SELECT 1 FROM ledger l WHERE l.connection_id = c.id AND l.next_attempt_at <= now())
      LIMIT $1`,
  }, [limit])
  return rows.map(({ id }) => id)
}

/** The connection has been renewed, so what waited for it goes out. */
export async function makeConnectionDue(database: Database, tenantId: string, connectionId: string): Promise<void> {
  await database.query({
    name: 'make-connection-due',
    text: `
      WITH waiting AS (
        SELECT id FROM ledger WHERE tenant_id = $1 AND connection_id = $2 AND status IN ('pending', 'retrying') ORDER BY ${inLockOrder} FOR UPDATE
      )
      UPDATE ledger SET next_attempt_at = now() WHERE id IN (SELECT id FROM waiting)`,
  }, [tenantId, connectionId])
}

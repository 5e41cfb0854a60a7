import type { Database } from '../database/database.js'
import { directoryColumns, toDirectory, type DirectoryColumns, type DirectoryRow, type SyncKind } from './directory-row.js'

export interface DirectoryToStore {
  readonly tenantId: string
  readonly crmAccountId: string
  readonly connectionId: string
  readonly scope: DirectoryRow['scope']
  readonly syncEveryMinutes: number
  readonly fullEveryHours: number
  readonly maxContacts: number | null
}

/** Makes it, or changes its figures. `null` when another connection feeds the account's directory already. */
export async function storeDirectory(database: Database, directory: DirectoryToStore): Promise<(DirectoryRow & { isCreated: boolean }) | null> {
  const [row] = await database.query<DirectoryColumns & { isCreated: boolean }>({
    name: 'store-directory',
    text: `
      WITH taken AS (
        SELECT 1 FROM directories WHERE crm_account_id = $2 AND scope = 'account' AND $4 = 'account' AND connection_id <> $3 AND removed_at IS NULL
      ), d AS (
        INSERT INTO directories (tenant_id, crm_account_id, connection_id, scope, sync_every_minutes, full_every_hours, max_contacts, next_sync_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, now() WHERE NOT EXISTS (SELECT FROM taken)
        ON CONFLICT (connection_id) WHERE removed_at IS NULL DO UPDATE SET
          sync_every_minutes = excluded.sync_every_minutes, full_every_hours = excluded.full_every_hours, max_contacts = excluded.max_contacts, updated_at = now()
        RETURNING *, xmax = 0 AS is_created
      )
      SELECT ${directoryColumns}, d.is_created AS "isCreated" FROM d`,
  }, [directory.tenantId, directory.crmAccountId, directory.connectionId, directory.scope, directory.syncEveryMinutes, directory.fullEveryHours, directory.maxContacts])
  return row ? { ...toDirectory(row), isCreated: row.isCreated } : null
}

export async function findDirectory(database: Database, id: number): Promise<DirectoryRow | null> {
  return one(await database.query<DirectoryColumns>({
    name: 'find-directory',
    text: `SELECT ${directoryColumns} FROM directories d WHERE d.id = $1 AND d.removed_at IS NULL`,
  }, [id]))
}

export async function findDirectoryOfConnection(database: Database, tenantId: string, connectionId: string): Promise<DirectoryRow | null> {
  return one(await database.query<DirectoryColumns>({
    name: 'find-directory-of-connection',
    text: `SELECT ${directoryColumns} FROM directories d WHERE d.tenant_id = $1 AND d.connection_id = $2 AND d.removed_at IS NULL`,
  }, [tenantId, connectionId]))
}

/** Oldest first, from behind `after`. */
export async function listDirectories(database: Database, tenantId: string, after: number, limit: number): Promise<DirectoryRow[]> {
  const rows = await database.query<DirectoryColumns>({
    name: 'list-directories',
    text: `SELECT ${directoryColumns} FROM directories d WHERE d.tenant_id = $1 AND d.id > $2 AND d.removed_at IS NULL ORDER BY d.id LIMIT $3`,
  }, [tenantId, after, limit])
  return rows.map(toDirectory)
}

/** Every directory that a contact of this connection belongs in: the account's, and the connection's own. */
export async function listDirectoriesOf(database: Database, crmAccountId: string, connectionId: string): Promise<{ id: number; generation: number }[]> {
  return database.query({
    name: 'list-directories-of-account',
    text: `
      SELECT id, generation FROM directories
      WHERE crm_account_id = $1 AND (scope = 'account' OR connection_id = $2) AND removed_at IS NULL`,
  }, [crmAccountId, connectionId])
}

/** A full sync asked for is not made less by asking for an incremental one. */
export async function wantSync(database: Database, id: number, kind: SyncKind): Promise<DirectoryRow | null> {
  return one(await database.query<DirectoryColumns>({
    name: 'want-sync',
    text: `
      UPDATE directories d SET wanted = CASE WHEN d.wanted = 'full' THEN 'full' ELSE $2 END, next_sync_at = now(), updated_at = now()
      WHERE d.id = $1 AND d.removed_at IS NULL
      RETURNING ${directoryColumns}`,
  }, [id, kind]))
}

/** The installation reads numbers in another way now, so everything is read anew. */
export async function wantFullSyncs(database: Database, tenantId: string, installationId: string): Promise<number[]> {
  const rows = await database.query<{ id: number }>({
    name: 'want-full-syncs',
    text: `
      UPDATE directories d SET wanted = 'full', next_sync_at = now(), updated_at = now()
      FROM connections c
      WHERE c.tenant_id = $1 AND c.installation_id = $2 AND d.connection_id = c.id AND d.removed_at IS NULL
      RETURNING d.id`,
  }, [tenantId, installationId])
  return rows.map(({ id }) => id)
}

/** Its connection has been renewed, so whatever failed before says nothing of the next time. */
export async function makeDue(database: Database, tenantId: string, connectionId: string): Promise<number[]> {
  const rows = await database.query<{ id: number }>({
    name: 'make-directory-due',
    text: `
      UPDATE directories SET next_sync_at = now(), failures = 0, updated_at = now()
      WHERE tenant_id = $1 AND connection_id = $2 AND removed_at IS NULL
      RETURNING id`,
  }, [tenantId, connectionId])
  return rows.map(({ id }) => id)
}

/** From now on nobody finds anything in it, and no run can write to it. */
export async function markRemoved(database: Database, tenantId: string, connectionId: string): Promise<number | null> {
  const [row] = await database.query<{ id: number }>({
    name: 'remove-directory',
    text: `
      UPDATE directories SET removed_at = now(), next_sync_at = NULL, syncing_token = NULL, syncing_until = NULL, updated_at = now()
      WHERE tenant_id = $1 AND connection_id = $2 AND removed_at IS NULL
      RETURNING id`,
  }, [tenantId, connectionId])
  return row?.id ?? null
}

/** What a process should be working on: due and free, or switched off and not yet emptied. */
export const listDue = (database: Database) => database.query<{ id: number; isRemoved: boolean }>({
  name: 'list-due-directories',
  text: `
    SELECT id, removed_at IS NOT NULL AS "isRemoved" FROM directories
    WHERE removed_at IS NOT NULL OR (next_sync_at <= now() AND (syncing_until IS NULL OR syncing_until <= now()))
    LIMIT 100`,
}, [])

export const deleteDirectory = (database: Database, id: number) => database.query({
  name: 'delete-directory',
  text: 'DELETE FROM directories WHERE id = $1 AND removed_at IS NOT NULL',
}, [id])

const one = ([row]: DirectoryColumns[]): DirectoryRow | null => row ? toDirectory(row) : null

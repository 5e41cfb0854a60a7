import type { Database } from '../database/database.js'
import type { ListedSetting } from './settings-store.js'

export interface SettingKey {
  /** Whose it is to read, such as the name of a surface. */
  readonly scope: string
  /** Within the scope; empty for the tenant's own. */
  readonly owner: string
  readonly name: string
}

export interface TenantsKey extends SettingKey {
  readonly tenantId: string
}

export interface SettingRow {
  readonly value: unknown
  readonly sealed: Buffer | null
  readonly updatedAt: Date
}

const columns = 'value, sealed, updated_at AS "updatedAt"'
const ofKey = 'tenant_id = $1 AND scope = $2 AND owner = $3 AND name = $4'

/** In the order asked; `null` for none. */
export async function readSettings(database: Database, wanted: readonly TenantsKey[]): Promise<(SettingRow | null)[]> {
  const rows = await database.query<SettingRow & { place: string }>({
    name: 'read-settings',
    text: `
      SELECT q.place, ${columns}
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS q (tenant_id, scope, owner, name, place)
      JOIN settings USING (tenant_id, scope, owner, name)`,
  }, [wanted.map(({ tenantId }) => tenantId), wanted.map(({ scope }) => scope), wanted.map(({ owner }) => owner), wanted.map(({ name }) => name)])
  const found = new Map(rows.map(({ place, ...row }) => [Number(place), row]))
  // Places count from 1.
  return wanted.map((_, index) => found.get(index + 1) ?? null)
}

export const writeSetting = (database: Database, tenantId: string, { scope, owner, name }: SettingKey, json: string, sealed: Buffer | null) => database.query({
  name: 'write-setting',
  text: `
    INSERT INTO settings (tenant_id, scope, owner, name, value, sealed) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
    ON CONFLICT (tenant_id, scope, owner, name) DO UPDATE SET value = excluded.value, sealed = excluded.sealed, updated_at = now()`,
}, [tenantId, scope, owner, name, json, sealed])

export const deleteSetting = (database: Database, tenantId: string, { scope, owner, name }: SettingKey) => database.query({
  name: 'delete-setting',
  text: `DELETE FROM settings WHERE ${ofKey}`,
}, [tenantId, scope, owner, name])

export async function takeSetting(database: Database, tenantId: string, { scope, owner, name }: SettingKey): Promise<SettingRow | null> {
  const [row] = await database.query<SettingRow>({
    name: 'take-setting', text: `DELETE FROM settings WHERE ${ofKey} RETURNING ${columns}`,
  }, [tenantId, scope, owner, name])
  return row ?? null
}

export const listSettings = (database: Database, tenantId: string, scope: string, owner: string, limit: number): Promise<ListedSetting[]> =>
  database.query<ListedSetting>({
    name: 'list-settings',
    text: `
      SELECT name, value, sealed IS NOT NULL AS "hasSecret", updated_at AS "updatedAt" FROM settings
      WHERE tenant_id = $1 AND scope = $2 AND owner = $3 ORDER BY name LIMIT $4`,
  }, [tenantId, scope, owner, limit])

/** A few at a time: somebody writes again soon. */
export const deleteOldSettings = (database: Database, tenantId: string, scope: string, seconds: number) => database.query({
  name: 'delete-old-settings',
  text: `
    DELETE FROM settings WHERE (tenant_id, scope, owner, name) IN (
      SELECT tenant_id, scope, owner, name FROM settings
      WHERE tenant_id = $1 AND scope = $2 AND updated_at < now() - make_interval(secs => $3) LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
}, [tenantId, scope, seconds])

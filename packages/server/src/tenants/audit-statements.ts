import type { Database } from '../database/database.js'

export interface AuditEntry {
  readonly id: string
  /** In UTC to the microsecond, as PostgreSQL keeps it. */
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly details: Record<string, unknown>
}

export interface AuditFilter {
  readonly subject?: string | undefined
  readonly action?: string | undefined
  readonly since?: Date | undefined
  readonly until?: Date | undefined
  /** Where the page before ended. */
  readonly before?: Pick<AuditEntry, 'at' | 'id'> | undefined
  readonly limit: number
}

/** Every bound of the time is one that the index knows. */
export const listAuditText = `
  SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor, action, subject, details FROM audit
  WHERE tenant_id = $1 AND created_at >= $2::timestamptz AND created_at < $3::timestamptz
    AND created_at <= $4::timestamptz AND (created_at < $4 OR id < $5::uuid)
    AND ($6::text IS NULL OR subject = $6) AND ($7::text IS NULL OR action = $7)
  ORDER BY created_at DESC, id DESC
  LIMIT $8`

/** A tenant's, newest first. */
export const listAudit = (database: Database, tenantId: string, filter: AuditFilter): Promise<AuditEntry[]> =>
  database.query<AuditEntry>({ name: 'list-audit', text: listAuditText }, auditValuesOf(tenantId, filter))

export const auditValuesOf = (tenantId: string, { since, until, before, subject, action, limit }: AuditFilter): unknown[] => [
  tenantId, since ?? '-infinity', until ?? 'infinity', before?.at ?? 'infinity', before?.id ?? null, subject ?? null, action ?? null, limit,
]

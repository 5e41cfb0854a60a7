import type { Database } from '../database/database.js'

/** A version of a document as the table has it. */
export interface DocumentRow {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly isActive: boolean
  readonly createdAt: Date
  readonly createdBy: string
}

export interface DocumentWithText extends DocumentRow {
  readonly text: string
}

export interface ListedDocument extends DocumentRow {
  readonly installations: number
}

export interface ListedVersion extends DocumentRow {
  /** Of the text, in UTF-8. */
  readonly bytes: number
}

const columns = `d.id, d.version, d.name, d.is_active AS "isActive", d.created_at AS "createdAt", d.created_by AS "createdBy"`
/** An installation of the document `d`. */
const isOfDocument = 'i.tenant_id = d.tenant_id AND i.adapter = d.id'

/** Which of these tenants have documents, and how often they have changed. */
export const findRevisions = (database: Database, tenantIds: readonly string[]) =>
  database.query<{ tenantId: string; revision: string }>({
    name: 'find-document-revisions',
    text: 'SELECT tenant_id AS "tenantId", revision FROM document_revisions WHERE tenant_id = ANY($1::text[])',
  }, [tenantIds])

/** The active versions together with the revision at that moment; one row without a document where the tenant has none. */
export const findActiveVersions = (database: Database, tenantId: string) =>
  database.query<{ revision: string; id: string | null; version: number | null }>({
    name: 'find-active-versions',
    text: `
      SELECT r.revision, d.id, d.version
      FROM document_revisions r LEFT JOIN documents d ON d.tenant_id = r.tenant_id AND d.is_active
      WHERE r.tenant_id = $1`,
  }, [tenantId])

export const findTexts = (database: Database, tenantId: string, versions: readonly { readonly id: string; readonly version: number }[]) =>
  database.query<{ id: string; version: number; text: string }>({
    name: 'find-document-texts',
    text: `
      SELECT d.id, d.version, d.text
      FROM documents d JOIN unnest($2::text[], $3::int[]) AS wanted (id, version) ON d.id = wanted.id AND d.version = wanted.version
      WHERE d.tenant_id = $1`,
  }, [tenantId, versions.map(({ id }) => id), versions.map(({ version }) => version)])

/** Other processes look again once the transaction has ended; until then, whoever else changes the tenant's documents waits. */
export const raiseRevision = (database: Database, tenantId: string) => database.query({
  name: 'raise-document-revision',
  text: `
    INSERT INTO document_revisions (tenant_id, revision) VALUES ($1, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET revision = document_revisions.revision + 1`,
}, [tenantId])

/** One version, or the active one. */
export async function findDocument(database: Database, tenantId: string, id: string, version?: number): Promise<DocumentWithText | undefined> {
  const [row] = await database.query<DocumentWithText>({
    name: 'find-document',
    text: `
      SELECT ${columns}, d.text FROM documents d
      WHERE d.tenant_id = $1 AND d.id = $2 AND CASE WHEN $3::int IS NULL THEN d.is_active ELSE d.version = $3 END`,
  }, [tenantId, id, version ?? null])
  return row
}

/** Makes whoever wants to remove the document wait until the transaction ends. Nothing comes back when it is gone. */
export const holdDocument = (database: Database, tenantId: string, id: string) => database.query<{ id: string }>({
  name: 'hold-document',
  text: 'SELECT id FROM documents WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE',
}, [tenantId, id])

export const lockDocument = (database: Database, tenantId: string, id: string) => database.query<{ version: number }>({
  name: 'lock-document',
  text: 'SELECT version FROM documents WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
}, [tenantId, id])

export async function countDocuments(database: Database, tenantId: string): Promise<number> {
  const [row] = await database.query<{ count: number }>({
    name: 'count-documents',
    text: 'SELECT count(*)::int AS count FROM documents WHERE tenant_id = $1 AND is_active',
  }, [tenantId])
  return row?.count ?? 0
}

/** As the newest version, not yet the active one. */
export async function insertVersion(
  database: Database, tenantId: string, document: { readonly id: string; readonly name: string; readonly text: string; readonly createdBy: string },
): Promise<number> {
  const [row] = await database.query<{ version: number }>({
    name: 'insert-document-version',
    text: `
      INSERT INTO documents (tenant_id, id, version, name, text, is_active, created_by)
      SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, false, $5 FROM documents WHERE tenant_id = $1 AND id = $2
      RETURNING version`,
  }, [tenantId, document.id, document.name, document.text, document.createdBy])
  if (!row) throw new Error('a version of a document was not stored')
  return row.version
}

/** Two statements: of one, PostgreSQL may check the second row before the first has changed. */
export async function activateVersion(database: Database, tenantId: string, id: string, version: number): Promise<void> {
  await database.query({
    name: 'deactivate-document',
    text: 'UPDATE documents SET is_active = false WHERE tenant_id = $1 AND id = $2 AND is_active AND version <> $3',
  }, [tenantId, id, version])
  await database.query({
    name: 'activate-document',
    text: 'UPDATE documents SET is_active = true WHERE tenant_id = $1 AND id = $2 AND version = $3 AND NOT is_active',
  }, [tenantId, id, version])
}

/** Drops the oldest versions beyond so many, but never the active one. */
export const dropOldVersions = (database: Database, tenantId: string, id: string, kept: number) => database.query({
  name: 'drop-old-document-versions',
  text: `
    DELETE FROM documents WHERE tenant_id = $1 AND id = $2 AND NOT is_active AND version IN (
      SELECT version FROM documents WHERE tenant_id = $1 AND id = $2 ORDER BY is_active DESC, version DESC OFFSET $3)`,
}, [tenantId, id, kept])

export async function countInstallations(database: Database, tenantId: string, id: string): Promise<number> {
  const [row] = await database.query<{ count: number }>({
    name: 'count-installations-of-adapter',
    text: 'SELECT count(*)::int AS count FROM installations WHERE tenant_id = $1 AND adapter = $2',
  }, [tenantId, id])
  return row?.count ?? 0
}

export const deleteDocument = (database: Database, tenantId: string, id: string) => database.query({
  name: 'delete-document',
  text: 'DELETE FROM documents WHERE tenant_id = $1 AND id = $2',
}, [tenantId, id])

/** The active versions, in the order of their ids, from behind `after`. */
export const listDocuments = (database: Database, tenantId: string, after: string, limit: number) =>
  database.query<ListedDocument>({
    name: 'list-documents',
    text: `
      SELECT ${columns}, (SELECT count(*)::int FROM installations i WHERE ${isOfDocument}) AS installations
      FROM documents d WHERE d.tenant_id = $1 AND d.is_active AND d.id > $2 ORDER BY d.id LIMIT $3`,
  }, [tenantId, after, limit])

/** Newest first, those older than `before`. */
export const listVersions = (database: Database, tenantId: string, id: string, before: number, limit: number) =>
  database.query<ListedVersion>({
    name: 'list-document-versions',
    text: `
      SELECT ${columns}, octet_length(d.text) AS bytes
      FROM documents d WHERE d.tenant_id = $1 AND d.id = $2 AND d.version < $3 ORDER BY d.version DESC LIMIT $4`,
  }, [tenantId, id, before, limit])

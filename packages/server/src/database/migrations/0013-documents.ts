import type { Migration } from '../migrate.js'

export const documents: Migration = {
  name: '0013-documents',
  sql: `
    -- The text is kept as it was sent. The name is what the document says of itself, to list it without reading it.
    CREATE TABLE documents (
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      id text NOT NULL,
      version integer NOT NULL,
      name text NOT NULL,
      text text NOT NULL,
      is_active boolean NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      PRIMARY KEY (tenant_id, id, version)
    );
    CREATE UNIQUE INDEX documents_active ON documents (tenant_id, id) WHERE is_active;

    -- Rises with every change of a tenant's documents, in the transaction of the change: what a process looks at to see whether it knows them.
    CREATE TABLE document_revisions (
      tenant_id text PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
      revision bigint NOT NULL
    );
  `,
}

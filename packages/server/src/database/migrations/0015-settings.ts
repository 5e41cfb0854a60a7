import type { Migration } from '../migrate.js'

export const settings: Migration = {
  name: '0015-settings',
  sql: `
    -- Small things that a surface keeps: by whose surface, whose they are, and what they are called.
    CREATE TABLE settings (
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      scope text NOT NULL,
      owner text NOT NULL,
      name text NOT NULL,
      value jsonb NOT NULL,
      sealed bytea,
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, scope, owner, name)
    );
    CREATE INDEX settings_age ON settings (tenant_id, scope, updated_at);
  `,
}

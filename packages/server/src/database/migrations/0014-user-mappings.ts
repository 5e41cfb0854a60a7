import type { Migration } from '../migrate.js'

export const userMappings: Migration = {
  name: '0014-user-mappings',
  sql: `
    -- Which of the CRM's users has an extension of the phone system.
    CREATE TABLE user_mappings (
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      crm_account_id uuid NOT NULL REFERENCES crm_accounts ON DELETE CASCADE,
      extension text NOT NULL,
      crm_user_id text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, crm_account_id, extension)
    );
  `,
}

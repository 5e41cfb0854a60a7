import type { Migration } from '../migrate.js'

export const directory: Migration = {
  name: '0004-directory',
  sql: `
    CREATE TABLE directories (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      crm_account_id uuid REFERENCES crm_accounts ON DELETE SET NULL,
      -- Whose credentials feed it.
      connection_id uuid REFERENCES connections ON DELETE SET NULL,
      scope text NOT NULL CHECK (scope IN ('account', 'personal')),
      sync_every_minutes integer NOT NULL,
      full_every_hours integer NOT NULL,
      max_contacts integer,
      state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'syncing', 'ready', 'failed')),
      -- Rises with every full run; a contact that is left behind was not in it.
      generation integer NOT NULL DEFAULT 0,
      -- Asked for on demand.
      wanted text CHECK (wanted IN ('incremental', 'full')),
      -- The run under way, also while nobody works on it. The cursor is that of the next page.
      run_kind text CHECK (run_kind IN ('incremental', 'full')),
      run_since timestamptz,
      run_cursor text,
      run_started_at timestamptz,
      run_pages integer NOT NULL DEFAULT 0,
      run_contacts integer NOT NULL DEFAULT 0,
      run_numbers integer NOT NULL DEFAULT 0,
      run_deleted integer NOT NULL DEFAULT 0,
      run_worked_ms bigint NOT NULL DEFAULT 0,
      -- By which settings of the installation the numbers were read, and whether the run reads all of them anew.
      phone_settings text,
      run_rewrites boolean NOT NULL DEFAULT false,
      -- The lease of whoever works on it.
      syncing_until timestamptz,
      syncing_token uuid,
      -- Since the last run that succeeded.
      failures integer NOT NULL DEFAULT 0,
      last_result jsonb,
      contact_count integer NOT NULL DEFAULT 0,
      number_count integer NOT NULL DEFAULT 0,
      not_valid_count integer NOT NULL DEFAULT 0,
      unreadable jsonb NOT NULL DEFAULT '[]',
      -- Since when it has held every contact. Null: a number that it does not know may belong to somebody.
      complete_at timestamptz,
      synced_at timestamptz,
      full_synced_at timestamptz,
      next_sync_at timestamptz,
      -- Switched off; its rows are being deleted.
      removed_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CHECK (removed_at IS NOT NULL OR (crm_account_id IS NOT NULL AND connection_id IS NOT NULL))
    );
    CREATE UNIQUE INDEX directories_connection ON directories (connection_id) WHERE removed_at IS NULL;
    CREATE UNIQUE INDEX directories_account ON directories (crm_account_id) WHERE scope = 'account' AND removed_at IS NULL;
    CREATE INDEX directories_of_account ON directories (crm_account_id);
    CREATE INDEX directories_tenant ON directories (tenant_id, id);
    CREATE INDEX directories_due ON directories (next_sync_at);

    -- Neither of the two names its parents as foreign keys: a check for each of millions of rows costs more than the row. Who
    -- switches a directory off deletes them.
    CREATE TABLE directory_contacts (
      directory_id integer NOT NULL,
      contact_id text NOT NULL,
      -- As the adapter gave it, letter for letter, so that a change is a difference of text.
      content json NOT NULL,
      generation integer NOT NULL,
      -- Made or changed by us: what the CRM's index says before then is older.
      kept_until timestamptz,
      PRIMARY KEY (directory_id, contact_id)
    );

    CREATE TABLE directory_numbers (
      directory_id integer NOT NULL,
      -- What a lookup asks for: E.164 of a valid number, ~ and the last digits of one that is not, x and an internal number. Or
      -- ! and the reason why nobody can be found by it.
      key text NOT NULL,
      contact_id text NOT NULL,
      -- As the CRM has it.
      number text NOT NULL,
      extension text,
      PRIMARY KEY (directory_id, key, contact_id, number)
    );
    CREATE INDEX directory_numbers_contact ON directory_numbers (directory_id, contact_id);

    -- What a CRM answered to a live search, for a short time; also the lease of whoever is asking it.
    CREATE TABLE lookups (
      connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
      -- E.164, or the text that was asked for; and the extension.
      number text NOT NULL,
      extension text NOT NULL,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      -- Null until the CRM has answered.
      contacts jsonb,
      asked_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      searching_until timestamptz,
      searching_token uuid,
      PRIMARY KEY (connection_id, number, extension)
    );
    CREATE INDEX lookups_expiry ON lookups (expires_at);

    -- Contacts that we made or changed a short while ago, which the CRM's own search may not show yet.
    CREATE TABLE created_contacts (
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      crm_account_id uuid NOT NULL REFERENCES crm_accounts ON DELETE CASCADE,
      connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
      number text NOT NULL,
      contact_id text NOT NULL,
      content jsonb NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (connection_id, number, contact_id)
    );
    CREATE INDEX created_contacts_account ON created_contacts (crm_account_id, number);
    CREATE INDEX created_contacts_expiry ON created_contacts (expires_at);
  `,
}

import type { Migration } from '../migrate.js'

export const connecting: Migration = {
  name: '0002-connecting',
  sql: `
    CREATE TABLE crm_accounts (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      installation_id uuid NOT NULL REFERENCES installations,
      -- What makes it one account behind the installation: host and account id, or the one user of a CRM that reports none.
      account_key text NOT NULL,
      external_id text,
      name text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (installation_id, account_key)
    );

    CREATE TABLE agents (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      name text NOT NULL,
      email text,
      extensions jsonb NOT NULL DEFAULT '[]',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX agents_tenant ON agents (tenant_id, id);

    CREATE TABLE connections (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      installation_id uuid NOT NULL REFERENCES installations,
      crm_account_id uuid NOT NULL REFERENCES crm_accounts,
      agent_id uuid REFERENCES agents,
      kind text NOT NULL CHECK (kind IN ('personal', 'shared')),
      state text NOT NULL CHECK (state IN ('healthy', 'needs_reconnect', 'revoked')),
      hostname text NOT NULL,
      crm_user_id text NOT NULL,
      crm_user jsonb NOT NULL,
      -- Sealed; null once revoked.
      credentials text,
      -- Rises with every change of the credentials.
      credentials_version integer NOT NULL DEFAULT 1,
      -- The lease of whoever refreshes them.
      refreshing_until timestamptz,
      refreshing_token uuid,
      -- Pacing and breaker.
      paused_until timestamptz,
      failures integer NOT NULL DEFAULT 0,
      connected_at timestamptz NOT NULL DEFAULT now(),
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (crm_account_id, crm_user_id, kind),
      CHECK (kind = 'shared' OR agent_id IS NOT NULL)
    );
    CREATE INDEX connections_tenant ON connections (tenant_id, id);
    CREATE INDEX connections_agent ON connections (agent_id);

    CREATE TABLE sessions (
      token_hash bytea PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      client_app_id text NOT NULL REFERENCES client_apps ON DELETE CASCADE,
      connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      -- Slides with use, never beyond ends_at.
      expires_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL
    );
    CREATE INDEX sessions_connection ON sessions (connection_id);
    CREATE INDEX sessions_expiry ON sessions (expires_at);

    CREATE TABLE oauth_states (
      state_hash bytea PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      -- Null for an admin's shared connection: there is no client to return to.
      client_app_id text REFERENCES client_apps ON DELETE CASCADE,
      installation_id uuid NOT NULL REFERENCES installations ON DELETE CASCADE,
      hostname text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('personal', 'shared')),
      redirect_uri text,
      client_state text,
      client_code_challenge text,
      -- Sealed PKCE verifier towards the CRM.
      code_verifier text,
      browser_hash bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX oauth_states_expiry ON oauth_states (expires_at);

    CREATE TABLE oauth_codes (
      code_hash bytea PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      client_app_id text NOT NULL REFERENCES client_apps ON DELETE CASCADE,
      connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
      redirect_uri text NOT NULL,
      code_challenge text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL
    );

    CREATE TABLE connect_links (
      link_hash bytea PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      installation_id uuid NOT NULL REFERENCES installations ON DELETE CASCADE,
      hostname text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL
    );
  `,
}

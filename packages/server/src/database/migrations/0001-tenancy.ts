import type { Migration } from '../migrate.js'

export const tenancy: Migration = {
  name: '0001-tenancy',
  sql: `
    CREATE TABLE tenants (
      id text PRIMARY KEY,
      name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE client_apps (
      id text PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      name text NOT NULL,
      redirect_uris jsonb NOT NULL DEFAULT '[]',
      web_origins jsonb NOT NULL DEFAULT '[]',
      phone_system text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX client_apps_tenant ON client_apps (tenant_id, id);
    CREATE INDEX client_apps_origins ON client_apps USING gin (web_origins);

    CREATE TABLE api_keys (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      name text NOT NULL,
      scopes jsonb NOT NULL,
      key_hash bytea NOT NULL UNIQUE,
      prefix text NOT NULL,
      last_used_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX api_keys_tenant ON api_keys (tenant_id, id);

    CREATE TABLE installations (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      adapter text NOT NULL,
      name text NOT NULL,
      host text,
      allowed_hosts jsonb NOT NULL DEFAULT '[]',
      settings jsonb NOT NULL DEFAULT '{}',
      oauth_client_id text,
      oauth_client_secret text,
      enabled boolean NOT NULL DEFAULT true,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX installations_tenant ON installations (tenant_id, id);

    CREATE TABLE audit (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      actor text NOT NULL,
      action text NOT NULL,
      subject text NOT NULL,
      details jsonb NOT NULL DEFAULT '{}',
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX audit_tenant ON audit (tenant_id, created_at DESC);

    CREATE TABLE rate_limits (
      key text PRIMARY KEY,
      hits integer NOT NULL,
      resets_at timestamptz NOT NULL
    );
  `,
}

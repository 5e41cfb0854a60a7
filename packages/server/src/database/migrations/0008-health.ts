import type { Migration } from '../migrate.js'

export const health: Migration = {
  name: '0008-health',
  sql: `
    ALTER TABLE connections DROP CONSTRAINT connections_state_check;
    ALTER TABLE connections
      ADD CONSTRAINT connections_state_check CHECK (state IN ('healthy', 'degraded', 'needs_reconnect', 'revoked')),
      ADD COLUMN state_changed_at timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN last_error_code text,
      ADD COLUMN last_error_at timestamptz,
      -- Who wants the pause: the CRM (429, Retry-After), or our breaker. Set with paused_until, which stays until the CRM answers again.
      ADD COLUMN paused_by text CHECK (paused_by IN ('crm', 'breaker')),
      -- The lease of whoever tries the CRM once the pause is over.
      ADD COLUMN trial_until timestamptz,
      -- When it is asked by itself how it fares.
      ADD COLUMN probe_at timestamptz NOT NULL DEFAULT now() + interval '1 day';
    CREATE INDEX connections_probe ON connections (probe_at) WHERE state IN ('healthy', 'degraded');

    UPDATE connections SET state_changed_at = updated_at, probe_at = now() + random() * interval '1 day';

    CREATE TABLE reconnect_links (
      link_hash bytea PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX reconnect_links_connection ON reconnect_links (connection_id);
    CREATE INDEX reconnect_links_expiry ON reconnect_links (expires_at);

    -- Set where the sign-in renews the connection of a link, and makes none.
    ALTER TABLE oauth_states ADD COLUMN reconnect_link_hash bytea REFERENCES reconnect_links ON DELETE CASCADE;
  `,
}

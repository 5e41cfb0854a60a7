import type { Migration } from '../migrate.js'

export const webhooks: Migration = {
  name: '0007-webhooks',
  sql: `
    CREATE TABLE webhook_endpoints (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      url text NOT NULL,
      -- Null: every event.
      events jsonb,
      description text NOT NULL,
      enabled boolean NOT NULL,
      -- Why we switched it off ourselves.
      disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
      -- The first failure since the last success.
      failing_since timestamptz,
      -- Sealed, both of them.
      secret text NOT NULL,
      previous_secret text,
      previous_secret_until timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX webhook_endpoints_tenant ON webhook_endpoints (tenant_id, created_at, id);

    CREATE TABLE webhook_deliveries (
      -- Also the webhook-id that its receiver sees.
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
      -- As text, so that every attempt sends the same bytes.
      event json NOT NULL,
      outcome text NOT NULL DEFAULT 'pending' CHECK (outcome IN ('pending', 'retrying', 'delivered', 'failed')),
      -- When somebody should send it, or look after whoever is sending it: then the lease has run out. Null: nobody has to.
      next_attempt_at timestamptz DEFAULT now(),
      -- The lease of whoever sends it.
      lease_token uuid,
      -- Since it was made or replayed.
      attempts integer NOT NULL DEFAULT 0,
      -- The last attempt that ended. The status is null when there was no answer, and then the error says why.
      last_attempt_at timestamptz,
      last_status integer,
      last_error text,
      last_ms integer,
      last_answer text,
      -- In milliseconds, as a cursor has them.
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      delivered_at timestamptz
    );
    CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
    CREATE INDEX webhook_deliveries_endpoint_time ON webhook_deliveries (endpoint_id, created_at DESC, id DESC);
    CREATE INDEX webhook_deliveries_time ON webhook_deliveries (created_at);
  `,
}

import type { Migration } from '../migrate.js'

export const callLogs: Migration = {
  name: '0003-call-logs',
  sql: `
    CREATE TABLE call_logs (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      crm_account_id uuid NOT NULL REFERENCES crm_accounts,
      phone_system text NOT NULL,
      call_id text NOT NULL,
      leg text NOT NULL DEFAULT '',
      -- Whose it is. Null: logged without a client, over the shared connection.
      agent_id uuid REFERENCES agents,
      -- Whose credentials deliver it.
      connection_id uuid NOT NULL REFERENCES connections,
      -- What the CRM should know, and what it was last told.
      content jsonb NOT NULL,
      version integer NOT NULL DEFAULT 1,
      delivered_snapshot jsonb,
      delivered_version integer NOT NULL DEFAULT 0,
      activity jsonb,
      status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivering', 'delivered', 'retrying', 'failed')),
      -- The lease of whoever delivers it.
      delivering_until timestamptz,
      delivering_token uuid,
      -- A create may have reached the CRM without an answer: look before creating again.
      is_uncertain boolean NOT NULL DEFAULT false,
      attempts integer NOT NULL DEFAULT 0,
      last_error_code text,
      last_error_at timestamptz,
      started_at timestamptz NOT NULL,
      delivered_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (tenant_id, crm_account_id, phone_system, call_id, leg)
    );
    CREATE INDEX call_logs_agent_time ON call_logs (tenant_id, crm_account_id, agent_id, started_at DESC, id DESC);
    CREATE INDEX call_logs_undelivered ON call_logs (connection_id) WHERE status <> 'delivered';

    CREATE TABLE deliveries (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      call_log_id uuid NOT NULL REFERENCES call_logs ON DELETE CASCADE,
      version integer NOT NULL,
      operation text NOT NULL CHECK (operation IN ('create', 'update', 'probe')),
      -- Null while it runs, and for ever when the process died.
      outcome text CHECK (outcome IN ('delivered', 'retry', 'failed')),
      error_code text,
      request_id text NOT NULL,
      started_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz
    );
    CREATE INDEX deliveries_call_log ON deliveries (call_log_id, started_at);
  `,
}

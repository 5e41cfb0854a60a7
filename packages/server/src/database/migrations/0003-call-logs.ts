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
      -- The claim that last changed it, and the agent it took the log over from: tells created, changed and taken over apart.
      claim_id uuid NOT NULL,
      claim_took_from uuid REFERENCES agents,
      -- What the CRM should know.
      content jsonb NOT NULL,
      version integer NOT NULL DEFAULT 1,
      -- What it was last told; while there is no activity, what the first create tells it. And the fields in which attempts
      -- since then have differed from it: without a clear answer nobody knows which of them arrived.
      delivered_snapshot jsonb,
      attempted_fields text[] NOT NULL DEFAULT '{}',
      delivered_version integer NOT NULL DEFAULT 0,
      activity jsonb,
      status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivering', 'delivered', 'retrying', 'failed')),
      -- The lease of whoever delivers it.
      delivering_until timestamptz,
      delivering_token uuid,
      -- When a create that may have reached the CRM was given up: look before creating again. Null: nothing of the kind.
      uncertain_since timestamptz,
      -- Since the last delivery that succeeded.
      attempts integer NOT NULL DEFAULT 0,
      -- A problem code; null once delivered.
      last_error_code text,
      last_error_at timestamptz,
      started_at timestamptz NOT NULL,
      delivered_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      -- When the content or the owner last changed.
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (tenant_id, crm_account_id, phone_system, call_id, leg)
    );
    CREATE INDEX call_logs_agent_time ON call_logs (tenant_id, crm_account_id, agent_id, started_at DESC, id DESC);
    CREATE INDEX call_logs_undelivered ON call_logs (connection_id) WHERE status <> 'delivered';

    -- One row per attempt.
    CREATE TABLE deliveries (
      -- Also the token of its lease.
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      call_log_id uuid NOT NULL REFERENCES call_logs ON DELETE CASCADE,
      version integer NOT NULL,
      attempt integer NOT NULL,
      -- A probe goes on to create or update what it did or did not find.
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

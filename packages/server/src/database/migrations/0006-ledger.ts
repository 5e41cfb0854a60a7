import type { Migration } from '../migrate.js'

export const ledger: Migration = {
  name: '0006-ledger',
  sql: `
    -- Call logs, message logs and callbacks are delivered by the same rules, so they stand in one table.
    ALTER TABLE call_logs RENAME TO ledger;
    ALTER TABLE ledger RENAME COLUMN call_id TO key;
    ALTER TABLE ledger RENAME COLUMN leg TO part;
    ALTER TABLE ledger RENAME COLUMN started_at TO occurs_at;
    ALTER TABLE ledger
      ADD COLUMN kind text NOT NULL DEFAULT 'call' CHECK (kind IN ('call', 'message', 'callback')),
      -- Whose record it belongs on, and how that was found out; null until somebody has looked.
      ADD COLUMN resolution jsonb,
      -- The text body as it was last written to the CRM: what differs there now was written by a person.
      ADD COLUMN delivered_body text,
      -- The address of the recording that the CRM has.
      ADD COLUMN delivered_recording text,
      -- In the adapter's words.
      ADD COLUMN last_error_detail text;
    ALTER TABLE ledger DROP CONSTRAINT call_logs_tenant_id_crm_account_id_phone_system_call_id_leg_key;
    ALTER TABLE ledger ADD CONSTRAINT ledger_key UNIQUE (tenant_id, crm_account_id, phone_system, key, part, kind);
    ALTER INDEX call_logs_agent_time RENAME TO ledger_agent_time;
    ALTER INDEX call_logs_undelivered RENAME TO ledger_undelivered;
    DROP INDEX call_logs_due;
    CREATE INDEX ledger_due ON ledger (connection_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
    CREATE INDEX ledger_delivering ON ledger (connection_id) WHERE status = 'delivering';

    ALTER TABLE deliveries RENAME COLUMN call_log_id TO entry_id;
    ALTER INDEX deliveries_call_log RENAME TO deliveries_entry;
    -- What the attempt told the CRM, by name.
    ALTER TABLE deliveries ADD COLUMN changed text[] NOT NULL DEFAULT '{}', ADD COLUMN error_detail text;
  `,
}

import type { Migration } from '../migrate.js'

export const retries: Migration = {
  name: '0005-retries',
  sql: `
    ALTER TABLE call_logs
      -- When somebody should try next, or look after whoever is trying. Null: nobody waits for anything.
      ADD COLUMN next_attempt_at timestamptz,
      -- Since when the CRM has lacked something that it should know.
      ADD COLUMN undelivered_since timestamptz;
    CREATE INDEX call_logs_due ON call_logs (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

    -- What was left to its client so far is tried from now on.
    UPDATE call_logs SET next_attempt_at = now(), undelivered_since = updated_at WHERE status IN ('pending', 'delivering', 'retrying');
  `,
}

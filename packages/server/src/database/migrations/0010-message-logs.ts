import type { Migration } from '../migrate.js'

export const messageLogs: Migration = {
  name: '0010-message-logs',
  sql: `
    -- Entries are listed by kind: an agent's few callbacks shall not be looked for among all their calls.
    CREATE INDEX ledger_agent_kind_time ON ledger (tenant_id, crm_account_id, agent_id, kind, occurs_at DESC, id DESC);
    DROP INDEX IF EXISTS ledger_agent_time;
  `,
}

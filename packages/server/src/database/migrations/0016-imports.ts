import type { Migration } from '../migrate.js'

export const imports: Migration = {
  name: '0016-imports',
  sql: `
    -- Made by an import, which does not know which account the CRM itself would name. Its connection moves to that one once the CRM has.
    ALTER TABLE crm_accounts ADD COLUMN awaits_report boolean NOT NULL DEFAULT false;
    CREATE INDEX crm_accounts_awaiting ON crm_accounts (installation_id) WHERE awaits_report;

    -- What an import knew of an entry, beside where the CRM has it: the ids of messages that are on it. Null: it was no import that made it.
    ALTER TABLE ledger ADD COLUMN imported jsonb;
  `,
}

import type { Migration } from '../migrate.js'

export const contactChoice: Migration = {
  name: '0009-contact-choice',
  sql: `
    -- Contacts that logging makes for numbers that nobody has: one at a time per number, over all processes and connections of a CRM account.
    CREATE TABLE contact_creations (
      crm_account_id uuid NOT NULL REFERENCES crm_accounts ON DELETE CASCADE,
      -- E.164, or the text where it is none.
      number text NOT NULL,
      tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
      -- The same for all tries that may be one: the CRM gets it as idempotency key.
      creation_id uuid NOT NULL,
      -- Of whoever is making it; null when nobody is.
      token uuid,
      -- Until then nobody else begins: somebody is making it, or it is made and the CRM's search may not show it yet.
      held_until timestamptz NOT NULL,
      -- Since when a create whose answer was lost may be in the CRM.
      uncertain_since timestamptz,
      -- Once it is made.
      contact jsonb,
      PRIMARY KEY (crm_account_id, number)
    );
    CREATE INDEX contact_creations_held ON contact_creations (held_until);

    -- Why the CRM does not have the recording of that address, which does not keep the rest from being delivered.
    ALTER TABLE ledger ADD COLUMN recording_issue jsonb;
  `,
}

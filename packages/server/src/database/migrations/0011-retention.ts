import type { Migration } from '../migrate.js'

export const retention: Migration = {
  name: '0011-retention',
  sql: `
    -- Only the key is left, so that the call is not logged a second time.
    ALTER TABLE ledger ADD COLUMN content_deleted_at timestamptz;
  `,
}

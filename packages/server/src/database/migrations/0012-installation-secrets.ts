import type { Migration } from '../migrate.js'

export const installationSecrets: Migration = {
  name: '0012-installation-secrets',
  sql: `
    -- Sealed JSON: the secret ones of what an admin fills in, by name.
    ALTER TABLE installations ADD COLUMN secrets text;
  `,
}

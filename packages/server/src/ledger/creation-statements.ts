import type { Contact } from '@linefinder/core'
import type { Database } from '../database/database.js'

/** What names a contact that is being made. */
export interface CreationKey {
  readonly tenantId: string
  readonly crmAccountId: string
  /** E.164, or the text where it is none. */
  readonly number: string
}

/** The right to make it, for this process alone. */
export interface Creation {
  readonly token: string
  /** The same for all tries that may be one. */
  readonly creationId: string
  /** Since when an earlier try may be in the CRM, in milliseconds. `null`: there was none. */
  readonly uncertainForMs: number | null
}

/** Nothing comes back while another is making it, and while it is made and the CRM may not show it yet. */
export async function takeCreation(database: Database, key: CreationKey, token: string, seconds: number): Promise<Creation | undefined> {
  const [row] = await database.query<Creation>({
    name: 'take-contact-creation',
    text: `
      INSERT INTO contact_creations AS own (crm_account_id, number, tenant_id, creation_id, token, held_until)
      VALUES ($1, $2, $3, $4, $4, now() + make_interval(secs => $5))
      ON CONFLICT (crm_account_id, number) DO UPDATE SET
        token = excluded.token, held_until = excluded.held_until, contact = NULL,
        creation_id = CASE WHEN own.contact IS NULL AND (own.token IS NOT NULL OR own.uncertain_since IS NOT NULL) THEN own.creation_id ELSE excluded.creation_id END,
        uncertain_since = CASE WHEN own.contact IS NOT NULL THEN NULL WHEN own.token IS NOT NULL THEN own.held_until ELSE own.uncertain_since END
      WHERE own.tenant_id = excluded.tenant_id AND own.held_until <= now()
      RETURNING token, creation_id AS "creationId", (extract(epoch FROM now() - uncertain_since) * 1000)::float8 AS "uncertainForMs"`,
  }, [key.crmAccountId, key.number, key.tenantId, token, seconds])
  return row
}

/** Made by another a moment ago. */
export async function findMade(database: Database, { tenantId, crmAccountId, number }: CreationKey): Promise<Contact | null> {
  const [row] = await database.query<{ contact: Contact }>({
    name: 'find-made-contact',
    text: 'SELECT contact FROM contact_creations WHERE crm_account_id = $1 AND number = $2 AND tenant_id = $3 AND contact IS NOT NULL AND held_until > now()',
  }, [crmAccountId, number, tenantId])
  return row?.contact ?? null
}

/** It is made: all who look for it within `seconds` get this one. */
export const finishCreation = (database: Database, key: CreationKey, token: string, contact: Contact, seconds: number) => database.query({
  name: 'finish-contact-creation',
  text: `
    UPDATE contact_creations SET contact = $4, token = NULL, uncertain_since = NULL, held_until = now() + make_interval(secs => $5)
    WHERE crm_account_id = $1 AND number = $2 AND tenant_id = $6 AND token = $3`,
}, [key.crmAccountId, key.number, token, JSON.stringify(contact), seconds, key.tenantId])

/** It is not made, or with `mayBeMade` nobody knows. The next one may begin. */
export const giveUpCreation = (database: Database, key: CreationKey, token: string, mayBeMade: boolean) => database.query({
  name: 'give-up-contact-creation',
  text: `
    UPDATE contact_creations SET token = NULL, held_until = now(), uncertain_since = CASE WHEN $4 THEN now() ELSE uncertain_since END
    WHERE crm_account_id = $1 AND number = $2 AND tenant_id = $5 AND token = $3`,
}, [key.crmAccountId, key.number, token, mayBeMade, key.tenantId])

export const deleteOldCreations = (database: Database) => database.query({
  name: 'delete-old-contact-creations',
  text: `
    DELETE FROM contact_creations WHERE (crm_account_id, number) IN (
      SELECT crm_account_id, number FROM contact_creations WHERE held_until < now() - interval '1 day' LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
}, [])

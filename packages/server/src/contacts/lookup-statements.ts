import type { Contact } from '@linefinder/core'
import type { Database } from '../database/database.js'

/** What names one search: everyone asks a CRM with their own eyes, so an answer is the connection's. */
export interface LookupKey {
  readonly tenantId: string
  readonly connectionId: string
  readonly number: string
  readonly extension: string
}

export interface Remembered {
  readonly contacts: Contact[]
  readonly ageSeconds: number
}

/** An answer that is still good. */
export async function findRemembered(database: Database, key: LookupKey): Promise<Remembered | null> {
  const [row] = await database.query<Remembered>({
    name: 'find-remembered-lookup',
    text: `
      SELECT contacts, greatest(0, extract(epoch FROM now() - asked_at))::int AS "ageSeconds" FROM lookups
      WHERE connection_id = $1 AND number = $2 AND extension = $3 AND contacts IS NOT NULL AND expires_at > now()`,
  }, [key.connectionId, key.number, key.extension])
  return row ?? null
}

/**
 * Lets this process ask the CRM, unless another one is asking it the same. With `anew` also what is remembered is asked again; without,
 * an answer that is still good, which another process may just have brought, is left.
 */
export async function claimSearch(database: Database, key: LookupKey, token: string, seconds: number, anew: boolean): Promise<boolean> {
  const rows = await database.query({
    name: 'claim-lookup',
    text: `
      INSERT INTO lookups (connection_id, number, extension, tenant_id, searching_token, searching_until, expires_at)
      VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), now() + make_interval(secs => $6))
      ON CONFLICT (connection_id, number, extension) DO UPDATE SET
        contacts = NULL, searching_token = excluded.searching_token, searching_until = excluded.searching_until, expires_at = excluded.expires_at
      WHERE (lookups.searching_until IS NULL OR lookups.searching_until <= now())
        AND ($7 OR lookups.contacts IS NULL OR lookups.expires_at <= now())
      RETURNING 1`,
  }, [key.connectionId, key.number, key.extension, key.tenantId, token, seconds, anew])
  return rows.length > 0
}

/** Nothing happens when the search was forgotten meanwhile: a contact with the number was made after the CRM was asked. */
export async function rememberAnswer(database: Database, key: LookupKey, token: string, contacts: readonly Contact[], seconds: number): Promise<void> {
  await database.query({
    name: 'remember-lookup',
    text: `
      UPDATE lookups SET contacts = $5, asked_at = now(), expires_at = now() + make_interval(secs => $6), searching_token = NULL, searching_until = NULL
      WHERE connection_id = $1 AND number = $2 AND extension = $3 AND searching_token = $4`,
  }, [key.connectionId, key.number, key.extension, token, JSON.stringify(contacts), seconds])
}

/** A search that failed leaves nothing behind, so that the next one asks again. */
export const giveUpSearch = (database: Database, key: LookupKey, token: string) => database.query({
  name: 'give-up-lookup',
  text: 'DELETE FROM lookups WHERE connection_id = $1 AND number = $2 AND extension = $3 AND searching_token = $4',
}, [key.connectionId, key.number, key.extension, token])

/** For every connection of the account, also of searches under way. */
export const forgetNumbers = (database: Database, crmAccountId: string, numbers: readonly string[]) => database.query({
  name: 'forget-lookups',
  text: `
    DELETE FROM lookups USING connections c
    WHERE c.crm_account_id = $1 AND lookups.connection_id = c.id AND lookups.number = ANY($2::text[])`,
}, [crmAccountId, numbers])

export const deleteExpiredLookups = (database: Database) => database.query({
  name: 'delete-expired-lookups',
  text: `
    DELETE FROM lookups WHERE (connection_id, number, extension) IN (
      SELECT connection_id, number, extension FROM lookups
      WHERE expires_at <= now() AND (searching_until IS NULL OR searching_until <= now()) LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
}, [])

export interface CreatedContact {
  readonly tenantId: string
  readonly crmAccountId: string
  readonly connectionId: string
  readonly numbers: readonly string[]
  readonly contact: Contact
  readonly seconds: number
}

/** Until the CRM's own search can be relied on to show it. */
export const noteCreated = (database: Database, created: CreatedContact) => database.query({
  name: 'note-created-contact',
  text: `
    INSERT INTO created_contacts (tenant_id, crm_account_id, connection_id, number, contact_id, content, expires_at)
    SELECT $1, $2, $3, number, $5, $6, now() + make_interval(secs => $7) FROM unnest($4::text[]) AS n (number)
    ON CONFLICT (connection_id, number, contact_id) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at`,
}, [created.tenantId, created.crmAccountId, created.connectionId, created.numbers, created.contact.id, JSON.stringify(created.contact), created.seconds])

export async function findCreated(database: Database, connectionId: string, number: string): Promise<Contact[]> {
  const rows = await database.query<{ content: Contact }>({
    name: 'find-created-contacts',
    text: 'SELECT content FROM created_contacts WHERE connection_id = $1 AND number = $2 AND expires_at > now()',
  }, [connectionId, number])
  return rows.map(({ content }) => content)
}

export const deleteExpiredCreated = (database: Database) => database.query({
  name: 'delete-expired-created-contacts',
  text: `
    DELETE FROM created_contacts WHERE (connection_id, number, contact_id) IN (
      SELECT connection_id, number, contact_id FROM created_contacts WHERE expires_at <= now() LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
}, [])

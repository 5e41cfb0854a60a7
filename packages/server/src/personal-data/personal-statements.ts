import type { ActivityRef, Contact } from '@linefinder/core'
import type { Database } from '../database/database.js'
import type { EntryContent, EntryKind, Resolution } from '../ledger/entry.js'
import { emptied } from './retention-statements.js'

export interface PersonalRow {
  readonly id: string
  readonly kind: EntryKind
  readonly phoneSystem: string
  readonly key: string
  readonly part: string
  readonly status: string
  readonly activity: ActivityRef | null
  readonly content: EntryContent
  readonly resolution: Resolution | null
  readonly settings: Record<string, unknown>
  readonly createdAt: Date
}

/** Entries whose content may name the number: `pattern` finds its last digits in any spelling. Oldest first, after `after`. */
export const listMentions = (database: Database, tenantId: string, pattern: string, after: { at: Date; id: string } | null, limit: number): Promise<PersonalRow[]> =>
  database.query<PersonalRow>({
    name: 'list-mentions-of-number',
    text: `
      SELECT ${personalColumns} ${fromLedger}
      WHERE l.tenant_id = $1 AND l.content_deleted_at IS NULL AND l.content::text ~ $2 AND ($3::timestamptz IS NULL OR (l.created_at, l.id) > ($3, $4::uuid))
      ORDER BY l.created_at, l.id LIMIT $5`,
  }, [tenantId, pattern, after?.at ?? null, after?.id ?? null, limit])

/** Entries that are on the contact's record, or could have been. */
export const listOfContact = (database: Database, tenantId: string, contactId: string, after: { at: Date; id: string } | null, limit: number): Promise<PersonalRow[]> =>
  database.query<PersonalRow>({
    name: 'list-entries-of-contact',
    text: `
      SELECT ${personalColumns} ${fromLedger}
      WHERE l.tenant_id = $1 AND l.content_deleted_at IS NULL
        AND (l.content->>'contactId' = $2 OR l.resolution->>'contactId' = $2 OR l.resolution->'candidates' ? $2)
        AND ($3::timestamptz IS NULL OR (l.created_at, l.id) > ($3, $4::uuid))
      ORDER BY l.created_at, l.id LIMIT $5`,
  }, [tenantId, contactId, after?.at ?? null, after?.id ?? null, limit])

const personalColumns = `
  l.id, l.kind, l.phone_system AS "phoneSystem", l.key, l.part, l.status, l.activity, l.content, l.resolution, i.settings, l.created_at AS "createdAt"`

const fromLedger = 'FROM ledger l JOIN connections c ON c.id = l.connection_id JOIN installations i ON i.id = c.installation_id'

/** What has not reached the CRM will not reach it. */
export async function eraseEntries(database: Database, tenantId: string, ids: readonly string[]): Promise<number> {
  const [row] = await database.query<{ count: number }>({
    name: 'erase-entries',
    text: `
      WITH erased AS (
        UPDATE ledger SET ${emptied}, next_attempt_at = NULL, delivering_token = NULL, delivering_until = NULL,
          -- Should its client send it again, it is looked for first.
          uncertain_since = CASE WHEN status = 'delivering' AND activity IS NULL THEN now() ELSE uncertain_since END,
          status = CASE WHEN status = 'delivered' THEN status ELSE 'failed' END,
          last_error_code = CASE WHEN status = 'delivered' THEN last_error_code ELSE 'content_deleted' END,
          last_error_at = CASE WHEN status = 'delivered' THEN last_error_at ELSE now() END
        WHERE tenant_id = $1 AND id = ANY($2::uuid[]) RETURNING id
      ), forgotten AS (
        DELETE FROM deliveries WHERE tenant_id = $1 AND entry_id IN (SELECT id FROM erased)
      )
      SELECT count(*)::int AS count FROM erased`,
  }, [tenantId, ids])
  return row?.count ?? 0
}

export const listDirectoryContacts = (database: Database, tenantId: string, whose: { e164: string | null; contactId: string | null }): Promise<{ directoryId: number; contact: Contact }[]> =>
  database.query({
    name: 'list-directory-contacts-of-person',
    text: `
      SELECT d.id AS "directoryId", c.content AS contact FROM directories d JOIN directory_contacts c ON c.directory_id = d.id
      WHERE d.tenant_id = $1 AND (c.contact_id = $3 OR c.contact_id IN (SELECT contact_id FROM directory_numbers WHERE directory_id = d.id AND key = $2))`,
  }, [tenantId, whose.e164, whose.contactId])

export async function eraseDirectoryContact(database: Database, directoryId: number, contactId: string): Promise<void> {
  await database.query({
    name: 'erase-directory-contact',
    text: `
      WITH numbers AS (DELETE FROM directory_numbers WHERE directory_id = $1 AND contact_id = $2)
      DELETE FROM directory_contacts WHERE directory_id = $1 AND contact_id = $2`,
  }, [directoryId, contactId])
}

/** What CRMs answered a short while ago, and what was made there. */
export async function eraseRemembered(database: Database, tenantId: string, whose: { e164: string | null; contactId: string | null }): Promise<void> {
  await database.query({
    name: 'erase-remembered',
    text: `
      WITH created AS (DELETE FROM created_contacts WHERE tenant_id = $1 AND (number = $2 OR contact_id = $3)),
        making AS (DELETE FROM contact_creations WHERE tenant_id = $1 AND (number = $2 OR contact->>'id' = $3))
      DELETE FROM lookups WHERE tenant_id = $1 AND (number = $2 OR contacts @> jsonb_build_array(jsonb_build_object('id', $3::text)))`,
  }, [tenantId, whose.e164, whose.contactId])
}

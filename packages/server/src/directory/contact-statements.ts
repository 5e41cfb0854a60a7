import type { Database } from '../database/database.js'
import type { DirectoryNumber } from './number-key.js'
import type { Counts } from './run-statements.js'

export interface KnownContact {
  readonly contactId: string
  /** As it was written. */
  readonly content: string
  /** We made or changed it a short while ago. */
  readonly isKept: boolean
}

export const findKnownContacts = (database: Database, directoryId: number, ids: readonly string[]) => database.query<KnownContact>({
  name: 'find-directory-contacts',
  text: `
    SELECT contact_id AS "contactId", content::text AS content, coalesce(kept_until > now(), false) AS "isKept"
    FROM directory_contacts WHERE directory_id = $1 AND contact_id = ANY($2::text[])`,
}, [directoryId, ids])

export interface ContactToStore {
  readonly id: string
  /** JSON. */
  readonly content: string
  readonly numbers: readonly DirectoryNumber[]
}

/** Rows of `directory_numbers`, each column by itself: so PostgreSQL takes them, and a page of them is no thousands of objects. */
export class NumberColumns {
  readonly contactIds: string[] = []
  readonly keys: string[] = []
  readonly numbers: string[] = []
  readonly extensions: (string | null)[] = []

  add(contactId: string, numbers: readonly DirectoryNumber[]): void {
    for (const { key, number, extension } of numbers) {
      this.contactIds.push(contactId)
      this.keys.push(key)
      this.numbers.push(number)
      this.extensions.push(extension)
    }
  }
}

/**
 * For contacts that are new, with their numbers: half the work of what looks first whether they are. Fails when one of them is
 * there. `contents`: JSON of each.
 */
export const insertContacts = (database: Database, directoryId: number, generation: number, contents: Iterable<string>, rows: NumberColumns) => database.query({
  name: 'insert-directory-contacts',
  text: `
    WITH contacts AS (
      INSERT INTO directory_contacts (directory_id, contact_id, content, generation)
      SELECT $1, content->>'id', content, $2 FROM json_array_elements($3::json) AS content
    )
    INSERT INTO directory_numbers (directory_id, contact_id, key, number, extension)
    SELECT $1, id, key, number, extension FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS n (id, key, number, extension)`,
}, [directoryId, generation, `[${[...contents].join(',')}]`, rows.contactIds, rows.keys, rows.numbers, rows.extensions])

/** With `keptUntil`, a sync leaves them alone until then. One JSON text costs both sides half of what arrays of texts would. */
export const upsertContacts = (database: Database, directoryId: number, generation: number, contacts: readonly ContactToStore[], keptUntil: Date | null = null) => database.query({
  name: 'upsert-directory-contacts',
  text: `
    INSERT INTO directory_contacts (directory_id, contact_id, content, generation, kept_until)
    SELECT $1, content->>'id', content, $2, $4 FROM json_array_elements($3::json) AS content
    ON CONFLICT (directory_id, contact_id) DO UPDATE SET content = excluded.content, generation = excluded.generation, kept_until = excluded.kept_until`,
}, [directoryId, generation, `[${contacts.map(({ content }) => content).join(',')}]`, keptUntil])

/** They are in the CRM as they are here. */
export const keepContacts = (database: Database, directoryId: number, generation: number, ids: readonly string[]) => database.query({
  name: 'keep-directory-contacts',
  text: 'UPDATE directory_contacts SET generation = $2 WHERE directory_id = $1 AND contact_id = ANY($3::text[]) AND generation <> $2',
}, [directoryId, generation, ids])

export const insertNumbers = (database: Database, directoryId: number, contacts: readonly ContactToStore[]) => {
  const rows = new NumberColumns()
  for (const { id, numbers } of contacts) rows.add(id, numbers)
  return database.query({
    name: 'insert-directory-numbers',
    text: `
      INSERT INTO directory_numbers (directory_id, contact_id, key, number, extension)
      SELECT $1, id, key, number, extension FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS n (id, key, number, extension)
      ON CONFLICT DO NOTHING`,
  }, [directoryId, rows.contactIds, rows.keys, rows.numbers, rows.extensions])
}

export const deleteNumbersOf = (database: Database, directoryId: number, ids: readonly string[]) => database.query({
  name: 'delete-directory-numbers',
  text: 'DELETE FROM directory_numbers WHERE directory_id = $1 AND contact_id = ANY($2::text[])',
}, [directoryId, ids])

/** Those that the CRM no longer has, unless we made them a short while ago. Returns how many there were. */
export async function deleteContacts(database: Database, directoryId: number, ids: readonly string[]): Promise<number> {
  const rows = await database.query({
    name: 'delete-directory-contacts',
    text: `
      WITH gone AS (
        DELETE FROM directory_contacts
        WHERE directory_id = $1 AND contact_id = ANY($2::text[]) AND (kept_until IS NULL OR kept_until <= now())
        RETURNING contact_id
      ), numbers AS (
        DELETE FROM directory_numbers WHERE directory_id = $1 AND contact_id IN (SELECT contact_id FROM gone)
      )
      SELECT 1 FROM gone`,
  }, [directoryId, ids])
  return rows.length
}

/**
 * Some of those that a full run did not see, unless we made them after it began or the CRM's index may not show them yet.
 * Returns how many; 0 when none are left.
 */
export async function deleteLeftBehind(database: Database, directoryId: number, generation: number, runStartedAt: Date): Promise<number> {
  const rows = await database.query({
    name: 'delete-left-behind-contacts',
    text: `
      WITH gone AS (
        DELETE FROM directory_contacts WHERE directory_id = $1 AND contact_id IN (
          SELECT contact_id FROM directory_contacts
          WHERE directory_id = $1 AND generation < $2 AND (kept_until IS NULL OR kept_until <= $3) LIMIT 5000)
        RETURNING contact_id
      ), numbers AS (
        DELETE FROM directory_numbers WHERE directory_id = $1 AND contact_id IN (SELECT contact_id FROM gone)
      )
      SELECT 1 FROM gone`,
  }, [directoryId, generation, runStartedAt])
  return rows.length
}

/** Some rows of a directory that was switched off. Returns how many; 0 when none are left. */
export async function deleteSome(database: Database, directoryId: number): Promise<number> {
  const rows = await database.query({
    name: 'empty-directory',
    text: `
      WITH contacts AS (
        DELETE FROM directory_contacts WHERE directory_id = $1 AND contact_id IN (
          SELECT contact_id FROM directory_contacts WHERE directory_id = $1 LIMIT 5000)
        RETURNING 1
      ), numbers AS (
        DELETE FROM directory_numbers WHERE ctid = ANY (ARRAY(SELECT ctid FROM directory_numbers WHERE directory_id = $1 LIMIT 10000))
        RETURNING 1
      )
      SELECT 1 FROM contacts UNION ALL SELECT 1 FROM numbers`,
  }, [directoryId])
  return rows.length
}

export async function countDirectory(database: Database, directoryId: number): Promise<Counts> {
  const [[contacts], numbers] = [
    await database.query<{ count: number }>({
      name: 'count-directory-contacts',
      text: 'SELECT count(*)::int AS count FROM directory_contacts WHERE directory_id = $1',
    }, [directoryId]),
    await database.query<{ kind: string; count: number }>({
      name: 'count-directory-numbers',
      text: `
        SELECT CASE left(key, 1) WHEN '!' THEN key WHEN '~' THEN '~' ELSE '' END AS kind, count(*)::int AS count
        FROM directory_numbers WHERE directory_id = $1 GROUP BY 1 ORDER BY 2 DESC, 1`,
    }, [directoryId]),
  ]
  const countOf = (wanted: string) => numbers.find(({ kind }) => kind === wanted)?.count ?? 0
  return {
    contacts: contacts?.count ?? 0,
    numbers: countOf('') + countOf('~'),
    notValid: countOf('~'),
    unreadable: numbers.filter(({ kind }) => kind.startsWith('!')).map(({ kind, count }) => ({ reason: kind.slice(1), count })),
  }
}

/** After a bulk load the planner knows nothing of the rows, and would read the whole table for one of them. */
export async function analyseDirectory(database: Database): Promise<void> {
  await database.query({ text: 'ANALYZE directory_contacts' }, [])
  await database.query({ text: 'ANALYZE directory_numbers' }, [])
}

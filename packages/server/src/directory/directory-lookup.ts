import type { Contact, ContactId } from '@linefinder/core'
import { Batch } from '../database/batch.js'
import type { Database } from '../database/database.js'

/** A contact found by a key, with the number that the key was made of. */
export interface DirectoryHit {
  readonly key: string
  readonly contact: Contact
  /** As the CRM has it. */
  readonly number: string
  readonly extension: string | null
}

interface Question {
  readonly directoryId: number
  readonly key: string
}

/** Contacts of one number that are looked at. A switchboard's number may stand on thousands of records. */
const maxPerKey = 200

/** Finds contacts by the keys of `number-key.ts`, everyone's questions in one statement. */
export class DirectoryLookup {
  readonly #batch: Batch<Question, DirectoryHit[]>

  constructor(private readonly database: Database) {
    this.#batch = new Batch(({ directoryId, key }) => `${String(directoryId)} ${key}`, questions => findByKeys(database, questions))
  }

  async find(directoryId: number, keys: readonly string[]): Promise<DirectoryHit[]> {
    return (await Promise.all(keys.map(key => this.#batch.find({ directoryId, key })))).flat()
  }

  /** Names by id. Ids that the directory does not have are left out. */
  async namesOf(directoryId: number, ids: readonly ContactId[]): Promise<ReadonlyMap<ContactId, string>> {
    const rows = await this.database.query<{ id: ContactId; name: string }>({
      name: 'find-names-in-directory',
      text: `SELECT contact_id AS id, content->>'name' AS name FROM directory_contacts WHERE directory_id = $1 AND contact_id = ANY($2::text[])`,
    }, [directoryId, ids])
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
}

async function findByKeys(database: Database, questions: readonly Question[]): Promise<DirectoryHit[][]> {
  const rows = await database.query<{ place: string } & Omit<DirectoryHit, 'key'>>({
    name: 'find-in-directory',
    text: `
      SELECT q.place, n.number, n.extension, c.content AS contact
      FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS q (directory_id, key, place)
      CROSS JOIN LATERAL (
        SELECT contact_id, number, extension FROM directory_numbers
        WHERE directory_id = q.directory_id AND key = q.key LIMIT ${String(maxPerKey)}
      ) n
      JOIN directory_contacts c ON c.directory_id = q.directory_id AND c.contact_id = n.contact_id`,
  }, [questions.map(({ directoryId }) => directoryId), questions.map(({ key }) => key)])
  const hits = questions.map((): DirectoryHit[] => [])
  for (const { place, contact, number, extension } of rows) {
    // Places count from 1, one for each question.
    const index = Number(place) - 1
    hits[index]?.push({ key: questions[index]?.key ?? '', contact, number, extension })
  }
  return hits
}

import { getRow, type Queryable } from '../database/open-database.js'

export interface Note {
  readonly id: string
  readonly person_id: string
  readonly user_id: string
  readonly body: string
  readonly created_at: Date
}

const columns = 'id, person_id, user_id, body, created_at'

/** Oldest first. */
export async function listNotes(database: Queryable, personId: string): Promise<Note[]> {
  const { rows } = await database.query<Note>(
    `select ${columns} from notes where person_id = $1 order by created_at, id`,
    [personId],
  )
  return rows
}

export async function createNote(database: Queryable, fields: Pick<Note, 'person_id' | 'user_id' | 'body'>): Promise<Note> {
  return getRow<Note>(
    database,
    `insert into notes (person_id, user_id, body) values ($1, $2, $3) returning ${columns}`,
    [fields.person_id, fields.user_id, fields.body],
  )
}

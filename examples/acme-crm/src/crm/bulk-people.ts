import type { Queryable } from '../database/open-database.js'
import type { PersonFields } from './people.js'
import { digitsOfAll } from './phone-digits.js'

export interface BulkPerson extends Omit<PersonFields, 'company_id'> {
  /** null lets Acme number the person. */
  readonly id: string | null
}

/** All in one statement, so all at one time of change. Whoever has such an id already is replaced, or comes back. */
export async function putPeople(database: Queryable, people: readonly BulkPerson[]): Promise<void> {
  const rows = people.map((person) => ({ ...person, phone_digits: digitsOfAll(person.phones) }))
  await database.query(
    `insert into people (id, first_name, last_name, email, title, phones, phone_digits)
     select coalesce(id, 'p_' || nextval('person_numbers')), first_name, last_name, email, title, phones, phone_digits
     from jsonb_to_recordset($1::jsonb) as given
       (id text, first_name text, last_name text, email text, title text, phones jsonb, phone_digits text[])
     on conflict (id) do update set
       first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email, title = excluded.title,
       phones = excluded.phones, phone_digits = excluded.phone_digits, updated_at = now(), deleted_at = null`,
    [JSON.stringify(rows)],
  )
  // PGlite has no autovacuum, and without figures the planner sorts everyone for each page.
  await database.query('analyze people')
}

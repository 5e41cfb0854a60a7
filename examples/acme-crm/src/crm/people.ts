import { findRow, getRow, type Queryable } from '../database/open-database.js'
import { toPage, type Page, type Position } from './cursor.js'
import { digitsOf, digitsOfAll, type Phone } from './phone-digits.js'

export interface Person {
  readonly id: string
  readonly first_name: string
  readonly last_name: string
  readonly name: string
  readonly email: string | null
  readonly title: string | null
  readonly company_id: string | null
  readonly company_name: string | null
  readonly phones: readonly Phone[]
  readonly created_at: Date
  readonly updated_at: Date
  readonly last_activity_at: Date | null
}

/** All that is left of a person who was deleted. */
export interface Tombstone {
  readonly id: string
  readonly deleted_at: Date
  readonly updated_at: Date
}

export interface PersonFields {
  readonly first_name: string
  readonly last_name: string
  readonly email: string | null
  readonly title: string | null
  readonly company_id: string | null
  readonly phones: readonly Phone[]
}

export interface PeopleQuery {
  readonly phone?: string | undefined
  readonly name?: string | undefined
  /** Includes whoever was deleted since, as tombstones. */
  readonly updatedSince?: Date | undefined
  /** Leaves out who was added then or later. */
  readonly createdBefore?: Date | undefined
  readonly after?: Position | undefined
  readonly limit: number
}

interface PersonRow extends Person {
  readonly deleted_at: Date | null
}

const selectPerson = `
  select p.id, p.first_name, p.last_name, trim(p.first_name || ' ' || p.last_name) as name, p.email, p.title,
         p.company_id, c.name as company_name, p.phones, p.created_at, p.updated_at, p.last_activity_at, p.deleted_at
  from people p left join companies c on c.id = p.company_id`

/**
 * In order of last change, then id. Who has a phone is looked up apart, because the planner takes it for many people and
 * would walk through all of them in order instead of using the index of digits.
 */
export async function listPeople(database: Queryable, query: PeopleQuery): Promise<Page<Person | Tombstone>> {
  const { rows } = await database.query<PersonRow>(
    `${selectPerson}
     where ($1::text is null or p.id = any (array(select id from people where phone_digits @> array[$1::text])))
       and ($2::text is null or strpos(lower(p.first_name || ' ' || p.last_name), lower($2)) > 0)
       and ($3::timestamptz is null or p.updated_at >= $3)
       and ($3::timestamptz is not null or p.deleted_at is null)
       and ($4::timestamptz is null or (p.updated_at, p.id) > ($4, $5))
       and ($6::timestamptz is null or p.created_at < $6)
     order by p.updated_at, p.id
     limit $7`,
    [
      query.phone === undefined ? null : digitsOf(query.phone),
      query.name ?? null,
      query.updatedSince ?? null,
      query.after?.at ?? null,
      query.after?.id ?? null,
      query.createdBefore ?? null,
      query.limit + 1,
    ],
  )
  return toPage(rows, query.limit, (row) => ({ at: row.updated_at, id: row.id }), toPersonOrTombstone)
}

/** null when there is no such person, or no longer. */
export async function findPerson(database: Queryable, id: string): Promise<Person | null> {
  const row = await findRow<PersonRow>(database, `${selectPerson} where p.id = $1 and p.deleted_at is null`, [id])
  return row === null ? null : toPerson(row)
}

export async function createPerson(database: Queryable, fields: PersonFields): Promise<Person> {
  const { id } = await getRow<{ id: string }>(
    database,
    `insert into people (first_name, last_name, email, title, company_id, phones, phone_digits)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7::text[]) returning id`,
    columnsOf(fields),
  )
  return getPerson(database, id)
}

export async function updatePerson(database: Queryable, person: Person, changes: Partial<PersonFields>): Promise<Person> {
  await database.query(
    `update people set first_name = $1, last_name = $2, email = $3, title = $4, company_id = $5,
            phones = $6::jsonb, phone_digits = $7::text[], updated_at = now()
     where id = $8`,
    [...columnsOf({ ...person, ...changes }), person.id],
  )
  return getPerson(database, person.id)
}

/** Leaves a tombstone. false when there was nobody to delete. */
export async function deletePerson(database: Queryable, id: string): Promise<boolean> {
  const { rows } = await database.query(
    'update people set deleted_at = now(), updated_at = now() where id = $1 and deleted_at is null returning id',
    [id],
  )
  return rows.length > 0
}

/** Does not count as a change of the person: `updated_at` stays. */
export async function noteActivityOf(database: Queryable, personId: string, at: Date): Promise<void> {
  await database.query('update people set last_activity_at = greatest(last_activity_at, $2) where id = $1', [personId, at])
}

export async function countPeople(database: Queryable): Promise<number> {
  const { count } = await getRow<{ count: number }>(
    database,
    'select count(*)::int as count from people where deleted_at is null',
  )
  return count
}

async function getPerson(database: Queryable, id: string): Promise<Person> {
  return toPerson(await getRow<PersonRow>(database, `${selectPerson} where p.id = $1`, [id]))
}

function toPerson(row: PersonRow): Person {
  const { deleted_at: _, ...person } = row
  return person
}

function toPersonOrTombstone(row: PersonRow): Person | Tombstone {
  return row.deleted_at === null
    ? toPerson(row)
    : { id: row.id, deleted_at: row.deleted_at, updated_at: row.updated_at }
}

function columnsOf(fields: PersonFields): unknown[] {
  return [
    fields.first_name, fields.last_name, fields.email, fields.title, fields.company_id,
    JSON.stringify(fields.phones), digitsOfAll(fields.phones),
  ]
}

import { findRow, getRow, type Queryable } from '../database/open-database.js'
import { toPage, type Page, type Position } from './cursor.js'
import { digitsOf, digitsOfAll, type Phone } from './phone-digits.js'

export interface Company {
  readonly id: string
  readonly name: string
  readonly phones: readonly Phone[]
  readonly created_at: Date
  readonly updated_at: Date
}

export interface CompanyFields {
  readonly name: string
  readonly phones: readonly Phone[]
}

export interface CompaniesQuery {
  readonly phone?: string | undefined
  readonly name?: string | undefined
  readonly updatedSince?: Date | undefined
  readonly after?: Position | undefined
  readonly limit: number
}

const columns = 'id, name, phones, created_at, updated_at'

/** In order of last change, then id. */
export async function listCompanies(database: Queryable, query: CompaniesQuery): Promise<Page<Company>> {
  const { rows } = await database.query<Company>(
    `select ${columns} from companies
     where ($1::text is null or phone_digits @> array[$1::text])
       and ($2::text is null or strpos(lower(name), lower($2)) > 0)
       and ($3::timestamptz is null or updated_at >= $3)
       and ($4::timestamptz is null or (updated_at, id) > ($4, $5))
     order by updated_at, id
     limit $6`,
    [
      query.phone === undefined ? null : digitsOf(query.phone),
      query.name ?? null,
      query.updatedSince ?? null,
      query.after?.at ?? null,
      query.after?.id ?? null,
      query.limit + 1,
    ],
  )
  return toPage(rows, query.limit, (row) => ({ at: row.updated_at, id: row.id }), (row) => row)
}

export async function findCompany(database: Queryable, id: string): Promise<Company | null> {
  return findRow<Company>(database, `select ${columns} from companies where id = $1`, [id])
}

export async function createCompany(database: Queryable, fields: CompanyFields): Promise<Company> {
  return getRow<Company>(
    database,
    `insert into companies (name, phones, phone_digits) values ($1, $2::jsonb, $3::text[]) returning ${columns}`,
    [fields.name, JSON.stringify(fields.phones), digitsOfAll(fields.phones)],
  )
}

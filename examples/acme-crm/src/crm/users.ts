import { findRow, type Queryable } from '../database/open-database.js'
import { toPage, type Page, type Position } from './cursor.js'
import { matchesPassword } from './password.js'

export interface User {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly timezone: string
  readonly extension: string | null
  readonly is_admin: boolean
}

const columns = 'id, name, email, timezone, extension, is_admin'

export async function findUser(database: Queryable, id: string): Promise<User | null> {
  return findRow<User>(database, `select ${columns} from users where id = $1`, [id])
}

/** In the order of their ids. */
export async function listUsersPage(database: Queryable, { after, limit }: { after?: Position | undefined; limit: number }): Promise<Page<User>> {
  const { rows } = await database.query<User>(`select ${columns} from users where $1::text is null or id > $1 order by id limit $2`, [after?.id ?? null, limit + 1])
  return toPage(rows, limit, (row) => ({ at: new Date(0), id: row.id }), (row) => row)
}

export async function listUsers(database: Queryable): Promise<User[]> {
  const { rows } = await database.query<User>(`select ${columns} from users order by id`)
  return rows
}

/** null when the e-mail is unknown or the password wrong, after the same amount of work. */
export async function findUserByPassword(database: Queryable, email: string, password: string): Promise<User | null> {
  const found = await findRow<User & { password_hash: string }>(
    database,
    `select ${columns}, password_hash from users where email = lower($1)`,
    [email.trim()],
  )
  const matches = await matchesPassword(password, found?.password_hash)
  if (found === null || !matches) return null
  const { password_hash: _, ...user } = found
  return user
}

import { findRow, type Queryable } from '../database/open-database.js'
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

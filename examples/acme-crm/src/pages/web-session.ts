import { createHash, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { findUser, type User } from '../crm/users.js'
import { findRow, type Database } from '../database/open-database.js'
import { sessionCookies } from '../oauth/authorization-server.js'
import { readCookie } from './cookies.js'

const cookieName = 'acme_session'
const lifetimeMs = 14 * 24 * 60 * 60 * 1000

export interface WebSessions {
  findUser(request: Request): Promise<User | null>
  begin(response: Response, user: User): Promise<void>
  /** Also at the authorization server, so that the next app to connect meets the next user. */
  end(request: Request, response: Response): Promise<void>
}

/** Who is signed in to Acme's own pages. */
export function webSessions(database: Database, isSecure: boolean): WebSessions {
  return {
    async findUser(request) {
      const id = readCookie(request, cookieName)
      if (id === null) return null
      const row = await findRow<{ user_id: string }>(
        database,
        'select user_id from web_sessions where id_hash = $1 and expires_at > now()',
        [hash(id)],
      )
      return row === null ? null : findUser(database, row.user_id)
    },

    async begin(response, user) {
      const id = randomBytes(32).toString('base64url')
      await database.query('insert into web_sessions (id_hash, user_id, expires_at) values ($1, $2, $3)', [
        hash(id), user.id, new Date(Date.now() + lifetimeMs),
      ])
      response.cookie(cookieName, id, { httpOnly: true, sameSite: 'lax', secure: isSecure, maxAge: lifetimeMs })
    },

    async end(request, response) {
      const id = readCookie(request, cookieName)
      if (id !== null) await database.query('delete from web_sessions where id_hash = $1', [hash(id)])
      for (const name of [cookieName, ...sessionCookies]) response.clearCookie(name)
    },
  }
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}

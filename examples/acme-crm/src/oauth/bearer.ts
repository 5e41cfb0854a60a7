import type { Request, RequestHandler } from 'express'
import type { Provider } from 'oidc-provider'
import { ApiError } from '../api/api-error.js'
import { findUser, type User } from '../crm/users.js'
import type { Database } from '../database/open-database.js'

export interface Caller {
  readonly user: User
  readonly scopes: ReadonlySet<string>
}

const callers = new WeakMap<Request, Caller>()

/** Who calls, on a route behind `requireToken`. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error('This route is not behind requireToken')
  return caller
}

/** Reads need `crm.read`, everything else `crm.write`. */
export function requireToken(database: Database, provider: Provider): RequestHandler {
  return async (request, response, next) => {
    const caller = await findCaller(database, provider, request.get('authorization'))
    if (caller === null) {
      response.set('WWW-Authenticate', 'Bearer error="invalid_token"')
      throw new ApiError(401, 'invalid_token', 'The access token is missing, expired or revoked')
    }
    const scope = request.method === 'GET' || request.method === 'HEAD' ? 'crm.read' : 'crm.write'
    if (!caller.scopes.has(scope)) {
      response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
      throw new ApiError(403, 'insufficient_scope', `This needs the scope ${scope}`)
    }
    callers.set(request, caller)
    next()
  }
}

async function findCaller(database: Database, provider: Provider, header: string | undefined): Promise<Caller | null> {
  const value = /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1]
  if (value === undefined) return null
  const token = await provider.AccessToken.find(value)
  if (token === undefined || token.isExpired) return null
  const user = await findUser(database, token.accountId)
  return user === null ? null : { user, scopes: new Set(token.scope?.split(' ')) }
}

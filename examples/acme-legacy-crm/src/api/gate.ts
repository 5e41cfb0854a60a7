import type { Request, RequestHandler } from 'express'
import { users, type User } from '../records/customer.js'
import { LegacyError } from './legacy-error.js'

const callers = new WeakMap<Request, User>()

/** Every user has a key. A wrong one is told in a document like any other. */
export const authenticate: RequestHandler = (request, _response, next) => {
  const user = users.find(({ key }) => key === request.get('x-acme-key'))
  if (user === undefined) throw new LegacyError('AUTH')
  callers.set(request, user)
  next()
}

/** Throws unless `authenticate` came before. */
export function callerOf(request: Request): User {
  const user = callers.get(request)
  if (user === undefined) throw new LegacyError('AUTH')
  return user
}

export const needsRight: RequestHandler = (request, _response, next) => {
  if (!callerOf(request).mayWrite) throw new LegacyError('RIGHT')
  next()
}

/** So many requests at once, of all users together. */
export function limitParallel(most: number): RequestHandler {
  let running = 0
  return (_request, response, next) => {
    if (running >= most) throw new LegacyError('BUSY', { seconds: 1 })
    running += 1
    response.once('close', () => { running -= 1 })
    next()
  }
}

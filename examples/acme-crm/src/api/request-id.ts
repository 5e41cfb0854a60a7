import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

/** Echoes the caller's `X-Request-Id`, or gives the request one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id')
  response.set('X-Request-Id', given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID())
  next()
}

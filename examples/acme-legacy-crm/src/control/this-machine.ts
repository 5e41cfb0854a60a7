import type { RequestHandler } from 'express'

/** A browser sends an Origin with what a page of another site makes it do; a proxy says whom it speaks for. */
export const fromThisMachine: RequestHandler = (request, response, next) => {
  const isLoopback = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '')
  if (isLoopback && request.get('origin') === undefined && request.get('x-forwarded-for') === undefined) next()
  else response.status(403).type('text').send('Only for callers on this machine')
}

import type { Request, RequestHandler, Response, Router } from 'express'
import { ApiError, noteTenant, requestIdOf, requestLogOf, type SessionCaller } from '@linefinder/server'
import { failureOf, refuseAsUnsuccessful } from './failures.js'
import { notAuthorized, WireRefusal } from './refusal.js'
import type { Admin, RouteExtras, Wire, WireAccess, WireRequest, WireRoute } from './wire.js'

/** One call of the wire: proves the caller, then handles, then answers. Handlers never catch. */
export function wireRoute<Access extends WireAccess>(
  method: WireRoute['method'], path: string, access: Access, handle: (wire: Wire, asked: WireRequest<Access>) => Promise<unknown>, extras: RouteExtras = {},
): WireRoute {
  return {
    method, path, access, refuse: extras.refuse ?? refuseAsUnsuccessful(), isEnding: extras.isEnding ?? false, limits: extras.limits ?? [],
    // `mountRoute` proves what the access promises.
    handle: (wire, asked) => handle(wire, asked as WireRequest<Access>),
  }
}

export function mountRoute(router: Router, wire: Wire, route: WireRoute): void {
  const { services } = wire
  const countAnswer = services.metrics.httpRequestsOf(`${wire.settings.path}${route.path}`, route.method.toUpperCase())
  const answer: RequestHandler = async (request, response) => {
    try {
      const value = await route.handle(wire, await proven(wire, route, request, response))
      if (value !== undefined) send(response, 200, value)
    } catch (error) {
      sendFailure(request, response, error, route.refuse)
    }
  }
  const count: RequestHandler = (_request, response, next) => {
    const begunAt = performance.now()
    response.on('finish', () => { countAnswer(response.statusCode, (performance.now() - begunAt) / 1000) })
    next()
  }
  router[route.method](route.path, count, ...route.limits.map(limit => services.limited(limit)), answer)
}

export function sendFailure(request: Request, response: Response, error: unknown, refuse: WireRoute['refuse']): void {
  const failure = failureOf(error, refuse)
  if (failure.isOurs) requestLogOf(request).error({ err: error }, 'request failed')
  if (response.headersSent) response.destroy()
  else send(response, failure.status, failure.body)
}

async function proven(wire: Wire, route: WireRoute, request: Request, response: Response): Promise<WireRequest> {
  const at = request.url.indexOf('?')
  const query = new URLSearchParams(at === -1 ? '' : request.url.slice(at + 1).replaceAll('%00', ''))
  const caller = route.access === 'public' ? undefined : await proveCaller(wire, request, response, query, route.isEnding)
  const admin: Admin | undefined = route.access === 'admin' && caller ? await wire.admins.prove(request, query, caller) : undefined
  let gone: AbortController | undefined
  return {
    query, caller, admin, request, response,
    // Express has taken them apart by the route's path.
    params: request.params as Readonly<Record<string, string>>,
    body: request.body as unknown,
    options: {
      requestId: requestIdOf(request),
      get log() { return requestLogOf(request) },
      // Most calls end before they would want one.
      get signal() {
        if (!gone) {
          const made = gone = new AbortController()
          response.on('close', () => { if (!response.writableEnded) made.abort() })
        }
        return gone.signal
      },
    },
  }
}

/** The token's owner; `null` without a token. Throws for one that is not good. */
export async function findCaller(wire: Wire, request: Request, response: Response, query: URLSearchParams, isEnding = false): Promise<SessionCaller | null> {
  const token = tokenOf(request, query, wire.settings.queryCredentials)
  if (token === null) return null
  const { sessionHash, successor } = await wire.tokens.prove(token)
  const caller = await wire.services.callers.session(sessionHash, { isEnding })
  // A token of another surface's client app is none here.
  if (caller.clientAppId !== wire.settings.clientApp) throw new ApiError('unauthenticated')
  noteTenant(request, caller.tenantId)
  if (successor) response.setHeader('x-refreshed-jwt-token', await successor)
  return caller
}

async function proveCaller(wire: Wire, request: Request, response: Response, query: URLSearchParams, isEnding: boolean): Promise<SessionCaller> {
  const caller = await findCaller(wire, request, response, query, isEnding)
  if (!caller) throw new WireRefusal(400, notAuthorized)
  return caller
}

/** The header counts before the query. After logging out the client sends the word `undefined`. */
function tokenOf(request: Request, query: URLSearchParams, takesQuery: boolean): string | null {
  const [, inHeader] = /^Bearer +(\S{1,4000})$/i.exec(request.headers.authorization ?? '') ?? []
  const token = inHeader ?? (takesQuery ? query.get('jwtToken') : null)
  return token === null || token === '' || token === 'undefined' || token === 'null' ? null : token
}

function send(response: Response, status: number, value: unknown): void {
  const isText = typeof value === 'string'
  const body = isText ? value : JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff',
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

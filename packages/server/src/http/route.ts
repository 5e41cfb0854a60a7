import type { Request, RequestHandler, Response, Router } from 'express'
import type { Logger } from 'pino'
import { statusesOf, type Access, type BodyOf, type Endpoint, type OutputOf, type ParamsOf, type QueryOf } from '@linefinder/core/api'
import type { Services } from '../services.js'
import { prepareForBrowser } from './browser-page.js'
import type { AdminCaller, Caller, SessionCaller } from './caller.js'
import { formMediaTypes, readForm } from './form-body.js'
import { jsonMediaTypes, refuseOtherMedia } from './json-body.js'
import { refuseOtherLines, sendLines } from './json-lines.js'
import { prepareForText, sendText } from './plain-text.js'
import { limitRequests, type Limit } from './rate-limit.js'
import { requestIdOf, requestLogOf } from './request-log.js'
import { readText } from './text-body.js'
import { validate } from './validate.js'

type CallerOf<A extends Access> =
  A extends 'public' ? undefined
  : A extends 'admin' ? AdminCaller
  : A extends 'session' ? SessionCaller
  : A extends 'owner' ? SessionCaller | AdminCaller
  : Caller

export interface RouteContext<E extends Endpoint> {
  readonly params: ParamsOf<E>
  readonly query: QueryOf<E>
  /** Parsed. Lines are not read yet: they are in `request`. */
  readonly body: E['format'] extends 'ndjson' ? undefined : BodyOf<E>
  /** Who calls, proven. */
  readonly caller: CallerOf<E['access']>
  readonly services: Services
  readonly request: Request
  readonly response: Response
  readonly requestId: string
  readonly log: Logger
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  /** Answers with another of the endpoint's declared statuses than its first. */
  setStatus(status: number): void
}

/** Resolves to nothing where the endpoint declares no output. Of lines it returns batches, which are answered as they come. */
export type Handler<E extends Endpoint> = (context: RouteContext<E>) =>
  E['output'] extends null ? Promise<void>
  : E['format'] extends 'ndjson' ? AsyncIterable<readonly OutputOf<E>[]>
  : Promise<OutputOf<E>>

export interface RouteOptions {
  /** Counted before anything else is looked at. Default none. */
  readonly limits?: readonly Limit[]
}

export interface Route {
  readonly endpoint: Endpoint
  mount(router: Router, services: Services): void
}

/**
 * One endpoint of the declarations with its handler. Proves the caller first, then validates, then answers with the first
 * declared status. Browser pages answer by themselves, and so do their failures; plain text fails without a body. Handlers never catch.
 */
export function route<const E extends Endpoint>(endpoint: E, handler: Handler<E>, { limits = [] }: RouteOptions = {}): Route {
  return {
    endpoint,
    mount(router, services) {
      const handle: RequestHandler = async (request, response) => {
        const caller = await services.callers.prove(endpoint.access, request, response)
        if (endpoint.format === 'ndjson') refuseOtherLines(request)
        else if (endpoint.body) refuseOtherMedia(request, endpoint.format === 'form' ? formMediaTypes : jsonMediaTypes)
        const [params, query, body] = validate([
          { in: 'path', schema: endpoint.params, value: request.params },
          { in: 'query', schema: endpoint.query, value: request.query },
          { in: 'body', schema: endpoint.format === 'ndjson' ? undefined : endpoint.body, value: request.body === undefined ? {} : request.body },
        ])
        const gone = goneSignalOf(response)
        let [status = 200] = statusesOf(endpoint)
        // `validate` parsed each part by the schema that the declared types are inferred from.
        const context = {
          params, query, body, caller, services, request, response,
          requestId: requestIdOf(request),
          get log() { return requestLogOf(request) },
          get signal() { return gone() },
          setStatus(other: number) { status = other },
        } as unknown as RouteContext<E>
        const output = handler(context)
        // Such a handler returns batches.
        if (endpoint.format === 'ndjson') return sendLines(response, status, output as AsyncIterable<readonly unknown[]>, gone())
        const value = await output
        if (endpoint.isBrowserPage || response.headersSent) return
        response.setHeader('Cache-Control', 'no-store')
        if (value === undefined) response.status(status).end()
        else if (endpoint.format === 'text') sendText(response, status, String(value))
        else sendJson(response, status, value)
      }
      const countAnswer = services.metrics.httpRequestsOf(endpoint.path, endpoint.method)
      const prepare: RequestHandler = (_request, response, next) => {
        const begunAt = performance.now()
        response.on('finish', () => { countAnswer(response.statusCode, (performance.now() - begunAt) / 1000) })
        if (endpoint.isBrowserPage) prepareForBrowser(response)
        if (endpoint.format === 'text') prepareForText(response)
        next()
      }
      const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
      router[method](expressPathOf(endpoint), prepare, ...limits.map(limit => limitRequests(services.database, services.limits, limit)),
        ...(endpoint.format === 'form' ? [readForm()] : []), ...(endpoint.takesText ? readText() : []), handle)
    },
  }
}

/** A signal for handlers that want one; most of them answer before they would. */
function goneSignalOf(response: Response): () => AbortSignal {
  let gone: AbortController | undefined
  return () => {
    if (gone) return gone.signal
    const made = gone = new AbortController()
    if (response.destroyed) made.abort()
    else response.on('close', () => { if (!response.writableEnded) made.abort() })
    return made.signal
  }
}

/** What Express' own does, without its settings and entity tags. */
function sendJson(response: Response, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

export const expressPathOf = ({ path }: Endpoint): string => path.replace(/\{(\w+)\}/g, ':$1')

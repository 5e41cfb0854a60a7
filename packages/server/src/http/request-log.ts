import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { assignRequestId } from './request-id.js'

const lines = Symbol('lines of the log')

/** `logRequests` has seen it. */
interface Logged extends IncomingMessage {
  [lines]: RequestLines
}

/** What every line of a request says of it. */
interface Facts {
  readonly req: { readonly id: string; readonly method: string; readonly path: string }
  tenant?: string
}

/**
 * One line for each request as it ends, and whatever else is to be said of it in between. For every lookup the common middleware made a child of
 * the log and had its line looked through for secrets, which was an eighth of what a lookup costs; the line has nothing in it but what is named here,
 * and most requests have no other one.
 */
class RequestLines {
  #own: Logger | undefined

  constructor(private readonly log: Logger, readonly facts: Facts) {}

  get own(): Logger {
    return this.#own ??= this.log.child({ ...this.facts })
  }

  noteTenant(tenant: string): void {
    this.facts.tenant = tenant
    this.#own?.setBindings({ tenant })
  }
}

const linesOf = (request: IncomingMessage): RequestLines => (request as Logged)[lines]

/** Gives the request its id, and writes its line: `error` when it ended with 500 and above. */
export function logRequests(log: Logger): RequestHandler {
  const plain = log.child({}, { redact: [] })
  return (request, response, next) => {
    const begunAt = performance.now()
    const facts: Facts = { req: { id: assignRequestId(request, response), method: request.method, path: loggedPathOf(request.originalUrl) } }
    Object.assign(request, { [lines]: new RequestLines(log, facts) })
    response.once('close', () => { writeLine(plain, response, facts, Math.round(performance.now() - begunAt)) })
    next()
  }
}

function writeLine(log: Logger, response: ServerResponse, facts: Facts, responseTime: number): void {
  const line = { res: { status: response.statusCode }, responseTime, ...facts }
  const message = response.writableFinished ? 'request completed' : 'request aborted'
  if (response.statusCode >= 500) log.error(line, message)
  else log.info(line, message)
}

/** The log of one request, with its id; what looks like a credential is cut out of what is said there. */
export const requestLogOf = (request: IncomingMessage): Logger => linesOf(request).own

export const requestIdOf = (request: IncomingMessage): string => linesOf(request).facts.req.id

/** Whose request it is, once that is known. */
export const noteTenant = (request: IncomingMessage, tenantId: string): void => { linesOf(request).noteTenant(tenantId) }

/** The path only, without a one-time link: queries hold phone numbers and codes. */
const loggedPathOf = (url: string): string => url.replace(/\?.*/s, '').replace(/^(\/v1\/(authorize|reconnect)\/).+/i, '$1[redacted]')

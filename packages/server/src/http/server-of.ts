import { IncomingMessage, ServerResponse, type RequestListener, createServer, type Server } from 'node:http'
import type { Express } from 'express'

/**
 * A server for the app whose requests and responses have the app's prototypes from their beginning. Express gives every one of them its prototype anew
 * where it has another; V8 then shares no hidden class among them, and makes one for each property that anybody adds: 24 kB a request that only a collection
 * of the whole heap frees, and a third of what a process can answer. The app's `request` and `response` are those of these classes from then on.
 */
export function createServerOf(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  Object.setPrototypeOf(AppRequest.prototype, app.request)
  Object.setPrototypeOf(AppResponse.prototype, app.response)
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype })
  return createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse }, app as RequestListener)
}

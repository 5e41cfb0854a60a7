import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { currentScope } from './scope.js'

/** Notes every request of this process that is made within a scope, by `node:http` or by `fetch`. Returns how to stop. */
export function watchRequests(): () => void {
  const onHttp = (message: unknown) => {
    const scope = currentScope()
    if (!scope) return
    // Node documents `request` as the member of this channel's messages.
    const { request } = message as { request: ClientRequest }
    const host = request.getHeader('host')
    scope.requests.push({
      origin: `${request.protocol}//${typeof host === 'string' ? host : request.host}`, method: request.method, path: request.path,
      isOurs: request.getHeader('x-request-id') === scope.requestId,
    })
  }
  const onFetch = (message: unknown) => {
    // Of undici's channel, which it documents in the same way.
    const { request } = message as { request: { origin: string; method: string; path: string } }
    currentScope()?.requests.push({ origin: String(request.origin), method: request.method, path: request.path, isOurs: false })
  }
  subscribe('http.client.request.start', onHttp)
  subscribe('undici:request:create', onFetch)
  return () => {
    unsubscribe('http.client.request.start', onHttp)
    unsubscribe('undici:request:create', onFetch)
  }
}

import type { RequestHandler, Router } from 'express'
import type { Limit } from '../http/rate-limit.js'
import type { Services } from '../services.js'

/** A set of HTTP routes of its own over the same services, such as the wire format of another product. */
export interface Surface {
  /** Below which it answers, such as `/app-connect`. Nothing of the native API can be there. */
  readonly path: string
  /**
   * Called once. It stands before everything but the request id and the log line: headers, CORS, reading bodies and answering failures are its
   * own. What it passes on is answered as the native API answers what it does not know.
   */
  router(services: SurfaceServices): Router
}

/** What a surface works with. Each proves its callers: by `callers.session`, or by `callers.admin`. */
export interface SurfaceServices extends Pick<Services,
  'callers' | 'clientApps' | 'installations' | 'adapters' | 'connections' | 'sessions' | 'contacts' | 'callLogs' | 'messageLogs' | 'callbacks'
  | 'settings' | 'userMapping' | 'gateway' | 'tokens' | 'guard' | 'links' | 'keyRing' | 'metrics' | 'publicUrl'> {
  readonly audit: Services['admin']['audit']
  /** Throws `too_many_requests` by way of the surface's own answer to failures. */
  limited(limit: Limit): RequestHandler
}

/** Where the native API and what stands beside it are. */
const taken = /^\/(v1|healthz|readyz|metrics|docs|openapi\.json)(\/|$)/

/** Throws when a path is none, is taken, or is named twice. */
export function checkSurfaces(surfaces: readonly Surface[]): void {
  for (const { path } of surfaces) {
    if (!/^(\/[A-Za-z0-9_-]+)+$/.test(path)) throw new Error(`"${path}" is no path of a surface, such as /app-connect`)
    if (taken.test(path)) throw new Error(`"${path}" is no path for a surface: the API itself is there`)
  }
  if (new Set(surfaces.map(({ path }) => path)).size !== surfaces.length) throw new Error('two surfaces have one path')
}

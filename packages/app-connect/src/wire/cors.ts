import type { RequestHandler } from 'express'
import type { WireSettings } from './options.js'

const exposed = 'x-refreshed-jwt-token, X-Request-Id'

/** Lets the browser extension read the answers, and answers what browsers ask beforehand. No cookies: none are used. */
export function answerCors({ origins, extensions }: Pick<WireSettings, 'origins' | 'extensions'>): RequestHandler {
  const isAllowed = (origin: string): boolean => {
    const [, extension] = /^(?:chrome|moz|safari-web)-extension:\/\/([\w-]+)$/.exec(origin) ?? []
    return extension === undefined ? origins.includes(origin) : extensions?.includes(extension) ?? true
  }
  return (request, response, next) => {
    const origin = request.headers.origin
    if (origin !== undefined) {
      response.setHeader('Vary', 'Origin')
      if (isAllowed(origin)) {
        response.setHeader('Access-Control-Allow-Origin', origin)
        response.setHeader('Access-Control-Expose-Headers', exposed)
      }
    }
    if (request.method !== 'OPTIONS') {
      next()
      return
    }
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, PUT, DELETE')
    const asked = request.headers['access-control-request-headers']
    if (asked !== undefined && /^[\w ,-]{1,1000}$/.test(asked)) response.setHeader('Access-Control-Allow-Headers', asked)
    response.setHeader('Access-Control-Max-Age', '600')
    response.status(204).end()
  }
}

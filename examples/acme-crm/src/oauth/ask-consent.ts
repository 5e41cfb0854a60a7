import type { RequestHandler } from 'express'

/**
 * Acme asks for consent at every authorization, also of a user who agreed before. oidc-provider grants `offline_access`
 * only to a request that says `prompt=consent`; a client of Acme need not know that.
 */
export const askConsent: RequestHandler = (request, _response, next) => {
  const { pathname, searchParams } = new URL(request.url, 'http://acme')
  if (pathname === '/auth' && !searchParams.has('prompt')) {
    searchParams.set('prompt', 'consent')
    request.url = `${pathname}?${searchParams.toString()}`
  }
  next()
}

import type { RequestHandler } from 'express'

/**
 * No `form-action`: a browser would hold the consent form's way back to the app against it. No opener policy either: it would
 * cut the window that opened the consent page off for good.
 */
const policy = `default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; frame-ancestors 'none'`

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  })
  next()
}

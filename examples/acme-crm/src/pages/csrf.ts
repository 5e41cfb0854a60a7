import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { readCookie } from './cookies.js'
import { messagePage } from './layout.js'

const cookieName = 'acme_csrf'

export interface CsrfGuard {
  /** For a hidden field named `csrf`. Sets a cookie at a visitor's first form. */
  tokenFor(request: Request, response: Response): string
  /** Lets a form through only when it comes from a page of ours. The body must be parsed before. */
  check: RequestHandler
}

/** A form proves that it is ours by repeating the visitor's cookie under our key. */
export function csrfGuard(key: string, isSecure: boolean): CsrfGuard {
  const sign = (cookie: string) => createHmac('sha256', key).update(cookie).digest('base64url')

  return {
    tokenFor(request, response) {
      let cookie = readCookie(request, cookieName)
      if (cookie === null) {
        cookie = randomBytes(18).toString('base64url')
        response.cookie(cookieName, cookie, { httpOnly: true, sameSite: 'lax', secure: isSecure })
      }
      return sign(cookie)
    },

    check(request, response, next) {
      const cookie = readCookie(request, cookieName)
      const field: unknown = request.body?.csrf
      if (cookie !== null && typeof field === 'string' && sameText(field, sign(cookie))) {
        next()
        return
      }
      response.status(403).send(messagePage('Please try again', 'This form is no longer valid. Go back, reload the page and send it once more.'))
    },
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

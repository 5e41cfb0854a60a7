import { timingSafeEqual } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import { hashToken, newToken } from '../secrets/token.js'

const name = 'linefinder_form'
const minutes = 60

/** Lets a form be sent only by the browser that was shown it. Returns what the form carries along; the same for every form of that browser. */
export function setFormCookie(request: Request, response: Response, pageUrl: string): string {
  const token = cookieOf(request) ?? newToken()
  response.cookie(name, token, optionsFor(pageUrl))
  return token
}

export function isFormOf(request: Request, formToken: string): boolean {
  const token = cookieOf(request)
  return token !== undefined && timingSafeEqual(hashToken(token), hashToken(formToken))
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map(pair => pair.trim().split('='))
  const token = pairs.find(([key]) => key === name)?.[1]
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined
}

/** Strict: the form is on a page of ours. Cookies of a path hide from the pages beside it. */
function optionsFor(pageUrl: string): CookieOptions {
  const { protocol, pathname } = new URL(pageUrl)
  return { httpOnly: true, sameSite: 'strict', secure: protocol === 'https:', path: pathname.replace(/\/[^/]*$/, ''), maxAge: minutes * 60_000 }
}

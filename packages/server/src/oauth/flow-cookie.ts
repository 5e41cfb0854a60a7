import type { CookieOptions, Request, Response } from 'express'
import { hashToken } from '../secrets/token.js'
import { flowMinutes } from './oauth-state-store.js'

/** Ties a flow to the browser it began in. Each flow has a cookie of its own, so that two tabs do not disturb each other. */
export function setFlowCookie(response: Response, state: string, nonce: string, callbackUrl: string): void {
  response.cookie(nameOf(state), nonce, { ...optionsFor(callbackUrl), maxAge: flowMinutes * 60_000 })
}

/** The nonce, or '' when this browser has none for the flow. The cookie has done its work either way. */
export function takeFlowCookie(request: Request, response: Response, state: string, callbackUrl: string): string {
  const name = nameOf(state)
  response.clearCookie(name, optionsFor(callbackUrl))
  const pairs = (request.get('cookie') ?? '').split(';').map(pair => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? ''
}

const nameOf = (state: string): string => `linefinder_flow_${hashToken(state).toString('hex').slice(0, 16)}`

/** Lax: the CRM's redirect is a navigation from another site, and must bring the cookie. */
function optionsFor(callbackUrl: string): CookieOptions {
  const { protocol, pathname } = new URL(callbackUrl)
  return { httpOnly: true, sameSite: 'lax', secure: protocol === 'https:', path: pathname.replace(/\/callback$/, '') }
}

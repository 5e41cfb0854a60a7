import { setTimeout as delay } from 'node:timers/promises'
import type { RequestHandler, Response } from 'express'
import type { Fault, SwitchBoard } from './switches.js'

/** Does to a request what the switches say, before the rest of Acme sees it. */
export function injectFaults(switchBoard: SwitchBoard): RequestHandler {
  return async (request, response, next) => {
    const fault = switchBoard.take(request.originalUrl)
    if (fault === null) {
      next()
      return
    }
    if (fault.latencyMs > 0) await delay(fault.latencyMs, undefined, { ref: false })
    if (answers[fault.mode](response, fault) === 'carry on') next()
  }
}

type Answer = (response: Response, fault: Fault) => 'carry on' | 'done'

const answers: Record<Fault['mode'], Answer> = {
  ok: () => 'carry on',

  rate_limited(response, { retryAfterSeconds = 1 }) {
    response.status(429).set('Retry-After', String(retryAfterSeconds))
      .json({ error: { code: 'rate_limited', message: 'Too many requests' } })
    return 'done'
  },

  error(response, { retryAfterSeconds }) {
    if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds))
    response.status(500).json({ error: { code: 'internal_error', message: 'Something went wrong on our side' } })
    return 'done'
  },

  down(response) {
    response.req.socket.destroy()
    return 'done'
  },

  hang: () => 'done',

  garbage(response) {
    response.status(200).type('json').send('{"items":[{"id":"p_10')
    return 'done'
  },

  html(response) {
    response.status(200).type('html').send('<!doctype html><title>Acme CRM</title><p>Down for maintenance.</p>')
    return 'done'
  },

  /** The work is done, but the caller never hears of it. */
  reset_after_commit(response) {
    const { socket } = response.req
    response.write = () => true
    response.end = () => {
      socket.destroy()
      return response
    }
    return 'carry on'
  },
}

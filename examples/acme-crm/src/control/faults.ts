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

  /** A list that is asked for the page behind a cursor names that cursor as the next one. */
  repeat_cursor(response) {
    const { cursor } = response.req.query
    if (cursor !== undefined) changeList(response, (list) => ({ ...list, next_cursor: cursor }))
    return 'carry on'
  },

  /** The last item of a list, or the only one of an empty list, is none. */
  malformed_page(response) {
    changeList(response, (list) => ({ ...list, items: [...list.items.slice(0, -1), { id: null }] }))
    return 'carry on'
  },
}

interface List {
  readonly items: readonly unknown[]
}

/** Leaves every answer alone that is no list. */
function changeList(response: Response, change: (list: List) => object): void {
  const json = response.json.bind(response)
  response.json = (body: unknown) => json(isList(body) ? change(body) : body)
}

function isList(body: unknown): body is List {
  return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items)
}

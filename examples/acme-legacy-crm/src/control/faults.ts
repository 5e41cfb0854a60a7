import { setTimeout as delay } from 'node:timers/promises'
import type { RequestHandler, Response } from 'express'
import { LegacyError, sendError } from '../api/legacy-error.js'
import type { Fault, SwitchBoard } from './switches.js'

/** Does to a request what the switches say, before the rest of the CRM sees it. */
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

  auth(response) {
    sendError(response, new LegacyError('AUTH'))
    return 'done'
  },

  busy(response, { seconds }) {
    sendError(response, new LegacyError('BUSY', { seconds }))
    return 'done'
  },

  error(response) {
    sendError(response, new LegacyError('FAULT'))
    return 'done'
  },

  down(response) {
    response.req.socket.destroy()
    return 'done'
  },

  hang: () => 'done',

  garbage(response) {
    response.status(200).type('xml').send('<?xml version="1.0"?><response status="ok"><customer id="7"><na')
    return 'done'
  },

  html(response) {
    response.status(200).type('html').send('<!doctype html><title>Acme</title><p>Back at seven.')
    return 'done'
  },

  /** The work is done, but the caller never hears of it. */
  reset_after_commit(response) {
    const { socket } = response.req
    response.end = () => {
      socket.destroy()
      return response
    }
    return 'carry on'
  },
}

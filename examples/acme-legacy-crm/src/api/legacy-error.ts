import type { ErrorRequestHandler, Response } from 'express'
import { element, sendXml } from './xml.js'

export type ErrorCode = 'AUTH' | 'RIGHT' | 'BUSY' | 'VALID' | 'NOTFOUND' | 'FAULT'

const texts: Readonly<Record<ErrorCode, string>> = {
  AUTH: 'Key unknown', RIGHT: 'Not allowed for this user', BUSY: 'System busy, try again', VALID: 'Value not valid', NOTFOUND: 'Not found', FAULT: 'Internal fault 0x8004',
}

/** Answered with HTTP 200, as everything here is. */
export class LegacyError extends Error {
  override readonly name = 'LegacyError'

  /** `about`: attributes of the error, such as the `field` that is not valid, or the `seconds` to wait. */
  constructor(readonly code: ErrorCode, readonly about: Readonly<Record<string, string | number>> = {}) {
    super(texts[code])
  }
}

export const sendError = (response: Response, { code, about, message }: LegacyError): void => {
  sendXml(response, element('error', [element('text', message)], { code, ...about }))
}

export const answerErrors = (log: (line: string) => void): ErrorRequestHandler => (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  if (error instanceof LegacyError) {
    sendError(response, error)
    return
  }
  if (error instanceof Error && 'status' in error) {
    sendError(response, new LegacyError('VALID', { field: 'body' }))
    return
  }
  log(error instanceof Error ? error.stack ?? error.message : String(error))
  sendError(response, new LegacyError('FAULT'))
}

import express, { type Request, type RequestHandler } from 'express'
import { ApiError } from './api-error.js'

export const jsonMediaTypes = ['application/json', 'application/*+json']
const maxBytes = 1024 * 1024

/** Throws `invalid_json` and `body_too_large` by way of `answerProblems`. Leaves other media types unread. */
export function readJson(): RequestHandler {
  const read = express.json({ limit: maxBytes, strict: false, type: jsonMediaTypes })
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') next()
    else read(request, response, next)
  }
}

/** Throws `unsupported_media_type` for a body that is of none of the types, and so was left unread. */
export function refuseOtherMedia(request: Request, mediaTypes: readonly string[]): void {
  if (request.get('content-length') !== '0' && request.is([...mediaTypes]) === false) throw new ApiError('unsupported_media_type')
}

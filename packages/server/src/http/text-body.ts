import express, { type RequestHandler } from 'express'
import { ApiError } from './api-error.js'
import { jsonMediaTypes } from './json-body.js'

const maxBytes = 1024 * 1024

/** A body of JSON as the text that it is, to the byte. Throws `body_too_large` by way of `answerProblems`, and `invalid_json` for what is no UTF-8 (RFC 8259 §8.1). */
export function readText(): RequestHandler[] {
  const decode: RequestHandler = (request, _response, next) => {
    if (Buffer.isBuffer(request.body)) request.body = textOf(request.body)
    next()
  }
  return [express.raw({ limit: maxBytes, type: jsonMediaTypes }), decode]
}

function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // PostgreSQL cannot store it, and no JSON holds it.
    if (!text.includes('\u0000')) return text
  } catch (error) {
    throw new ApiError('invalid_json', { detail: 'The body is not UTF-8.', cause: error })
  }
  throw new ApiError('invalid_json', { detail: 'The body holds the character U+0000.' })
}

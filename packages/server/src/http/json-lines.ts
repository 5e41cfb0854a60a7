import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Request, Response } from 'express'
import { ApiError } from './api-error.js'

/** Names in use for one JSON value a line; there is no registered one. */
const mediaTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl']

/** Throws `unsupported_media_type` for a body of another type, or a compressed one. A request without a body passes. */
export function refuseOtherLines(request: Request): void {
  const encoding = request.get('content-encoding') ?? 'identity'
  if (request.is(mediaTypes) === false || encoding.toLowerCase() !== 'identity') {
    throw new ApiError('unsupported_media_type', { detail: 'The body must be application/x-ndjson, not compressed.' })
  }
}

/**
 * Answers with a line for each value of each batch, as they come. Takes the next batch only when the client has read enough of
 * the ones before, and lets other requests have their turn in between, so batches are best small. Returns early once the client is gone.
 */
export async function sendLines(response: Response, status: number, batches: AsyncIterable<readonly unknown[]>, signal: AbortSignal): Promise<void> {
  // nginx would otherwise keep the lines back until it has a buffer full.
  response.status(status).set({ 'Content-Type': 'application/x-ndjson; charset=utf-8', 'X-Accel-Buffering': 'no' }).flushHeaders()
  try {
    for await (const batch of batches) {
      if (signal.aborted) return
      const hasRoom = response.write(batch.map(value => `${JSON.stringify(value)}\n`).join(''))
      await (hasRoom ? turn(undefined, { signal }) : once(response, 'drain', { signal }))
    }
    response.end()
  } catch (error) {
    // Reading its request or waiting for it fails as well when the client goes away.
    if (!signal.aborted) throw error
  }
}

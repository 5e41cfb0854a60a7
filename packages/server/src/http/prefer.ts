import type { Request, Response } from 'express'

const longestWaitSeconds = 30

/**
 * How long the client prefers to wait, in milliseconds (RFC 7240 §4.3: `Prefer: wait=5`, seconds, here at most 30). 0 without such a
 * preference; what is no number is passed over, as the RFC asks. Notes in the answer that it was heard.
 */
export function preferredWaitMs(request: Request, response: Response): number {
  const [, text] = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(request.get('prefer') ?? '') ?? []
  if (text === undefined) return 0
  const seconds = Math.min(Number(text), longestWaitSeconds)
  response.setHeader('Preference-Applied', `wait=${String(seconds)}`)
  return seconds * 1000
}

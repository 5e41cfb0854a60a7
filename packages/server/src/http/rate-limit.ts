import { rateLimit, type Options, type Store } from 'express-rate-limit'
import type { Request, RequestHandler } from 'express'
import type { Database } from '../database/database.js'
import { requestIdOf } from './request-id.js'
import { sendProblem } from './problem.js'

export interface Limit {
  /** Part of the stored key, so that two limits do not share counts. */
  readonly name: string
  readonly perMinute: number
  keyOf(request: Request): string
}

/** Counts in the database, so that several processes share one limit. Answers 429 with `too_many_requests`. */
export const limitRequests = (database: Database, { name, perMinute, keyOf }: Limit): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    store: storeIn(database, name),
    keyGenerator: keyOf,
    passOnStoreError: false,
    handler: (request, response) => {
      request.log.warn({ limit: name, requestId: requestIdOf(request) }, 'too many requests')
      sendProblem(request, response, { code: 'too_many_requests' })
    },
  })

function storeIn(database: Database, name: string): Store {
  let windowMs = 60_000
  return {
    init(options: Options) { windowMs = options.windowMs },
    async increment(key) {
      const [row] = await database.query<{ totalHits: number; resetTime: Date }>({
        name: 'count-request',
        text: `
          INSERT INTO rate_limits (key, hits, resets_at) VALUES ($1, 1, now() + make_interval(secs => $2))
          ON CONFLICT (key) DO UPDATE SET
            hits = CASE WHEN rate_limits.resets_at <= now() THEN 1 ELSE rate_limits.hits + 1 END,
            resets_at = CASE WHEN rate_limits.resets_at <= now() THEN excluded.resets_at ELSE rate_limits.resets_at END
          RETURNING hits AS "totalHits", resets_at AS "resetTime"`,
      }, [`${name}:${key}`, windowMs / 1000])
      if (!row) throw new Error('a request was not counted')
      return row
    },
    async decrement() { /* every request counts */ },
    async resetKey(key) {
      await database.query({ name: 'reset-count', text: 'DELETE FROM rate_limits WHERE key = $1' }, [`${name}:${key}`])
    },
  }
}

import { ipKeyGenerator, rateLimit, type Options, type Store } from 'express-rate-limit'
import type { Request, RequestHandler } from 'express'
import type { Database } from '../database/database.js'
import { ApiError } from './api-error.js'
import { requestIdOf, requestLogOf } from './request-log.js'

/** How many requests a minute each limit lets through, over all processes. */
export interface LimitFigures {
  /** `POST /v1/connections` from one address. */
  readonly connectionsPerAddress: number
  /** `POST /v1/connections` to one installation and host, from wherever: a guesser has many addresses. */
  readonly connectionsPerHost: number
  /** `POST /v1/sessions` from one address. */
  readonly sessionsPerAddress: number
}

export const defaultLimits: LimitFigures = { connectionsPerAddress: 10, connectionsPerHost: 60, sessionsPerAddress: 30 }

export interface Limit {
  /** Also part of the stored key, so that two limits do not share counts. */
  readonly name: keyof LimitFigures
  keyOf(request: Request): string
}

/** The caller's address; of IPv6 the network that one customer has. */
export const byAddress = (request: Request): string => ipKeyGenerator(request.ip ?? '')

/** Counts in the database, so that several processes share one limit. Throws `too_many_requests`. */
export const limitRequests = (database: Database, figures: LimitFigures, { name, keyOf }: Limit): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: figures[name],
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    store: storeIn(database, name),
    keyGenerator: keyOf,
    passOnStoreError: false,
    handler: (request, _response, next) => {
      requestLogOf(request).warn({ limit: name, requestId: requestIdOf(request) }, 'too many requests')
      next(new ApiError('too_many_requests'))
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
      if (row.totalHits === 1) await deleteExpiredCounts(database)
      return row
    },
    async decrement() { /* every request counts */ },
    async resetKey(key) {
      await database.query({ name: 'reset-count', text: 'DELETE FROM rate_limits WHERE key = $1' }, [`${name}:${key}`])
    },
  }
}

const deleteExpiredCounts = (database: Database) => database.query({
  name: 'delete-expired-counts',
  text: `
    DELETE FROM rate_limits WHERE key IN (
      SELECT key FROM rate_limits WHERE resets_at <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`,
}, [])

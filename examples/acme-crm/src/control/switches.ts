import { z } from 'zod'

export const modes = [
  'ok', 'rate_limited', 'error', 'down', 'hang', 'garbage', 'html', 'reset_after_commit', 'repeat_cursor', 'malformed_page',
] as const

/** How Acme misbehaves at the moment. What a request leaves out goes back to its default. */
export const switchesSchema = z.strictObject({
  latency_ms: z.number().int().min(0).max(60_000).default(0),
  mode: z.enum(modes).default('ok'),
  /** Sent as Retry-After with `rate_limited`, and with `error` when given. */
  retry_after_seconds: z.number().int().min(0).optional(),
  /** Path prefixes; absent means everything under /api. */
  only: z.array(z.string().startsWith('/')).min(1).optional(),
  /** The mode applies to so many matching requests, then turns to `ok`. */
  times: z.number().int().min(1).optional(),
  access_token_ttl_seconds: z.number().int().min(1).optional(),
  /** How long a new person stays out of `GET /people` and `GET /search`. A minute is the most that Acme promises. */
  index_lag_ms: z.number().int().min(0).max(60_000).default(0),
  /** How long a new activity stays out of `GET /activities`. */
  activity_lag_ms: z.number().int().min(0).max(60_000).default(0),
  /** As a CRM that does not know the header `Idempotency-Key`. */
  ignores_idempotency_keys: z.boolean().default(false),
})

export type Switches = z.infer<typeof switchesSchema> & { access_token_ttl_seconds: number }

export interface Fault {
  readonly mode: Switches['mode']
  readonly latencyMs: number
  readonly retryAfterSeconds: number | undefined
}

export interface SwitchBoard {
  current(): Switches
  set(switches: z.infer<typeof switchesSchema>): void
  /** What happens to a request for this path; counts it against `times`. */
  take(path: string): Fault | null
}

export function createSwitchBoard(defaultAccessTokenTtlSeconds: number): SwitchBoard {
  const complete = (switches: z.infer<typeof switchesSchema>): Switches => ({
    ...switches,
    access_token_ttl_seconds: switches.access_token_ttl_seconds ?? defaultAccessTokenTtlSeconds,
  })
  let current = complete(switchesSchema.parse({}))

  return {
    current: () => current,

    set(switches) {
      current = complete(switches)
    },

    take(path) {
      const { mode, latency_ms, only = ['/api/'], times, retry_after_seconds } = current
      if (!only.some((prefix) => path.startsWith(prefix))) return null
      if (mode !== 'ok' && times !== undefined) {
        const { times: _, ...rest } = current
        current = times > 1 ? { ...current, times: times - 1 } : { ...rest, mode: 'ok' }
      }
      return { mode, latencyMs: latency_ms, retryAfterSeconds: retry_after_seconds }
    },
  }
}

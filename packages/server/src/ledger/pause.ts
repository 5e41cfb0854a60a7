const longestRetryMs = 3_600_000

/** Twice as long after every attempt, up to an hour, and not all at the same moment; never sooner than the CRM asked for. */
export function pauseAfter(attempts: number, firstRetryMs: number, retryAfterMs = 0): number {
  const pauseMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs)
  return Math.max(retryAfterMs, pauseMs * (0.75 + Math.random() / 2))
}

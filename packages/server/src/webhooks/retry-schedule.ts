const second = 1000
const minute = 60 * second
const hour = 60 * minute

const pausesMs = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour]

/**
 * How long to wait after so many attempts failed, never less than the receiver asked for; `null` when that was the last. Spread
 * over a fifth, so that what failed together does not come back together.
 */
export function pauseAfter(attempts: number, retryAfterMs = 0): number | null {
  const pauseMs = pausesMs[attempts - 1]
  return pauseMs === undefined ? null : Math.max(retryAfterMs, pauseMs * (0.9 + Math.random() / 5))
}

import type { ConnectionResource } from '@linefinder/core/api'
import type { ConnectionRow } from './models.js'

/** How a connection fares, as the API shows it. */
export function standingOf({ state, stateChangedAt, lastErrorCode, lastErrorAt, pausedUntil }: ConnectionRow): Pick<ConnectionResource, 'state' | 'stateChangedAt' | 'lastError' | 'pausedUntil'> {
  if (!stateChangedAt) throw new Error('a connection was read without its standing')
  const isPaused = pausedUntil && pausedUntil.getTime() > Date.now()
  return {
    state,
    stateChangedAt: stateChangedAt.toISOString(),
    lastError: lastErrorCode && lastErrorAt ? { code: lastErrorCode, at: lastErrorAt.toISOString() } : null,
    pausedUntil: isPaused ? pausedUntil.toISOString() : null,
  }
}

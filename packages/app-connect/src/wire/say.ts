import type { ReturnMessage } from '../extras.js'

/**
 * What the client shows as a toast. Client 1.6.6 shows `success`, `warning` and `error` only, unless its user has chosen otherwise: `info` and `danger`
 * are dropped in silence, so nothing of ours is either.
 */
const say = (messageType: 'success' | 'warning' | 'error', message: string, ttl: number): { returnMessage: ReturnMessage } =>
  ({ returnMessage: { message, messageType, ttl } })

export const sayDone = (message: string) => say('success', message, 3000)
export const sayWarning = (message: string) => say('warning', message, 5000)
export const sayFailed = (message: string) => say('error', message, 5000)

import type { WebhookOutcome } from '@linefinder/core/api'

interface Transition {
  readonly from: readonly WebhookOutcome[]
  readonly to: WebhookOutcome
}

/** Every change of a webhook delivery's outcome. The SQL statements take both ends from here. */
export const transitions = {
  /** The receiver answered 2xx. */
  deliver: { from: ['pending', 'retrying'], to: 'delivered' },
  /** It did not, and another attempt follows. */
  retry: { from: ['pending', 'retrying'], to: 'retrying' },
  /** That was the last attempt, or the receiver wants no more. */
  fail: { from: ['pending', 'retrying'], to: 'failed' },
  /** An admin asked for it again. */
  replay: { from: ['pending', 'retrying', 'delivered', 'failed'], to: 'pending' },
} as const satisfies Record<string, Transition>

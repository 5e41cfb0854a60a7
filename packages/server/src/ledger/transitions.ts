import type { CallLogStatus } from '@linefinder/core/api'

interface Transition {
  readonly from: readonly CallLogStatus[]
  readonly to: CallLogStatus
}

/** Every change of an entry's state. The SQL statements take both ends from here. */
export const transitions = {
  /** The content changed. What is being delivered stays so; its delivery finds the newer version when it ends. */
  change: { from: ['pending', 'delivered', 'retrying', 'failed'], to: 'pending' },
  /** Someone asks for it to be tried again. */
  ask: { from: ['retrying', 'failed'], to: 'pending' },
  /** An administrator gave it up. */
  discard: { from: ['pending', 'retrying', 'failed'], to: 'failed' },
  /** Someone took the lease. From `delivering` only when the lease before has run out. */
  begin: { from: ['pending', 'delivering', 'retrying'], to: 'delivering' },
  /** The CRM has the newest version. */
  deliver: { from: ['delivering'], to: 'delivered' },
  /** The attempt ended, well or not, but the content has changed since it began. */
  supersede: { from: ['delivering'], to: 'pending' },
  /** Trying again may help. */
  retry: { from: ['delivering'], to: 'retrying' },
  /** Only a change, or a person who asks again, can help. */
  fail: { from: ['delivering'], to: 'failed' },
  /** The CRM never heard of it, and no longer needs to. */
  withdraw: { from: ['pending', 'delivered', 'retrying', 'failed'], to: 'delivered' },
} as const satisfies Record<string, Transition>

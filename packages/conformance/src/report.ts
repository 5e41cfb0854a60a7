import { capabilityMembers, type Capability, type CrmAdapter } from '@linefinder/core'
import type { Check, Topic } from './check.js'
import { limitMeanings, type LimitName } from './limits.js'
import type { Outcome } from './run-check.js'

export interface ReportedCheck {
  readonly topic: Topic
  readonly name: string
  readonly status: Outcome['status']
  /** Why it is limited, absent or failed. */
  readonly reason?: string
}

/** What an adapter can do, and what was found about it. Plain JSON, and the same for the same adapter. */
export interface Report {
  readonly adapter: { readonly id: string; readonly name: string; readonly contractVersion: number }
  readonly facts: {
    readonly auth: string
    readonly phoneSearch: string
    readonly bodyFormat: string | null
    /** `null`: any length. */
    readonly bodyMaxLength: number | null
    readonly commitLagMs: number
    readonly contactLagMs: number
    /** Present when it handles credentials itself. */
    readonly needsCredentials?: true
  }
  readonly members: Readonly<Record<Capability, boolean>>
  readonly limits: readonly { readonly name: LimitName; readonly meaning: string }[]
  readonly counts: Readonly<Record<Outcome['status'], number>>
  readonly checks: readonly ReportedCheck[]
}

export interface Result {
  readonly check: Check
  readonly outcome: Outcome
}

export function reportOf(adapter: CrmAdapter, authType: string, limits: readonly LimitName[], results: readonly Result[]): Report {
  const { id, name, contractVersion, phoneSearch = 'e164', bodyFormat = null, bodyMaxLength = null, commitLagMs = 0, contactLagMs = 15 * 60_000 } = adapter
  const count = (status: Outcome['status']) => results.filter(({ outcome }) => outcome.status === status).length
  return {
    adapter: { id, name, contractVersion },
    facts: { auth: authType, phoneSearch: typeof phoneSearch === 'string' ? phoneSearch : JSON.stringify(phoneSearch), bodyFormat, bodyMaxLength, commitLagMs, contactLagMs, ...(adapter.needsCredentials === true && { needsCredentials: true as const }) },
    // True because every name of the list is a key, and nothing else.
    members: Object.fromEntries(capabilityMembers.map(member => [member, adapter[member] !== undefined])) as Record<Capability, boolean>,
    limits: limits.map(limit => ({ name: limit, meaning: limitMeanings[limit] })),
    counts: { passed: count('passed'), limited: count('limited'), absent: count('absent'), failed: count('failed') },
    checks: results.map(({ check: { topic, name: fact }, outcome }) => ({
      topic, name: fact, status: outcome.status, ...('reason' in outcome ? { reason: outcome.reason } : {}),
    })),
  }
}

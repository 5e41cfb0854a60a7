import type { CrmErrorCode } from '@linefinder/core'
import type { LookupResult } from '@linefinder/core/api'

export type CrmOutcome = 'ok' | CrmErrorCode

export interface CrmRequest {
  /** The adapter's id. */
  readonly adapter: string
  /** The member of the adapter that was asked, such as `findContact`. */
  readonly operation: string
  readonly outcome: CrmOutcome
  readonly seconds: number
}

/** Who answered; `none` when nobody did or nobody was asked. */
export type LookupSource = NonNullable<LookupResult['source']> | 'none'
export type LookupOutcome = 'hit' | 'miss' | 'pending' | 'invalid' | 'failed'

/**
 * What is counted as it happens. Every text becomes a label, and every combination of labels a series that is kept for ever:
 * give words out of a fixed few, never an id, a number or a tenant.
 */
export interface Metrics {
  /** Prepared once for each route; call what comes back when a request has been answered. */
  httpRequestsOf(route: string, method: string): (status: number, seconds: number) => void
  countCrmRequest(request: CrmRequest): void
  countTokenRefresh(adapter: string, outcome: CrmOutcome): void
  countLookup(source: LookupSource, outcome: LookupOutcome): void
  /** One attempt to bring something to a CRM: of which kind, by which operation, and how it ended. */
  countDelivery(kind: string, operation: string, outcome: string): void
}

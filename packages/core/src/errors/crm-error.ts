import type { ActivityRef } from '../call-log.js'
import type { CrmErrorCode } from './code-names.js'
import { crmErrorCodes } from './codes.js'

export interface CrmErrorDetails {
  /** How long the CRM asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** HTTP status of the CRM's answer, if there was one. */
  readonly crmStatus?: number | undefined
  /** What the CRM said of it, for the person at the screen: short, and never a credential or a number. */
  readonly detail?: string | undefined
  readonly cause?: unknown
  /** Of `createCallLog` that takes several requests: the activity is there, and lacks what the failed request would have told. */
  readonly created?: ActivityRef | undefined
}

const brand = Symbol.for('@linefinder/core: CrmError')

/**
 * The one way in which an adapter fails. `ctx.http` throws it for every failed request already; an adapter throws it
 * itself only to say more, such as `new CrmError('unsupported')`. An adapter that is loaded from elsewhere may bring a copy of this
 * package along, so `instanceof` holds for the errors of every copy.
 */
export class CrmError extends Error {
  override readonly name = 'CrmError'
  readonly retryAfterMs: number | undefined
  readonly crmStatus: number | undefined
  readonly detail: string | undefined
  readonly created: ActivityRef | undefined

  constructor(readonly code: CrmErrorCode, details: CrmErrorDetails = {}) {
    super(crmErrorCodes[code].title, details.cause === undefined ? undefined : { cause: details.cause })
    this.retryAfterMs = details.retryAfterMs
    this.crmStatus = details.crmStatus
    this.detail = details.detail
    this.created = details.created
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }

  get [brand](): true {
    return true
  }

  get isRetryable(): boolean {
    return crmErrorCodes[this.code].retryable
  }

  /** The CRM may have done what was asked. Look before doing it again. */
  get maybeCommitted(): boolean {
    return crmErrorCodes[this.code].maybeCommitted === true
  }
}

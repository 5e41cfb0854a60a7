import { CrmError, factsOf, type ProblemCode } from '@linefinder/core'
import { problemCodeOf } from '../http/problem.js'

/** An attempt that failed for another reason than the CRM. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'

  constructor(readonly code: 'contact_ambiguous' | 'recording_failed', readonly detail?: string, cause?: unknown) {
    super(factsOf(code).title, cause === undefined ? undefined : { cause })
  }
}

/** What ended an attempt, as the row records it. */
export interface AttemptFailure {
  readonly code: ProblemCode
  readonly detail: string | null
  /** Trying again cannot help. */
  readonly isFinal: boolean
  /** Only once the agent has reconnected. */
  readonly waitsForConnection: boolean
  readonly retryAfterMs: number | undefined
  /** The CRM may have done what was asked. */
  readonly maybeCommitted: boolean
}

/** `null` for what is no failure of an attempt but a fault of ours. */
export function attemptFailureOf(error: unknown): AttemptFailure | null {
  if (error instanceof DeliveryError) {
    return {
      code: error.code, detail: error.detail ?? null, isFinal: !factsOf(error.code).retryable,
      waitsForConnection: false, retryAfterMs: undefined, maybeCommitted: false,
    }
  }
  if (!(error instanceof CrmError)) return null
  const waitsForConnection = error.code === 'unauthorized'
  return {
    code: problemCodeOf(error), detail: error.detail ?? null, isFinal: !error.isRetryable && !waitsForConnection,
    waitsForConnection, retryAfterMs: error.retryAfterMs, maybeCommitted: error.maybeCommitted,
  }
}

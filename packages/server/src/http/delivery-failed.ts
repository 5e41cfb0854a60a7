import { factsOf, type CrmError, type ProblemCode } from '@linefinder/core'
import type { Problem } from '@linefinder/core/api'

/** The log is kept, but the CRM does not have it yet. The problem document says where it stands. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed'

  /** `cause` is left out when another request made the attempt. */
  constructor(readonly code: ProblemCode, readonly callLog: NonNullable<Problem['callLog']>, override readonly cause?: CrmError) {
    super(factsOf(code).title)
  }
}

import { apiErrorCodes, type ApiErrorCode } from '@linefinder/core'
import type { Problem } from '@linefinder/core/api'
import type { DocumentProblem } from '../documents/document-reader.js'

export interface ApiErrorDetails {
  /** One sentence for the developer of the client. Never a secret, phone number or note. */
  readonly detail?: string
  readonly errors?: NonNullable<Problem['errors']>
  /** For `document_invalid`. */
  readonly problems?: readonly DocumentProblem[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** A request that cannot be answered as asked. Throw it anywhere behind a route. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(readonly code: ApiErrorCode, readonly details: ApiErrorDetails = {}) {
    super(details.detail ?? apiErrorCodes[code].title, details.cause === undefined ? undefined : { cause: details.cause })
  }
}

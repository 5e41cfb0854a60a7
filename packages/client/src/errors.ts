import type { ProblemCode } from '@linefinder/core'
import type { Problem } from '@linefinder/core/api'

/** Linefinder answered that it cannot do what was asked. Switch on `code`; the message is for developers. */
export class LinefinderError extends Error {
  override readonly name = 'LinefinderError'
  /** A server newer than this package may send one that the type does not list. */
  readonly code: ProblemCode
  readonly status: number
  /** The same request may succeed later without any change. */
  readonly retryable: boolean
  /** Names the request in the server's log. */
  readonly requestId: string
  /** What to do about it, in one sentence. */
  readonly advice: string
  /** For `invalid_fields`: each place that is wrong. */
  readonly errors: NonNullable<Problem['errors']>
  /** For `document_invalid`: everything that is wrong in the document. */
  readonly problems: NonNullable<Problem['problems']>

  constructor(
    problem: Problem,
    /** What the server asked to wait, if it did. */
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(problem.detail ?? problem.title)
    // The declaration lists them as plain text, since zod wants it so.
    this.code = problem.code as ProblemCode
    this.status = problem.status
    this.retryable = problem.retryable
    this.requestId = problem.requestId
    this.advice = problem.advice
    this.errors = problem.errors ?? []
    this.problems = problem.problems ?? []
  }
}

/**
 * `no_answer`: the connection failed, or the server answered with a redirect. `timeout`: the deadline passed. `not_ours`: an
 * answer came, but not one of Linefinder's, such as a proxy's error page. `wrong_shape`: with `checkAnswers`, an answer
 * that is not as declared. After any of them a write may have been carried out.
 */
export type NetworkFailure = 'no_answer' | 'timeout' | 'not_ours' | 'wrong_shape'

/** No usable answer came. */
export class LinefinderNetworkError extends Error {
  override readonly name = 'LinefinderNetworkError'

  constructor(
    readonly reason: NetworkFailure,
    /** HTTP status, if an answer came. */
    readonly status: number | undefined,
    options: ErrorOptions = {},
  ) {
    super(`${sentences[reason]}${status === undefined ? '' : ` (status ${String(status)})`}`, options)
  }
}

const sentences: Readonly<Record<NetworkFailure, string>> = {
  no_answer: 'Linefinder cannot be reached',
  timeout: 'Linefinder did not answer in time',
  not_ours: 'The answer is not from Linefinder',
  wrong_shape: 'The answer is not as declared',
}

import type { ErrorRequestHandler } from 'express'
import { ZodError } from 'zod'

/** What an API caller is told: `{ error: { code, message, field? } }` with this status. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message)
  }
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `There is no such ${what}`)
}

export function invalidField(field: string, message: string): ApiError {
  return new ApiError(422, 'validation_failed', message, field)
}

export function answerErrors(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const { status, code, message, field } = toApiError(error, log)
    response.status(status).json({ error: { code, message, ...(field === undefined ? {} : { field }) } })
  }
}

function toApiError(error: unknown, log: (line: string) => void): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof ZodError) {
    const issue = error.issues[0]
    return invalidField(issue?.path.join('.') ?? '', issue?.message ?? 'Invalid')
  }
  const status = statusOf(error)
  if (status !== null) return new ApiError(status, status === 413 ? 'too_large' : 'invalid_request', 'The request cannot be read')
  log(`A request failed: ${error instanceof Error ? error.stack : String(error)}`)
  return new ApiError(500, 'internal_error', 'Something went wrong on our side')
}

/** Express marks what a caller did wrong (broken JSON, a body too large) with a 4xx status. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error)) return null
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : null
}

import type { ErrorRequestHandler, Request, Response } from 'express'
import { CrmError, factsOf, type ProblemCode } from '@linefinder/core'
import type { Problem } from '@linefinder/core/api'
import { ApiError } from './api-error.js'
import { requestIdOf } from './request-id.js'

/** The one place where a failure becomes an answer (RFC 9457). */
export const answerProblems: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const { code, detail, errors, retryAfterSeconds } = describe(error)
  const facts = factsOf(code)
  if (facts.status >= 500) request.log.error({ err: error, code }, 'request failed')
  if (facts.status === 401) response.setHeader('WWW-Authenticate', `Bearer realm="linefinder", error="invalid_token", error_description="${facts.title}"`)
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(Math.ceil(retryAfterSeconds)))
  sendProblem(request, response, {
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(hasCallLog(error) ? { callLog: error.callLog } : {}),
  })
}

export function sendProblem(request: Request, response: Response, problem: Pick<Problem, 'detail' | 'errors' | 'callLog'> & { code: ProblemCode }): void {
  const facts = factsOf(problem.code)
  const body: Problem = {
    type: `/docs/errors#${problem.code}`,
    title: facts.title,
    status: facts.status,
    retryable: facts.retryable,
    advice: facts.advice,
    requestId: requestIdOf(request),
    ...problem,
  }
  response.status(facts.status).type('application/problem+json').send(JSON.stringify(body))
}

interface Described extends Pick<Problem, 'detail' | 'errors'> {
  code: ProblemCode
  retryAfterSeconds?: number
}

function describe(error: unknown): Described {
  if (error instanceof ApiError) return { code: error.code, ...error.details }
  if (error instanceof CrmError) {
    return {
      code: error.code === 'unauthorized' ? 'needs_reconnect' : `crm_${error.code}`,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterSeconds: error.retryAfterMs / 1000 }),
    }
  }
  return { code: bodyParserCodes[typeOf(error)] ?? 'internal' }
}

/** `type` of the errors that Express' body parser throws. */
const bodyParserCodes: Readonly<Record<string, ProblemCode>> = {
  'entity.parse.failed': 'invalid_json',
  'entity.too.large': 'body_too_large',
  'charset.unsupported': 'unsupported_media_type',
  'encoding.unsupported': 'unsupported_media_type',
  'request.aborted': 'invalid_json',
  'request.size.invalid': 'invalid_json',
}

const typeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : ''

const hasCallLog = (error: unknown): error is { callLog: NonNullable<Problem['callLog']> } =>
  typeof error === 'object' && error !== null && 'callLog' in error && error.callLog !== undefined

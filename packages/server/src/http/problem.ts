import type { ErrorRequestHandler, Request, Response } from 'express'
import { CrmError, factsOf, type ProblemCode } from '@linefinder/core'
import type { Problem } from '@linefinder/core/api'
import type { DocumentProblem } from '../documents/document-reader.js'
import { ApiError } from './api-error.js'
import { isForBrowser, sendPage } from './browser-page.js'
import { isInText, sendTextProblem } from './plain-text.js'
import { requestIdOf, requestLogOf } from './request-log.js'

/** The one place where a failure becomes an answer (RFC 9457). */
export const answerProblems: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    requestLogOf(request).error({ err: error }, 'request failed after its answer had begun')
    next(error)
    return
  }
  const { code, detail, errors, problems, retryAfterSeconds } = describeFailure(error)
  const facts = factsOf(code)
  if (facts.status >= 500) requestLogOf(request).error({ err: error, code }, 'request failed')
  if (facts.status === 401) response.setHeader('WWW-Authenticate', challengesOf(response, facts.title))
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(Math.ceil(retryAfterSeconds)))
  sendProblem(request, response, {
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(problems === undefined ? {} : { problems: problems.map(each => ({ ...each, path: [...each.path] })) }),
  })
}

/** What may be sent instead. PBXs are the only ones that are told of HTTP Basic: browsers would ask their user for a password. */
const challengesOf = (response: Response, title: string): string[] => [
  `Bearer realm="linefinder", error="invalid_token", error_description="${title}"`,
  ...(isInText(response) ? ['Basic realm="linefinder", charset="UTF-8"'] : []),
]

export function sendProblem(request: Request, response: Response, problem: Pick<Problem, 'detail' | 'errors' | 'problems'> & { code: ProblemCode }): void {
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
  if (isInText(response)) {
    sendTextProblem(response, facts.status, problem.code)
    return
  }
  if (isForBrowser(request, response)) {
    sendProblemPage(response, body)
    return
  }
  response.status(facts.status).type('application/problem+json').send(JSON.stringify(body))
}

/** The same for a person who was sent here by a link or a redirect. */
function sendProblemPage(response: Response, { status, title, detail, advice, code, requestId, errors = [] }: Problem): void {
  sendPage(response, {
    status, title,
    body: page => `
      <p>${page.escape(detail ?? '')}</p>
      ${errors.length === 0 ? `<p>${page.escape(advice)}</p>` : `<ul>${errors.map(({ pointer, message }) => `<li><code>${page.escape(pointer.slice(1))}</code> ${page.escape(message)}</li>`).join('')}</ul>`}
      <p class="small">Code <code>${page.escape(code)}</code>, request <code>${page.escape(requestId)}</code></p>`,
  })
}

interface Described extends Pick<Problem, 'detail' | 'errors'> {
  code: ProblemCode
  problems?: readonly DocumentProblem[]
  retryAfterSeconds?: number
}

export function describeFailure(error: unknown): Described {
  if (error instanceof ApiError) return { code: error.code, ...error.details }
  if (error instanceof CrmError) {
    return {
      code: problemCodeOf(error),
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterSeconds: error.retryAfterMs / 1000 }),
    }
  }
  // Express' own, for a path that is not percent-encoded UTF-8: nothing can be there.
  if (error instanceof URIError) return { code: 'not_found' }
  return { code: bodyParserCodes[typeOf(error)] ?? 'internal' }
}

/** What a client is told of a CRM's failure: refused credentials are for the agent to mend. */
export const problemCodeOf = ({ code }: CrmError): ProblemCode => code === 'unauthorized' ? 'needs_reconnect' : `crm_${code}`

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

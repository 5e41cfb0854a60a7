import { CrmError, factsOf, type CrmErrorCode } from '@linefinder/core'
import { ApiError } from '@linefinder/server'
import type { JsonObject, ReturnMessage } from '../extras.js'
import { invalidToken, WireRefusal } from './refusal.js'
import { sayFailed, sayWarning } from './say.js'

export interface WireFailure {
  readonly status: number
  readonly body: string | JsonObject
  /** Ours, to be looked into. */
  readonly isOurs: boolean
}

/** How a call answers what failed for the caller or at the CRM. Default: status 200 with `successful: false`, beside what the client reads blindly. */
export type RefuseWith = (said: { readonly returnMessage: ReturnMessage }) => { readonly status: number; readonly body: string | JsonObject }

export const refuseAsUnsuccessful = (also: JsonObject = {}): RefuseWith => said => ({ status: 200, body: { successful: false, ...also, ...toJson(said) } })

/** As App Connect's administration answers. */
export const refuseAsError: RefuseWith = said => ({ status: 400, body: { error: said.returnMessage.message ?? '' } })

/** The rules of the wire format: a business failure is an answer, a bad token is 400 and text, a dead session with the CRM 401. */
export function failureOf(error: unknown, refuse: RefuseWith): WireFailure {
  if (error instanceof WireRefusal) return { status: error.status, body: error.body, isOurs: false }
  if (error instanceof CrmError) {
    if (error.code === 'unauthorized') return { status: 401, body: sessionRevoked(), isOurs: false }
    return { ...refuse(sayOfCrm(error)), isOurs: error.code === 'adapter_fault' }
  }
  if (error instanceof ApiError) return ofApi(error, refuse)
  if (isBodyError(error)) return { status: error.status, body: { error: error.status === 413 ? 'The body is too large.' : 'The body cannot be read as JSON.' }, isOurs: false }
  return { status: 500, body: { error: 'Something went wrong on the server.' }, isOurs: true }
}

function ofApi(error: ApiError, refuse: RefuseWith): WireFailure {
  const facts = factsOf(error.code)
  switch (error.code) {
    case 'unauthenticated': case 'session_expired': return { status: 400, body: invalidToken, isOurs: false }
    case 'needs_reconnect': return { status: 401, body: sessionRevoked(), isOurs: false }
    case 'too_many_requests': return { status: 429, body: 'Too many requests. Try again in a minute.', isOurs: false }
    case 'installation_disabled': return { status: 400, body: 'The connection to the CRM is switched off. Ask your administrator.', isOurs: false }
    default:
      if (facts.status >= 500) return { status: 500, body: { error: facts.title }, isOurs: true }
      return { ...refuse(sayWarning(sentenceOf(error, facts.title))), isOurs: false }
  }
}

const sentenceOf = ({ code, details }: ApiError, title: string): string => {
  if (code === 'owned_by_other') return 'A colleague has logged this already.'
  const [wrong] = details.errors ?? []
  if (wrong) return `"${wrong.pointer.split('/').at(-1) ?? ''}" ${wrong.message}.`
  return `${details.detail ?? title}`.replace(/\.?$/, '.')
}

const crmSentences: Partial<Record<CrmErrorCode, string>> = {
  forbidden: 'Your CRM user may not do this. Ask the CRM’s administrator for the permission.',
  not_found: 'The record is no longer in the CRM.',
  unsupported: 'This CRM cannot do that.',
  rate_limited: 'The CRM takes no more requests for now. Try again in a minute.',
  unreachable: 'The CRM cannot be reached. Try again later.',
  unavailable: 'The CRM is out of service. Try again later.',
  timeout: 'The CRM has not answered in time. Try again later.',
}

/** What a person at the screen can do something with; an adapter's own words where it has some. */
export function sayOfCrm({ code, detail }: CrmError) {
  const sentence = crmSentences[code] ?? detail ?? `${factsOf(`crm_${code}`).title}.`
  return code === 'adapter_fault' || code === 'server_error' || code === 'bad_response' ? sayFailed(sentence) : sayWarning(sentence)
}

const sessionRevoked = (): JsonObject => ({
  successful: false, errorCode: 'CRM_SESSION_REVOKED', ...toJson(sayWarning('The CRM no longer accepts this connection. Please connect again.')),
})

/** A message has JSON in it only. */
export const toJson = (said: { readonly returnMessage?: ReturnMessage | undefined }): JsonObject =>
  said.returnMessage === undefined ? {} : { returnMessage: said.returnMessage as JsonObject }

/** Of Express' body parser. */
const isBodyError = (error: unknown): error is { status: number } =>
  typeof error === 'object' && error !== null && 'type' in error && 'status' in error && typeof error.status === 'number' && error.status < 500

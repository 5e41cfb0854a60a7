import axios, { type InternalAxiosRequestConfig } from 'axios'
import { CrmError } from '@linefinder/core'
import { toCrmError } from '@linefinder/core/http'
import type { ReturnMessage } from '../extras.js'
import type { ConnectorCall } from './connector-call.js'

/** What a connector's answer may say of a failure. */
export interface Refusal {
  readonly successful?: boolean | undefined
  readonly returnMessage?: ReturnMessage | null | undefined
  readonly extraDataTracking?: { readonly statusCode?: number | undefined } | null | undefined
}

const mostLetters = 500

/** What a function threw. What follows a request that failed is its failure, and what follows an answer that was not understood is the answer's. */
export function failureOf(error: unknown, call: ConnectorCall): CrmError {
  const { signal } = call.ctx
  const known = toCrmError(error, signal)
  if (known.code !== 'adapter_fault' || error instanceof CrmError) return known
  const { status, headers } = (error as { response?: { status?: unknown; headers?: Readonly<Record<string, string>> } } | null)?.response ?? {}
  if (typeof status === 'number') return ofStatus(status, call, headers)
  if (call.failure) return toCrmError(call.failure, signal)
  return call.answers > 0 ? new CrmError('bad_response', { detail: 'The connector does not understand what the CRM answered.', cause: error }) : known
}

/** What a function answered that did not do what it was asked for. */
export function refusalOf({ returnMessage, extraDataTracking }: Refusal, call: ConnectorCall): CrmError {
  const detail = detailOf(returnMessage)
  const status = extraDataTracking?.statusCode
  const failure = call.failure ? toCrmError(call.failure, call.ctx.signal) : status === undefined ? null : ofStatus(status, call)
  if (!failure && detail === undefined && call.answers > 0) return new CrmError('bad_response', { detail: 'The connector made nothing of what the CRM answered.' })
  if (!failure) return new CrmError('rejected', { detail: detail ?? 'The connector says no more.' })
  const { code, retryAfterMs, crmStatus, cause } = failure
  return new CrmError(code, { retryAfterMs, crmStatus, cause, detail: detail ?? failure.detail })
}

/** The request that failed last was about a record that is not there. */
export const isAboutAbsence = ({ failure, ctx }: ConnectorCall): boolean => failure !== null && toCrmError(failure, ctx.signal).code === 'not_found'

/** The CRM did not answer, or lets nobody in: whatever the connector made of it. */
export function isOutOfReach({ failure, ctx }: ConnectorCall): boolean {
  if (failure === null) return false
  const { isRetryable, code } = toCrmError(failure, ctx.signal)
  return isRetryable || code === 'unauthorized' || code === 'forbidden' || code === 'address_refused'
}

/** What the connector says to the person, without anything that looks like a number of somebody. */
function detailOf(said: ReturnMessage | null | undefined): string | undefined {
  const text = said?.message?.trim()
  return text === undefined || text === '' ? undefined : text.replace(/\+?\d[\d\s().-]{4,}\d/g, '…').slice(0, mostLetters)
}

const ofStatus = (status: number, { ctx }: ConnectorCall, headers: Readonly<Record<string, string>> = {}): CrmError =>
  toCrmError(new axios.AxiosError(undefined, undefined, undefined, undefined, { status, statusText: '', headers: { ...headers }, data: null, config: {} as InternalAxiosRequestConfig }), ctx.signal)

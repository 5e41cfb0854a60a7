import axios, { type AxiosError } from 'axios'
import { z } from 'zod'
import type { CrmErrorCode } from '../errors/code-names.js'
import { CrmError } from '../errors/crm-error.js'

/** Any failure of an adapter or of a request to a CRM, as the one kind that the rest of the server knows. */
export function toCrmError(error: unknown, signal: AbortSignal): CrmError {
  if (error instanceof CrmError) return error
  if (error instanceof z.ZodError) return new CrmError('bad_response', { detail: wherePathOf(error), cause: error })
  if (axios.isAxiosError(error)) return ownFailureIn(error) ?? fromAxios(error)
  if (signal.aborted) return new CrmError('timeout')
  return new CrmError('adapter_fault', { cause: error })
}

/** What we threw ourselves on the way, such as at a redirect, comes back inside errors of axios and its redirect library. */
function ownFailureIn(error: Error): CrmError | undefined {
  if (error instanceof CrmError) return error
  return error.cause instanceof Error ? ownFailureIn(error.cause) : undefined
}

function fromAxios(error: AxiosError): CrmError {
  // The original holds the request with its credentials, so only what tells people something is kept.
  const cause = new Error(`${error.config?.method ?? 'request'} failed: ${error.response?.status ?? error.code ?? 'no answer'}`)
  const { response } = error
  if (response) {
    // axios reports a 2xx that is no JSON with the response attached.
    const code = response.status < 300 ? 'bad_response' : codeOfStatus(response.status)
    return new CrmError(code, { crmStatus: response.status, retryAfterMs: retryAfterMs(response.headers['retry-after']), cause })
  }
  return new CrmError(codeOfNetworkError(error), { cause })
}

function codeOfStatus(status: number): CrmErrorCode {
  switch (status) {
    case 400: case 413: case 415: case 422: return 'rejected'
    case 401: return 'unauthorized'
    case 403: return 'forbidden'
    case 404: case 410: return 'not_found'
    case 408: case 504: return 'timeout'
    case 409: case 412: return 'conflict'
    case 429: return 'rate_limited'
    case 503: return 'unavailable'
    default: return status >= 500 ? 'server_error' : 'bad_response'
  }
}

function codeOfNetworkError(error: AxiosError): CrmErrorCode {
  if (/is not allowed\. Because/.test(error.message)) return 'address_refused'
  switch (error.code) {
    case 'ERR_CANCELED': case 'ECONNABORTED': case 'ETIMEDOUT': return 'timeout'
    case 'ECONNRESET': case 'EPIPE': return 'connection_lost'
    case 'ERR_BAD_RESPONSE': case 'ERR_FR_TOO_MANY_REDIRECTS': case 'HPE_INVALID_CONSTANT': return 'bad_response'
    default: return 'unreachable'
  }
}

/** RFC 9110 §10.2.3: seconds or a date. At most a day, so that a mad CRM cannot stop us for ever. */
export function retryAfterMs(header: unknown, now = Date.now()): number | undefined {
  if (typeof header !== 'string') return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 86_400_000) : undefined
}

/** Where the answer was not as the adapter expects it; never what stood there. */
const wherePathOf = (error: z.ZodError): string =>
  `unexpected at ${error.issues.slice(0, 3).map(({ path }) => `/${path.join('/')}`).join(', ')}`

import { problem as declaredProblem, type Endpoint, type Problem } from '@linefinder/core/api'
import { addressOf, type AddressParts } from './address.js'
import { LinefinderError, LinefinderNetworkError } from './errors.js'
import type { CallOptions } from './methods.js'

export interface ClientOptions {
  /** Where Linefinder is, such as `https://linefinder.example.com`. */
  readonly baseUrl: string
  /** A session token or an API key; as a function it is asked before every call that needs one. Goes into the header only. */
  readonly token?: string | (() => string | Promise<string>)
  /** With an API key: the id of the shared connection to work with. */
  readonly connection?: string
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch
  /** For each call, answer included. Default 30 s, and what a call says to wait. */
  readonly timeoutMs?: number
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>
  /** Checks every answer against its declaration. Default false, for a newer server may say more or other things. */
  readonly checkAnswers?: boolean
}

/** A request whose parts the types of the method have checked. */
export interface LooseRequest extends AddressParts, CallOptions {
  readonly body?: unknown
}

export type Send = (endpoint: Endpoint, request: LooseRequest) => Promise<unknown>

export function createSend(options: ClientOptions): Send {
  // Called as a plain function, because browsers refuse `fetch` as a method of another object.
  const fetch: typeof globalThis.fetch = (input, init) => (options.fetch ?? globalThis.fetch)(input, init)

  return async (endpoint, request) => {
    const address = addressOf(options.baseUrl, endpoint.path, request)
    const headers = await headersOf(options, endpoint, request)
    const deadline = AbortSignal.timeout(options.timeoutMs ?? 30_000 + (request.waitSeconds ?? 0) * 1000)
    const init: RequestInit = {
      method: endpoint.method,
      headers,
      signal: request.signal ? AbortSignal.any([request.signal, deadline]) : deadline,
      credentials: 'omit',
      // The API never redirects, and a token must not follow one.
      redirect: 'error',
      ...(endpoint.body === undefined ? {} : { body: endpoint.takesText ? String(request.body) : JSON.stringify(request.body) }),
    }
    try {
      const response = await fetch(address, init)
      return readAnswer(response, await response.text(), endpoint, options.checkAnswers ?? false)
    } catch (error) {
      if (error instanceof LinefinderError || error instanceof LinefinderNetworkError) throw error
      if (request.signal?.aborted) throw request.signal.reason
      throw new LinefinderNetworkError(deadline.aborted ? 'timeout' : 'no_answer', undefined, { cause: error })
    }
  }
}

/** The token goes only where a caller must be proven, and the connection only where an API key may stand in for a session. */
async function headersOf(options: ClientOptions, { access, body, canWait }: Endpoint, request: CallOptions): Promise<Record<string, string>> {
  const token = access === 'public' ? undefined : typeof options.token === 'function' ? await options.token() : options.token
  const connection = access === 'lookup' || access === 'log' ? request.connection ?? options.connection : undefined
  return {
    Accept: 'application/json',
    ...options.headers,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(connection === undefined ? {} : { 'Linefinder-Connection': connection }),
    ...(canWait && request.waitSeconds !== undefined ? { Prefer: `wait=${String(request.waitSeconds)}` } : {}),
  }
}

function readAnswer(response: Response, text: string, { output }: Endpoint, isChecked: boolean): unknown {
  if (response.ok && output === null) return undefined
  const answer = parseJson(text)
  if (answer === undefined) throw new LinefinderNetworkError('not_ours', response.status)
  if (!response.ok) throw isProblem(answer) ? new LinefinderError(answer, retryAfterSeconds(response)) : new LinefinderNetworkError('not_ours', response.status)
  const checked = isChecked ? output?.safeParse(answer) : undefined
  if (checked?.success === false) throw new LinefinderNetworkError('wrong_shape', response.status, { cause: checked.error })
  return answer
}

/** `undefined` for text that is no JSON, which no JSON text can mean. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Lets newer codes and fields through. */
const ourProblem = declaredProblem.pick({ title: true, status: true, retryable: true, advice: true, requestId: true })
const isProblem = (answer: unknown): answer is Problem =>
  ourProblem.safeParse(answer).success && typeof (answer as Record<string, unknown>)['code'] === 'string'

/** RFC 9110 §10.2.3: seconds or a date. */
function retryAfterSeconds(response: Response): number | undefined {
  const header = response.headers.get('Retry-After') ?? ''
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.max(seconds, 0)
}

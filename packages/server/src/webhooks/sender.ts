import type { Readable } from 'node:stream'
import axios from 'axios'
import type { WebhookFailure } from '@linefinder/core/api'
import { retryAfterMs, toCrmError } from '@linefinder/core/http'
import type { AddressGuard } from '../crm/address-guard.js'

/** What came of one attempt. */
export interface Answer {
  /** The receiver answered 2xx. */
  readonly isTaken: boolean
  /** `null` when there was none; then `error` says why. */
  readonly status: number | null
  readonly error: WebhookFailure | null
  readonly ms: number
  /** How the body begins. */
  readonly answer: string
  /** What the receiver asked for. */
  readonly retryAfterMs: number | undefined
}

const defaultDeadlineMs = 10_000
const maxAnswerBytes = 2048
const keptCharacters = 500

/** Posts a body to an address that a tenant named. Never follows a redirect, and never throws for what the other side does. */
export async function send(guard: AddressGuard, url: string, headers: Record<string, string>, body: string, deadlineMs = defaultDeadlineMs): Promise<Answer> {
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(deadlineMs)
  const msSoFar = () => Math.round(performance.now() - startedAt)
  try {
    guard.check(url)
    const response = await axios.post<Readable>(url, Buffer.from(body), {
      ...guard.agentsFor(url),
      headers: { ...headers, 'Content-Type': 'application/json', 'User-Agent': 'Linefinder', 'Accept-Encoding': 'identity' },
      maxRedirects: 0, proxy: false, decompress: false, responseType: 'stream', validateStatus: () => true, signal,
    })
    const { status } = response
    // The status says all; a body that breaks off changes nothing.
    const answer = await beginningOf(response.data).catch(() => '')
    return { isTaken: status >= 200 && status < 300, status, error: null, ms: msSoFar(), answer, retryAfterMs: retryAfterMs(response.headers['retry-after']) }
  } catch (error) {
    return { isTaken: false, status: null, error: failureOf(error, signal), ms: msSoFar(), answer: '', retryAfterMs: undefined }
  }
}

/** Reads no further than that. Without the character that PostgreSQL cannot store. */
async function beginningOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= maxAnswerBytes) break
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8').slice(0, keptCharacters).replaceAll('\0', '\uFFFD')
}

function failureOf(error: unknown, signal: AbortSignal): WebhookFailure {
  if (signal.aborted) return 'timeout'
  const { code } = toCrmError(error, signal)
  switch (code) {
    case 'timeout': case 'unreachable': case 'connection_lost': case 'address_refused': return code
    default: return 'bad_response'
  }
}

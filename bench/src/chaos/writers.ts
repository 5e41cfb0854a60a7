import { setTimeout as wait } from 'node:timers/promises'
import { callOf } from '../calls.js'

export const editsPerCall = 3
const writers = 8
/** So many calls of one writer are talked about at the same time. */
const callsAtOnce = 10
const timeoutMs = 10_000

export interface Progress {
  /** Of all PUTs, those that were acknowledged. */
  acknowledged: number
  /** Requests that got no answer, or one that says to try again. */
  repeated: number
}

export const callIdOf = (n: number): string => `chaos-${String(n)}`
export const subjectOf = (n: number, edit: number): string => `Call ${String(n)}, edit ${String(edit)}`

/** How many PUTs there are to acknowledge. */
export const putsOf = (calls: number): number => calls * (1 + editsPerCall)

/** Writes each call and its edits, each until a server acknowledges it. Returns the statuses that were neither that nor worth another try. */
export async function writeCalls(urls: readonly string[], token: string, { calls, pauseMs }: { readonly calls: number; readonly pauseMs: number }, progress: Progress): Promise<number[]> {
  const refused: number[] = []
  await Promise.all(Array.from({ length: writers }, async (_, writer) => {
    const own = Array.from({ length: calls }, (__, n) => n).filter(n => n % writers === writer)
    for (let from = 0; from < own.length; from += callsAtOnce) {
      for (let edit = 0; edit <= editsPerCall; edit += 1) {
        for (const n of own.slice(from, from + callsAtOnce)) {
          const status = await putUntilAcknowledged(urls, token, n, edit, progress)
          if (status !== null) refused.push(status)
          await wait(pauseMs)
        }
      }
    }
  }))
  return refused
}

/** `null` when it was. */
async function putUntilAcknowledged(urls: readonly string[], token: string, n: number, edit: number, progress: Progress): Promise<number | null> {
  const body = JSON.stringify({ ...callOf(n), contactId: 'p_1001', subject: subjectOf(n, edit) })
  for (let tries = n + edit; ; tries += 1) {
    const status = await put(`${urls[tries % urls.length] ?? ''}/v1/call-logs/${callIdOf(n)}`, token, body)
    if (status >= 200 && status <= 202) {
      progress.acknowledged += 1
      return null
    }
    if (status >= 400 && status < 500 && status !== 429) return status
    progress.repeated += 1
    await wait(50)
  }
}

/** 0 when there was no answer. */
async function put(url: string, token: string, body: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'PUT', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body, signal: AbortSignal.timeout(timeoutMs),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import { wireCallOf } from '../calls.js'
import type { WireSide } from '../load/jobs.js'

/** What a client of App Connect got. */
export interface Answer {
  /** `null`: none, since the connection was lost. */
  readonly status: number | null
  readonly isSuccessful: boolean
  readonly text: string
  readonly tookMs: number
}

export const postCall = (side: WireSide, sessionId: string, n = 1): Promise<Answer> =>
  ask(`${side.baseUrl}/callLog?jwtToken=${side.token}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wireCallOf(sessionId, n)) })

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const begunAt = performance.now()
  try {
    const response = await fetch(url, init)
    const text = await response.text()
    return { status: response.status, isSuccessful: response.ok && !text.includes('"successful":false'), text, tookMs: performance.now() - begunAt }
  } catch {
    return { status: null, isSuccessful: false, text: '', tookMs: performance.now() - begunAt }
  }
}

/** In a few words: the status, whether it says that it succeeded, and the message. */
export function inWords({ status, isSuccessful, text, tookMs }: Answer): string {
  if (status === null) return 'connection lost'
  const [, message] = /"message":"([^"]*)"/.exec(text) ?? []
  return `${String(status)} in ${String(Math.round(tookMs))} ms, ${isSuccessful ? 'successful' : 'not successful'}${message === undefined ? '' : `: ${message}`}`
}

/** After how many milliseconds it is so; `null` when it is not in time. */
export async function waitFor(isSo: () => Promise<boolean>, withinMs: number): Promise<number | null> {
  const begunAt = performance.now()
  for (;;) {
    if (await isSo()) return performance.now() - begunAt
    if (performance.now() - begunAt > withinMs) return null
    await wait(100)
  }
}

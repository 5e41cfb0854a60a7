import type { Bench } from './bench.js'
import { Absent, Limited, type Check } from './check.js'

/**
 * `limited`: it cannot be told, for the reason given. `absent`: it is about something that the adapter does not offer. Neither counts
 * against an adapter, and neither goes unsaid.
 */
export type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'limited' | 'absent'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string; readonly error: unknown }

const longestMs = 120_000

export async function runCheck(check: Check, bench: Bench): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(new Error(`it takes longer than ${String(longestMs / 1000)} seconds`)) }, longestMs)
  })
  try {
    await Promise.race([check.run(bench), late])
    return { status: 'passed' }
  } catch (error) {
    if (error instanceof Limited) return { status: 'limited', reason: error.message }
    if (error instanceof Absent) return { status: 'absent', reason: error.message }
    return { status: 'failed', reason: error instanceof Error ? error.message : String(error), error }
  } finally {
    clearTimeout(timer)
    bench.proxy.clear()
    bench.otherProxy.clear()
  }
}

import { z } from 'zod'

export const modes = ['ok', 'auth', 'busy', 'error', 'down', 'hang', 'garbage', 'html', 'reset_after_commit'] as const

/** How the CRM misbehaves at the moment. What a request leaves out goes back to its default. */
export const switchesSchema = z.strictObject({
  mode: z.enum(modes).default('ok'),
  latency_ms: z.number().int().min(0).max(60_000).default(0),
  /** How long `busy` asks to wait. */
  seconds: z.number().int().min(0).default(1),
  /** Of requests whose paths begin so; absent means all under /api. */
  only: z.array(z.string().startsWith('/')).min(1).optional(),
  /** The mode applies to so many matching requests, then turns to `ok`. */
  times: z.number().int().min(1).optional(),
})
export type Switches = z.infer<typeof switchesSchema>

export interface Fault {
  readonly mode: Switches['mode']
  readonly latencyMs: number
  readonly seconds: number
}

export interface SwitchBoard {
  current(): Switches
  set(switches: Switches): void
  /** What happens to a request for this path; counts it against `times`. */
  take(path: string): Fault | null
}

export function createSwitchBoard(): SwitchBoard {
  let current = switchesSchema.parse({})
  return {
    current: () => current,

    set(switches) {
      current = switches
    },

    take(path) {
      const { mode, latency_ms, seconds, only = ['/api/'], times } = current
      if (!only.some((prefix) => path.startsWith(prefix))) return null
      if (mode !== 'ok' && times !== undefined) {
        const { times: _, ...rest } = current
        current = times > 1 ? { ...current, times: times - 1 } : { ...rest, mode: 'ok' }
      }
      return { mode, latencyMs: latency_ms, seconds }
    },
  }
}

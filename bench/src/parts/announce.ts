import type { Serializable } from 'node:child_process'

/** Tells the process that forked this one that it is ready, and ends with it. */
export function announce(message: Serializable): void {
  process.on('disconnect', () => { process.exit() })
  process.send?.(message)
}

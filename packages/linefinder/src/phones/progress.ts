import { figure } from './tally.js'

export interface Done {
  readonly bytes: number
  /** `null` for a pipe: nobody knows how much is to come. */
  readonly totalBytes: number | null
  readonly rows: number
  readonly elapsedMs: number
}

const everyMs = 100

/** A line on a terminal that tells how far the work is. Writes nothing to a file or a pipe. */
export class Progress {
  readonly #startedAt = performance.now()
  #shownAt = 0

  constructor(private readonly terminal: { isTTY?: boolean; write(text: string): unknown }) {}

  show(done: Omit<Done, 'elapsedMs'>): void {
    const now = performance.now()
    if (this.terminal.isTTY !== true || now - this.#shownAt < everyMs) return
    this.#shownAt = now
    this.terminal.write(`\r${progressLine({ ...done, elapsedMs: now - this.#startedAt })}\u001B[K`)
  }

  clear(): void {
    if (this.#shownAt > 0) this.terminal.write('\r\u001B[K')
  }
}

const barLength = 20

export function progressLine({ bytes, totalBytes, rows, elapsedMs }: Done): string {
  const speed = `${figure(rows)} rows, ${figure(rows / Math.max(elapsedMs, 1) * 1000)} rows/s`
  if (totalBytes === null) return `${megabytes(bytes)} MB, ${speed}`
  const part = totalBytes === 0 ? 1 : Math.min(bytes / totalBytes, 1)
  const bar = '#'.repeat(Math.floor(part * barLength)).padEnd(barLength, '.')
  return `[${bar}] ${String(Math.floor(part * 100))} % of ${megabytes(totalBytes)} MB, ${speed}`
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

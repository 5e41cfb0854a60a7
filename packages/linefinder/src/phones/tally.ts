import type { Cleaned } from './clean-number.js'
import { reasonWords, type Reason } from './reasons.js'

export interface Left {
  /** Of the file, from 1; where the row begins. */
  readonly line: number
  /** Empty for what is wrong with a row as a whole. */
  readonly column: string
  readonly value: string
  readonly reason: Reason
}

/** What became of a file's numbers. */
export class Tally {
  rows = 0
  readonly #states: Record<Cleaned['state'], number> = { empty: 0, clean: 0, cleaned: 0, left: 0 }
  readonly #reasons = new Map<Reason, number>()
  readonly #leftovers: Left[] = []

  /** `keepsLeftovers`: somebody takes them with `takeLeftovers`. */
  constructor(private readonly keepsLeftovers: boolean) {}

  count(state: Exclude<Cleaned['state'], 'left'>): void {
    this.#states[state] += 1
  }

  leave(left: Left): void {
    this.#states.left += 1
    this.#reasons.set(left.reason, (this.#reasons.get(left.reason) ?? 0) + 1)
    if (this.keepsLeftovers) this.#leftovers.push(left)
  }

  get cleaned(): number {
    return this.#states.cleaned
  }

  get left(): number {
    return this.#states.left
  }

  /** What was left since they were taken last. */
  takeLeftovers(): Left[] {
    return this.#leftovers.splice(0)
  }

  /** For a person: a line of counts, then one for each reason, the most frequent first. */
  summary(): string {
    const { cleaned, clean, empty, left } = this.#states
    const counts = [`${figure(cleaned)} cleaned`, `${figure(clean)} clean already`, `${figure(empty)} empty`, `${figure(left)} left as they are`]
    const reasons = [...this.#reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${figure(count).padStart(12)}  ${reason.padEnd(17)}  ${reasonWords[reason]}`)
    return [`${figure(this.rows)} ${this.rows === 1 ? 'row' : 'rows'}: ${counts.join(', ')}`, ...reasons].map(line => `${line}\n`).join('')
  }
}

export const figure = (count: number): string => Math.round(count).toLocaleString('en')

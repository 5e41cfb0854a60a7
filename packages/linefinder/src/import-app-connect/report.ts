import type { ImportOutcome, SkipReason } from '@linefinder/server'

export type Reason = SkipReason | 'unknown_form' | 'too_large'

const mostExamples = 10

const advice: Readonly<Record<Reason, string>> = {
  host_not_allowed: 'the installation does not lead to their host: allow it there, or name one host for all with --host',
  invalid_fields: 'what App Connect has does not fill the CRM’s form: look at --key-field',
  unknown_user: 'whose they are is not known: App Connect has no such user, or that user was skipped',
  ambiguous_user: 'several connections here have that CRM user id',
  other_activity: 'they are logged here already, as another record of the CRM; that one stays',
  invalid_id: 'an id is missing or too long',
  too_large: 'settings and mappings are more than 256 kB; an administrator’s client can save the settings again',
  unknown_form: 'their id does not end with the platform’s name, so the CRM’s id of the user is not known',
}

/** What became of the rows of one table, or would. */
export class Tally {
  readonly #counts = { new: 0, there: 0, replaced: 0 }
  readonly #skipped = new Map<Reason, { count: number; readonly examples: string[] }>()

  constructor(private readonly title: string) {}

  add(outcomes: readonly ImportOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.is === 'skipped') this.skip(outcome.label, outcome.reason)
      else this.#counts[outcome.is] += 1
    }
  }

  skip(label: string, reason: Reason): void {
    const skipped = this.#skipped.get(reason) ?? { count: 0, examples: [] }
    this.#skipped.set(reason, skipped)
    skipped.count += 1
    if (skipped.examples.length < mostExamples) skipped.examples.push(label)
  }

  get total(): number {
    return this.#counts.new + this.#counts.there + this.#counts.replaced + this.#skippedCount()
  }

  /** Ids only: no token, number or note is ever shown. */
  toString(): string {
    const { new: fresh, there, replaced } = this.#counts
    const figures = [`${String(fresh)} new`, `${String(there)} there already`, ...(replaced > 0 ? [`${String(replaced)} with new credentials`] : []), `${String(this.#skippedCount())} skipped`]
    const reasons = [...this.#skipped].map(([reason, { count, examples }]) => `  ${String(count)} skipped: ${advice[reason]}\n    ${examples.join(', ')}${count > examples.length ? ', …' : ''}`)
    return [`${this.title}: ${figures.join(', ')}`, ...reasons].join('\n')
  }

  #skippedCount(): number {
    return [...this.#skipped.values()].reduce((sum, { count }) => sum + count, 0)
  }
}

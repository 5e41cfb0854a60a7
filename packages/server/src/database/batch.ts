import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Gathers what many requests ask at the same time into one statement. While nobody else asks, each question goes out at
 * once; while `maxRunning` statements are on their way, further ones wait for the next. Nothing is remembered: an answer is
 * given to those who asked before the statement was sent.
 */
export class Batch<Question, Answer> {
  readonly #waiting = new Map<string, { question: Question; askers: Asker<Answer>[] }>()
  #running = 0
  #isScheduled = false
  /** The statement is everyone's, so it is not sent in whatever transaction one of them has open. */
  readonly #outside = AsyncLocalStorage.snapshot()

  /** `ask` answers in the order of its questions. Questions with equal `keyOf` are asked once. */
  constructor(
    private readonly keyOf: (question: Question) => string,
    private readonly ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    private readonly limits = { maxRunning: 2, maxSize: 200 },
  ) {}

  find(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const key = this.keyOf(question)
      const known = this.#waiting.get(key)
      if (known) known.askers.push({ resolve, reject })
      else this.#waiting.set(key, { question, askers: [{ resolve, reject }] })
      this.#schedule()
    })
  }

  /** After the requests that have arrived together have all been read. */
  #schedule(): void {
    if (this.#isScheduled || this.#running >= this.limits.maxRunning || this.#waiting.size === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      void this.#outside(() => this.#send())
      this.#schedule()
    })
  }

  async #send(): Promise<void> {
    const entries = [...this.#waiting].slice(0, this.limits.maxSize)
    for (const [key] of entries) this.#waiting.delete(key)
    this.#running += 1
    try {
      const answers = await this.ask(entries.map(([, { question }]) => question))
      entries.forEach(([, { askers }], index) => {
        // `ask` answers every question, so there is one at each place.
        for (const { resolve } of askers) resolve(answers[index] as Answer)
      })
    } catch (error) {
      for (const [, { askers }] of entries) for (const { reject } of askers) reject(error)
    } finally {
      this.#running -= 1
      this.#schedule()
    }
  }
}

interface Asker<Answer> {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

import { AsyncLocalStorage } from 'node:async_hooks'

export interface WriteRules<Question, Answer> {
  keyOf(question: Question): string
  /** Answers in the order of its questions, and has written nothing when it throws. */
  write(questions: readonly Question[]): Promise<readonly Answer[]>
  /** Whether `later` says exactly what `earlier` says: then it is written once. */
  isRepeated(earlier: Question, later: Question): boolean
  /** What whoever repeated it is answered. */
  answerRepeated(answer: Answer): Answer
}

interface Asked<Question, Answer> {
  readonly question: Question
  /** Whoever asked, and whoever repeated it. */
  readonly askers: { resolve(answer: Answer): void; reject(error: unknown): void }[]
}

/**
 * Gathers what many requests write at the same time into one statement, and so into one commit. While nobody else writes, each goes
 * out at once; while `maxRunning` statements are on their way, further ones wait for the next. Writes to one key stand in
 * different statements, one after the other, in the order in which they came; only what repeats the one before it joins that one.
 */
export class WriteBatch<Question, Answer> {
  /** By key, the first of each to go out next. */
  readonly #waiting = new Map<string, Asked<Question, Answer>[]>()
  /** Keys that are being written. */
  readonly #underWay = new Map<string, Asked<Question, Answer>[]>()
  #running = 0
  #isScheduled = false
  /** The statement is everyone's, so it is not sent in whatever transaction one of them has open. */
  readonly #outside = AsyncLocalStorage.snapshot()

  constructor(private readonly rules: WriteRules<Question, Answer>, private readonly limits = { maxRunning: 2, maxSize: 100 }) {}

  add(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const key = this.rules.keyOf(question)
      let line = this.#underWay.get(key) ?? this.#waiting.get(key)
      if (!line) this.#waiting.set(key, line = [])
      const last = line.at(-1)
      if (last && this.rules.isRepeated(last.question, question)) last.askers.push({ resolve, reject })
      else line.push({ question, askers: [{ resolve, reject }] })
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
    const lines = [...this.#waiting].slice(0, this.limits.maxSize)
    const batch: Asked<Question, Answer>[] = []
    for (const [key, line] of lines) {
      this.#waiting.delete(key)
      this.#underWay.set(key, line)
      batch.push(...line.splice(0, 1))
    }
    this.#running += 1
    await this.#settle(batch)
    this.#running -= 1
    for (const [key, line] of lines) {
      this.#underWay.delete(key)
      if (line.length > 0) this.#waiting.set(key, line)
    }
    this.#schedule()
  }

  async #settle(batch: readonly Asked<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.rules.write(batch.map(({ question }) => question))
      batch.forEach(({ askers: [first, ...others] }, index) => {
        // `write` answers every question, so there is one at each place.
        const answer = answers[index] as Answer
        first?.resolve(answer)
        for (const { resolve } of others) resolve(this.rules.answerRepeated(answer))
      })
    } catch (error) {
      if (batch.length > 1 && isOfOneRow(error)) for (const each of batch) await this.#settle([each])
      else for (const { reject } of batch.flatMap(({ askers }) => askers)) reject(error)
    }
  }
}

/**
 * What one row of a statement can be refused for, by the class of its SQLSTATE: data, integrity, a lost race for locks, a size. Then nothing was
 * written, and the others shall not suffer for it.
 */
const isOfOneRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(22|23|40|54)[0-9A-Z]{3}$/.test(error.code)

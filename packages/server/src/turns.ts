/** Lets so many pieces of work run at a time. */
export class Turns {
  readonly #waiting: (() => void)[] = []

  constructor(private free: number) {}

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1
    else await new Promise<void>(resolve => { this.#waiting.push(resolve) })
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.free += 1
    }
  }
}

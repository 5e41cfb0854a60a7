/** Work that may outlive its request. A stopping server waits for it. */
export class WorkUnderWay {
  readonly #running = new Set<Promise<unknown>>()

  track<Result>(work: Promise<Result>): Promise<Result> {
    const done: Promise<unknown> = work.then(() => this.#running.delete(done), () => this.#running.delete(done))
    this.#running.add(done)
    return work
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}

const slotMs = 100

/** What a process still delivers per second while it accepts so much that one would slow the other. */
export interface BusyFigures {
  /** Claims in a second from which on it is busy. */
  readonly busyFromPerSecond: number
  readonly busyDeliveriesPerSecond: number
}

/**
 * Accepting goes before delivering: a client waits for the one, and a row keeps the other. While this process accepts more than so many a
 * second it begins only a few deliveries; as soon as it does not, as many as there is room for.
 */
export class GiveWay {
  #slot = 0
  #claims = 0
  #begun = 0
  #isBusy = false

  constructor(private readonly figures: BusyFigures, private readonly now: () => number = Date.now) {}

  noteClaim(): void {
    this.#turn()
    this.#claims += 1
  }

  noteDelivery(): void {
    this.#turn()
    this.#begun += 1
  }

  /** How many deliveries may begin now. */
  allowed(): number {
    this.#turn()
    return this.#isBusy ? Math.max(0, this.figures.busyDeliveriesPerSecond * slotMs / 1000 - this.#begun) : Infinity
  }

  /** After how long more may begin. */
  waitMs(): number {
    return slotMs - this.now() % slotMs
  }

  #turn(): void {
    const slot = Math.floor(this.now() / slotMs)
    if (slot === this.#slot) return
    this.#isBusy = slot === this.#slot + 1 && this.#claims > this.figures.busyFromPerSecond * slotMs / 1000
    this.#slot = slot
    this.#claims = 0
    this.#begun = 0
  }
}

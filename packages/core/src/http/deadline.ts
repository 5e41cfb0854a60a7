/**
 * A signal that aborts after `ms`, or when `other` does. Composed by hand: in `AbortSignal.any([AbortSignal.timeout(ms)])` nothing holds the
 * timeout, so that it may be collected as garbage and then never comes (https://github.com/nodejs/node/issues/57736).
 */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #stop = () => { this.#controller.abort() }

  constructor(ms: number, private readonly other?: AbortSignal) {
    this.#timer = setTimeout(this.#stop, ms)
    if (other?.aborted) this.#stop()
    else other?.addEventListener('abort', this.#stop, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** It is not needed any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.other?.removeEventListener('abort', this.#stop)
  }
}

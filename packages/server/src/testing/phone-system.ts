import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A phone system that gives out recordings, each in the way of its test. */
export class PhoneSystem {
  /** By path. */
  readonly answers = new Map<string, RequestListener>()
  readonly asked: string[] = []
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://phone').pathname
      this.asked.push(path)
      const answer = this.answers.get(path)
      if (answer) answer(request, response)
      else response.writeHead(404).end()
    })
  }

  static async start(): Promise<PhoneSystem> {
    const phone = new PhoneSystem()
    await new Promise<void>(resolve => { phone.#server.listen(0, '127.0.0.1', resolve) })
    return phone
  }

  get host(): string {
    // A server that listens on TCP has an address of this form.
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  get origin(): string {
    return `http://${this.host}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>(resolve => { this.#server.close(() => { resolve() }) })
  }
}

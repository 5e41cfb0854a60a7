import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** Somebody's own system over real HTTP: keeps what it was sent, and answers what the test tells it to. */
export class WebhookReceiver {
  readonly received: Received[] = []
  /** Default: 204. */
  answer: (response: ServerResponse, request: Received) => void = takesIt
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => { void this.#take(request, response) })
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    await new Promise<void>(resolve => { receiver.#server.listen(0, '127.0.0.1', resolve) })
    return receiver
  }

  get origin(): string {
    // A server that listens on TCP has an address of this form.
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  /** What came to that path. */
  at(path: string): Received[] {
    return this.received.filter(each => each.path === path)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>(resolve => { this.#server.close(() => { resolve() }) })
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // None of the headers that are looked at comes twice.
    const received = { path: request.url ?? '', headers: request.headers as Record<string, string>, body: await text(request) }
    this.received.push(received)
    this.answer(response, received)
  }
}

export const takesIt = (response: ServerResponse): void => { response.writeHead(204).end() }

export const answers = (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): void => { response.writeHead(status, headers).end(body) }

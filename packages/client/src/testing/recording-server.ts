import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export type Answer = (response: ServerResponse, asked: Asked) => void

/** An HTTP server that remembers what it was asked and answers as the test says. */
export class RecordingServer {
  readonly asked: Asked[] = []
  answer: Answer = json(200, {})
  readonly #server = createServer((request, response) => { void this.#handle(request, response) })

  private constructor() { /* see start */ }

  static async start(): Promise<RecordingServer> {
    const recording = new RecordingServer()
    await new Promise<void>(resolve => { recording.#server.listen(0, '127.0.0.1', resolve) })
    return recording
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  get last(): Asked {
    return this.asked.at(-1)!
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>(resolve => { this.#server.close(() => { resolve() }) })
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const url = new URL(request.url ?? '', this.origin)
    const asked: Asked = {
      method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
    this.asked.push(asked)
    this.answer(response, asked)
  }
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => response => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export const text = (status: number, body: string, headers: Record<string, string> = {}): Answer => response => {
  response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(body)
}

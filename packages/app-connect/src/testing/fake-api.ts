import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An HTTP server that answers as a test says. */
export class FakeApi {
  readonly asked: Asked[] = []
  answer: (asked: Asked, response: ServerResponse) => void = (_asked, response) => { response.end('{}') }

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeApi> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString('utf8') }
        api.asked.push(asked)
        api.answer(asked, response)
      })
    })
    const api = new FakeApi(server)
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    return api
  }

  get host(): string {
    // One that listens on TCP has an address of this form.
    return `127.0.0.1:${String((this.server.address() as AddressInfo).port)}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}

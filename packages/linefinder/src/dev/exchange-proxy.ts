import { createServer, request as sendPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as sendSecure } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Exchange {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** `null` when the CRM did not answer. */
  readonly status: number | null
  readonly ms: number
  readonly sent: Content
  readonly answered: Content
}

export interface Content {
  readonly type: string
  readonly text: string
}

export interface ExchangeProxy {
  /** Such as `127.0.0.1:40123`. */
  readonly host: string
  stop(): Promise<void>
}

/** What is shown of a body is its beginning. */
const keptBytes = 100_000

/** Stands on this machine in front of a CRM and tells of everything that passes. */
export async function startExchangeProxy(crm: string, onExchange: (exchange: Exchange) => void): Promise<ExchangeProxy> {
  const target = new URL(crm)
  const send = target.protocol === 'https:' ? sendSecure : sendPlain

  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const startedAt = performance.now()
    const sent = keeping(incoming)
    const tell = (status: number | null, answered: Content) => {
      onExchange({ method: incoming.method ?? 'GET', url: incoming.url ?? '/', status, ms: Math.round(performance.now() - startedAt), sent: sent(), answered })
    }
    const outgoing = send({
      hostname: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers: { ...incoming.headers, host: target.host }, agent: false,
    }, answer => {
      const answered = keeping(answer)
      const { connection: _connection, 'keep-alive': _keepAlive, ...headers } = answer.headers
      response.writeHead(answer.statusCode ?? 502, headers)
      answer.on('end', () => { tell(answer.statusCode ?? 502, answered()) })
      answer.on('error', () => response.destroy())
      answer.pipe(response)
    })
    outgoing.on('error', () => {
      tell(null, { type: '', text: '' })
      response.destroy()
    })
    response.on('close', () => { if (!response.writableFinished) outgoing.destroy() })
    incoming.pipe(outgoing)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return {
    // A server that listens on TCP has an address of this form.
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function keeping(message: IncomingMessage): () => Content {
  const pieces: Buffer[] = []
  let size = 0
  message.on('data', (piece: Buffer) => {
    if (size < keptBytes) pieces.push(piece)
    size += piece.length
  })
  return () => ({ type: message.headers['content-type'] ?? '', text: Buffer.concat(pieces).subarray(0, keptBytes).toString() })
}

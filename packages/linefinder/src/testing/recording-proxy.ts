import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordingProxy {
  readonly host: string
  /** Every body that went through, in either direction. */
  bodies(): string[]
  stop(): Promise<void>
}

/** Stands in front of a CRM and keeps what passes, so that a test knows the tokens that were issued. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const bodies: string[] = []
  const server = createServer((incoming, response) => {
    const outgoing = send(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: incoming.headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('data', (chunk: Buffer) => { bodies.push(chunk.toString()) })
      answer.pipe(response)
    })
    incoming.on('data', (chunk: Buffer) => { bodies.push(chunk.toString()) })
    incoming.pipe(outgoing)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return {
    // A server that has just begun to listen on TCP has an address of this form.
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    bodies: () => bodies,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

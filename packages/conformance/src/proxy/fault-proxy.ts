import { Agent as HttpAgent, createServer, request as requestHttp, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { FaultList, type Fault, type FaultScope } from './faults.js'

export interface ProxiedRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** The client closed the line before it had an answer. */
  isAborted: boolean
}

export interface FaultProxy {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string
  /** In the order in which they came. */
  readonly requests: readonly ProxiedRequest[]
  inject(fault: Fault, scope?: FaultScope): void
  /** Takes all faults away and forgets the requests. */
  clear(): void
  close(): Promise<void>
}

/** An HTTP proxy on this machine in front of `target`, an origin. Without faults it changes nothing but the host. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const faults = new FaultList()
  let requests: ProxiedRequest[] = []
  const upstream = new Upstream(new URL(target))
  const server = createServer((incoming, response) => {
    const seen: ProxiedRequest = { method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers: incoming.headers, isAborted: false }
    requests.push(seen)
    response.on('close', () => { seen.isAborted = !response.writableFinished })
    void answer(faults.take(seen.method, seen.url), incoming, response)
  })

  async function answer(fault: Fault | null, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (fault === null) await upstream.pass(incoming, response)
      else await inFault[fault.kind](fault as never, incoming, response)
    } catch {
      response.destroy()
    }
  }

  const inFault: { readonly [Kind in Fault['kind']]: (fault: Extract<Fault, { kind: Kind }>, incoming: IncomingMessage, response: ServerResponse) => Promise<void> } = {
    async status({ status, headers = {}, body = { error: 'injected' } }, incoming, response) {
      await drained(incoming)
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
    },
    async slow({ ms }, incoming, response) {
      await new Promise(resolve => setTimeout(resolve, ms))
      await upstream.pass(incoming, response)
    },
    async hang(_fault, incoming) {
      await drained(incoming)
    },
    async resetBeforeCommit(_fault, incoming) {
      incoming.socket.destroy()
    },
    async resetAfterCommit(_fault, incoming) {
      await upstream.ask(incoming)
      incoming.socket.destroy()
    },
    async truncated(_fault, incoming, response) {
      const { status, headers, body } = await upstream.ask(incoming)
      response.writeHead(status, { 'content-type': headers['content-type'] ?? 'application/json', 'content-length': String(body.length) })
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy())
    },
    async malformed(_fault, incoming, response) {
      await drained(incoming)
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"items":[{"id":')
    },
    async html(_fault, incoming, response) {
      await drained(incoming)
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Maintenance</title><p>Back soon.</p>')
    },
    async redirect({ to }, incoming, response) {
      await drained(incoming)
      response.writeHead(307, { Location: new URL(incoming.url ?? '/', to).href }).end()
    },
  }

  server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // True because the server listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${String(port)}`
  upstream.publicOrigin = origin

  return {
    origin,
    get requests() { return requests },
    inject: (fault, scope = {}) => { faults.inject(fault, scope) },
    clear() {
      faults.clear()
      requests = []
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      upstream.close()
      await closed
    },
  }
}

interface WholeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

class Upstream {
  /** Where the proxy itself is: a redirect of the CRM to itself comes through the proxy again. */
  publicOrigin = ''
  // A kept line may be cut by the CRM just as it is used again, which would look like a fault of the adapter.
  readonly #agents = { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) }

  constructor(private readonly target: URL) {}

  async pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#send(incoming)
    const { location, connection: _connection, 'keep-alive': _keepAlive, ...headers } = answer.headers
    const moved = location?.startsWith(this.target.origin) === true ? location.replace(this.target.origin, this.publicOrigin) : location
    response.writeHead(answer.statusCode ?? 502, { ...headers, ...(moved === undefined ? {} : { location: moved }) })
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  }

  async ask(incoming: IncomingMessage): Promise<WholeAnswer> {
    const answer = await this.#send(incoming)
    const pieces: Buffer[] = []
    for await (const piece of answer) pieces.push(piece as Buffer)
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(pieces) }
  }

  close(): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  #send(incoming: IncomingMessage): Promise<IncomingMessage> {
    const isSecure = this.target.protocol === 'https:'
    return new Promise((resolve, reject) => {
      const outgoing = (isSecure ? requestHttps : requestHttp)({
        hostname: this.target.hostname, port: this.target.port, method: incoming.method, path: incoming.url,
        headers: { ...incoming.headers, host: this.target.host }, agent: isSecure ? this.#agents.https : this.#agents.http,
      }, resolve)
      outgoing.on('error', reject)
      incoming.on('error', () => outgoing.destroy())
      incoming.pipe(outgoing)
    })
  }
}

async function drained(incoming: IncomingMessage): Promise<void> {
  incoming.resume()
  if (!incoming.complete) await new Promise(resolve => incoming.once('end', resolve))
}

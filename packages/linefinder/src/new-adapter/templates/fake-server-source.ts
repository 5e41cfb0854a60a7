/** `src/testing/fake-server.ts`: routes over `node:http`, the same for every adapter. */
export const fakeServerSource = (): string => `import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Fields = Record<string, unknown>

export interface Asked {
  readonly request: IncomingMessage
  /** What stands in the path for each \`{name}\`. */
  readonly params: readonly string[]
  readonly query: URLSearchParams
  /** JSON or a form. */
  readonly body: Fields
  readonly bytes: Buffer
}

export interface Route {
  readonly method: string
  readonly path: RegExp
  handle(asked: Asked): unknown
}

export const route = (method: string, path: string, handle: (asked: Asked) => unknown): Route =>
  ({ method, path: new RegExp(\`^\${path.replaceAll('.', '\\\\.').replace(/\\{[^}]+\\}/g, '([^/]+)')}$\`), handle })

/** Thrown, it is the answer. */
export class Refused extends Error {
  constructor(readonly status: number, readonly headers: Readonly<Record<string, string>> = {}) {
    super(\`refused with \${String(status)}\`)
  }
}

/** Serves on a free port of this machine. \`check\` throws when whoever asks may not. */
export async function serve(open: readonly Route[], routes: readonly Route[], check: (request: IncomingMessage) => void): Promise<{ origin: string; stop(): Promise<void> }> {
  async function answer(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://crm')
    const find = (among: readonly Route[]) => among.find(({ method, path }) => method === request.method && path.test(pathname))
    const bytes = await bytesOf(request)
    const found = find(open)
    if (!found) check(request)
    const matched = found ?? find(routes)
    if (!matched) throw new Refused(404)
    const params = (matched.path.exec(pathname) ?? []).slice(1).map(decodeURIComponent)
    return matched.handle({ request, params, query, bytes, body: bodyOf(request, bytes) })
  }

  const server = createServer((request, response) => {
    answer(request).then(body => { send(response, 200, body) }, (error: unknown) => {
      if (error instanceof Refused) send(response, error.status, { error: error.message }, error.headers)
      else send(response, 500, { error: 'internal' })
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return {
    // A server that listens on TCP has an address of this form.
    origin: \`http://127.0.0.1:\${String((server.address() as AddressInfo).port)}\`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

function bodyOf({ headers: { 'content-type': type = '' } }: IncomingMessage, bytes: Buffer): Fields {
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(bytes.toString()))
  if (!type.startsWith('application/json') || bytes.length === 0) return {}
  try {
    return JSON.parse(bytes.toString()) as Fields
  } catch {
    throw new Refused(400)
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}))
}
`

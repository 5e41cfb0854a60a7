import { Agent as HttpAgent, createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { AdapterContext, CrmAdapter, CrmUser } from '@linefinder/core'
import { createAdapterContext, HeldHere, OperationCredentials, type AddressRules, type Credentials } from '@linefinder/core/http'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Answered {
  readonly status?: number
  readonly body?: unknown
  /** In place of `body`, as it is. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A CRM over HTTP that answers as a test says, and keeps what it was asked. */
export class CrmInTest {
  readonly asked: Asked[] = []
  answer: (asked: Asked) => Answered = () => ({})
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#keep(request).then(asked => {
        const { status = 200, body = {}, text = JSON.stringify(body), headers = {} } = this.answer(asked)
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text)
      })
    })
  }

  static async start(): Promise<CrmInTest> {
    const crm = new CrmInTest()
    await new Promise<void>(resolve => { crm.#server.listen(0, '127.0.0.1', resolve) })
    return crm
  }

  get host(): string {
    // True because it listens on a port.
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  /** What was asked since, in short. */
  take(): string[] {
    return this.asked.splice(0).map(({ method, url, body }) => `${method} ${url}${body.length > 0 ? ` ${body.toString()}` : ''}`)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #keep(request: IncomingMessage): Promise<Asked> {
    const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: await buffer(request) }
    this.asked.push(asked)
    return asked
  }
}

const agents = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() }

/** Lets everything be asked, by plain HTTP. */
export const openRules: AddressRules = {
  resolve: (template, hostname) => template.replaceAll('{hostname}', hostname).replace(/^https:/, 'http:'),
  check() { /* every address may be asked */ },
  agentsFor: () => agents,
}

export interface ContextOptions {
  readonly properties?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
  readonly fields?: Record<string, string>
  readonly user?: CrmUser | null
  readonly rules?: AddressRules
  readonly idempotencyKey?: string
}

/** As a server gives it. */
export async function contextFor(adapter: CrmAdapter, hostname: string, options: ContextOptions = {}): Promise<AdapterContext> {
  const { properties = {}, secrets = {}, fields = {}, user = null, rules = openRules, idempotencyKey } = options
  const settings = { country: 'NL', properties }
  const scheme = typeof adapter.auth === 'function' ? await adapter.auth({ hostname, settings, secrets }) : adapter.auth
  const held: Credentials = scheme.type === 'oauth2' ? { type: 'oauth2', accessToken: 'an-access-token' }
    : scheme.type === 'custom' ? { type: 'custom', fields, session: { values: fields } } : { type: 'fields', fields }
  return createAdapterContext({
    adapter, scheme, guard: rules, requestId: 'request-1', idempotencyKey, signal: new AbortController().signal,
    credentials: new OperationCredentials(new HeldHere(held)),
    connection: { id: '1', hostname, settings, secrets, user },
    phoneOptions: { country: 'NL' },
    log: { debug() { /* not looked at */ }, warn() { /* not looked at */ } },
  })
}

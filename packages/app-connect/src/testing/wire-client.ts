export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON, else the text. */
  // Tests read what the client reads, and fail where it is not there.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

export const extensionOrigin = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'

/**
 * Sends what RingCentral's client 1.6.6 sends, byte for byte: credentials in the query, values that are not encoded, an extension's origin, and a
 * preflight before each request with headers of its own.
 */
export class WireClient {
  jwt: string | undefined
  /** Set once `/userInfoHash` has answered. */
  analytics: Record<string, string> = {}
  /** What every browser does, unless a test is about something else. */
  preflights = true

  constructor(readonly base: string) {}

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers)
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, body, headers)
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, body)
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body)
  }

  /** `{jwt}` in the path is the token that the client holds. */
  async send(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
    const url = `${this.base}${path.replace('{jwt}', this.jwt ?? 'undefined')}`
    const headers = {
      Origin: extensionOrigin, ...this.analytics, ...more,
      'Content-Type': body === undefined ? 'application/x-www-form-urlencoded' : 'application/json',
    }
    if (this.preflights) await this.#preflight(url, method, Object.keys(headers))
    const response = await fetch(url, { method, redirect: 'manual', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (response.headers.get('access-control-allow-origin') !== extensionOrigin) throw new Error(`the browser would not let the extension read ${method} ${path}`)
    return { status: response.status, headers: response.headers, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text }
  }

  async #preflight(url: string, method: string, headers: string[]): Promise<void> {
    const asked = headers.filter(name => !['Origin', 'Content-Type'].includes(name)).join(',').toLowerCase()
    const response = await fetch(url, {
      method: 'OPTIONS',
      headers: { Origin: extensionOrigin, 'Access-Control-Request-Method': method, ...(asked === '' ? {} : { 'Access-Control-Request-Headers': asked }) },
    })
    const allows = response.headers.get('access-control-allow-headers') ?? ''
    const isLetThrough = response.ok && response.headers.get('access-control-allow-origin') === extensionOrigin
      && (response.headers.get('access-control-allow-methods') ?? '').includes(method) && allows.includes(asked)
    if (!isLetThrough) throw new Error(`the browser would not send ${method} ${url}`)
  }
}

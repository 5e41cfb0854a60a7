import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { CrmError } from '@linefinder/core'
import { keptConnections, type AddressRules } from '@linefinder/core/http'
import { isPrivateHost } from './private-host.js'

/**
 * Decides which addresses we connect to. Public ones by https; a private one, or plain http, only when the operator listed
 * its origin. The agents check the address that the name resolves to at the moment of connecting, so a name that changes
 * its mind gains nothing.
 */
export class AddressGuard implements AddressRules {
  readonly #privateOrigins: ReadonlySet<string>
  readonly #filtered = {
    http: new RequestFilteringHttpAgent(keptConnections),
    https: new RequestFilteringHttpsAgent(keptConnections),
  }
  readonly #unfiltered = { http: new HttpAgent(keptConnections), https: new HttpsAgent(keptConnections) }

  /** `privateOrigins`: such as `http://127.0.0.1:4100`. Throws when one is not an origin. */
  constructor(privateOrigins: readonly string[]) {
    this.#privateOrigins = new Set(privateOrigins.map(text => {
      if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error(`"${text}" is not an origin such as http://127.0.0.1:4100`)
      return new URL(text).origin
    }))
  }

  /** Fills `{hostname}` in. An `https` template becomes `http` where the operator listed that origin of the host. */
  resolve(template: string, hostname: string): string {
    const filled = template.replaceAll('{hostname}', hostname)
    const plain = filled.replace(/^https:/, 'http:')
    return URL.canParse(plain) && this.#privateOrigins.has(new URL(plain).origin) ? plain : filled
  }

  /** Throws `CrmError('address_refused')` for an address that may not be asked. */
  check(url: string): void {
    if (!URL.canParse(url)) throw new CrmError('address_refused', { detail: 'The address is not a URL.' })
    const { protocol, origin, hostname, username, password } = new URL(url)
    if (username !== '' || password !== '') throw new CrmError('address_refused', { detail: 'The address holds a credential.' })
    if (protocol !== 'https:' && !this.#privateOrigins.has(origin)) throw new CrmError('address_refused', { detail: 'Only https is allowed.' })
    if (isPrivateHost(hostname) && !this.#privateOrigins.has(origin)) throw new CrmError('address_refused', { detail: 'A private address is allowed only where the operator lists its origin.' })
  }

  agentsFor(url: string): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
    const { http, https } = this.#privateOrigins.has(new URL(url).origin) ? this.#unfiltered : this.#filtered
    return { httpAgent: http, httpsAgent: https }
  }

  close(): void {
    for (const agent of [...Object.values(this.#filtered), ...Object.values(this.#unfiltered)]) agent.destroy()
  }
}

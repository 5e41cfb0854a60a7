import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { keptConnections, type AddressRules } from '@linefinder/core/http'

/** Lets every address be asked, and leads to the proxy what would go to the CRM. */
export class OpenRules implements AddressRules {
  readonly #agents = { httpAgent: new HttpAgent(keptConnections), httpsAgent: new HttpsAgent(keptConnections) }

  /** @param plainHosts hosts on this machine that speak http. */
  constructor(private readonly crmOrigin: string, private readonly proxyOrigin: string, private readonly plainHosts: ReadonlySet<string>) {}

  resolve(template: string, hostname: string): string {
    const url = template.replaceAll('{hostname}', hostname)
    if (!URL.canParse(url)) return url
    const { host, origin } = new URL(url)
    if (this.plainHosts.has(host)) return url.replace(/^https:/, 'http:')
    return origin === this.crmOrigin ? url.replace(origin, this.proxyOrigin) : url
  }

  check(): void { /* The checks look at where requests went. */ }

  agentsFor() {
    return this.#agents
  }

  close(): void {
    this.#agents.httpAgent.destroy()
    this.#agents.httpsAgent.destroy()
  }
}

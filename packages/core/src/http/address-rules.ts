import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'

/** Which addresses may be asked, and how one connects to them. */
export interface AddressRules {
  /** Fills `{hostname}` into a template such as `https://{hostname}/api`. */
  resolve(template: string, hostname: string): string
  /** Throws `CrmError('address_refused')` for an address that may not be asked. */
  check(url: string): void
  agentsFor(url: string): { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent }
}

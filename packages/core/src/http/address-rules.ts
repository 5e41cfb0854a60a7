import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'

/**
 * Of agents for CRMs. A connection that is not used for so long, or for as long as the CRM keeps one (`Keep-Alive: timeout`, which an agent without a limit does not look at),
 * is closed from this side: whoever sends on one that the CRM is just closing does not learn whether it arrived. Node's own agent has the same limit.
 * axios has the kernel look after a minute whether the other side is still there; an agent that says otherwise would have the socket set twice for each request.
 */
export const keptConnections = { keepAlive: true, keepAliveMsecs: 60_000, timeout: 5000 }

/** Which addresses may be asked, and how one connects to them. */
export interface AddressRules {
  /** Fills `{hostname}` into a template such as `https://{hostname}/api`. */
  resolve(template: string, hostname: string): string
  /** Throws `CrmError('address_refused')` for an address that may not be asked. */
  check(url: string): void
  agentsFor(url: string): { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent }
}

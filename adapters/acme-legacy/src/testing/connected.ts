import axios, { type AxiosInstance } from 'axios'
import type { AdapterContext, CrmUser } from '@linefinder/core'
import { parsePhone, samePhone } from '@linefinder/core/phone'
import { startAcmeLegacy } from '@linefinder/example-acme-legacy-crm'

export interface Written {
  readonly no: number
  readonly customerId: number
  readonly userId: number
  readonly kind: string
  readonly date: string
  readonly text: string
}

export interface Connected {
  /** What a server would give the adapter, with the key of Ann unless another is given, in the Netherlands unless elsewhere. */
  context(changes?: { key?: string; country?: string; user?: CrmUser | null }): AdapterContext
  /** The CRM's switches and records, behind the adapter's back. */
  readonly control: AxiosInstance
  written(): Promise<Written[]>
  stop(): Promise<void>
}

/** A new CRM in memory, its first customer Jan de Vries. */
export async function connectToNewCrm(options: { seedCustomers?: number; timeZone?: string } = {}): Promise<Connected> {
  const crm = await startAcmeLegacy({ seedCustomers: 4, ...options })
  const control = axios.create({ baseURL: `${crm.url}/_control` })
  return {
    control,
    context: ({ key = 'legacy-key-ann', country = 'NL', user = null } = {}) => ({
      http: axios.create({ baseURL: `${crm.url}/api`, headers: { 'X-Acme-Key': key }, responseType: 'json' }),
      connection: { id: '1', hostname: new URL(crm.url).host, settings: { country }, secrets: {}, user },
      filledIn: async () => ({}),
      phone: {
        options: { country },
        parse: text => parsePhone(text, { country }),
        isSame: (a, b) => samePhone(a, b, { country }),
      },
      log: { debug() { /* not looked at */ }, warn() { /* not looked at */ } },
      signal: new AbortController().signal,
    }),
    written: async () => (await control.get<Written[]>('/activities')).data,
    stop: () => crm.stop(),
  }
}

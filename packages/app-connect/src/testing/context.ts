import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { crmUserId, CrmError, type AdapterContext, type AuthScheme } from '@linefinder/core'
import { createAdapterContext, HeldHere, OperationCredentials, type AddressRules, type Credentials, type CredentialSource } from '@linefinder/core/http'
import type { ConnectorAdapter } from '../extras.js'

const agents = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() }

/** As an operator's who lists this machine: https of it is plain http, and one name is not allowed. */
const rules: AddressRules = {
  resolve: template => template.replace(/^https:\/\/127\./, 'http://127.'),
  check(url) { if (new URL(url).hostname.endsWith('.internal')) throw new CrmError('address_refused') },
  agentsFor: () => agents,
}

export interface ContextChanges {
  readonly hostname?: string
  readonly connectionId?: string
  /** `null` while connecting. Default `7`. */
  readonly userId?: string | null
  readonly settings?: Readonly<Record<string, unknown>>
  readonly secrets?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Default those that are given. */
  readonly source?: CredentialSource
}

export interface Connected {
  readonly ctx: AdapterContext
  /** What is kept of the connection by now. */
  readonly held: HeldHere
  readonly said: string[]
}

/** A connection of the adapter as a server has it, with what it keeps in sight. */
export function connectionOf(adapter: ConnectorAdapter, credentials: Credentials, changes: ContextChanges = {}): Connected {
  const held = new HeldHere(credentials)
  const said: string[] = []
  const { hostname = 'crm.example', connectionId = 'c1', userId = '7', settings = {}, secrets = {}, signal = AbortSignal.timeout(10_000), source = held } = changes
  const scheme: AuthScheme = credentials.type === 'oauth2'
    ? { type: 'oauth2', authorizeUrl: '', tokenUrl: '', scopes: [] } : { type: 'apiKey', fields: [], placements: [] }
  const say = (message: string, fields?: object) => { said.push(JSON.stringify([message, fields])) }
  const ctx = createAdapterContext({
    adapter, scheme, credentials: new OperationCredentials(source), guard: rules, signal, requestId: 'request-1',
    connection: { id: connectionId, hostname, settings, secrets, user: userId === null ? null : { id: crmUserId.parse(userId), name: 'Ann' } },
    phoneOptions: { country: 'NL' }, log: { debug: say, warn: say },
  })
  return { ctx, held, said }
}

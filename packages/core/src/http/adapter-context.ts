import type { AdapterContext, CrmAdapter } from '../adapter.js'
import type { AuthScheme } from '../auth.js'
import { parsePhone } from '../phone/parse.js'
import type { PhoneOptions } from '../phone/parsed-phone.js'
import { samePhone } from '../phone/same.js'
import type { AddressRules } from './address-rules.js'
import { createBareHttp } from './bare-http.js'
import { contextCredentials } from './context-credentials.js'
import { applyCredentials, type Credentials } from './credentials.js'
import { createHttp } from './http-client.js'
import type { OperationCredentials } from './operation-credentials.js'

export interface AdapterContextParts {
  readonly adapter: CrmAdapter
  readonly scheme: AuthScheme
  readonly credentials: OperationCredentials
  readonly guard: AddressRules
  readonly connection: AdapterContext['connection']
  readonly phoneOptions: PhoneOptions
  readonly log: AdapterContext['log']
  readonly requestId: string
  readonly idempotencyKey?: string | undefined
  /** The whole operation's deadline. */
  readonly signal: AbortSignal
}

/** What an adapter gets for one operation. */
export function createAdapterContext(parts: AdapterContextParts): AdapterContext {
  const { adapter, scheme, credentials: operation, guard, connection, phoneOptions, log, signal } = parts
  return {
    http: createHttp({
      guard, signal, requestId: parts.requestId, idempotencyKey: parts.idempotencyKey,
      baseUrl: baseUrlOf(adapter, guard, connection.hostname),
      credentialOrigins: adapter.credentialHosts?.(connection).map(host => new URL(guard.resolve('https://{hostname}', host)).origin) ?? [],
      authorize: async config => {
        const { credentials, version } = await operation.current()
        applyCredentials(scheme, credentials, config)
        return version
      },
      renew: refusedVersion => operation.renew(refusedVersion),
    }),
    connection,
    filledIn: async () => openFieldsOf(scheme, (await operation.current()).credentials),
    phone: {
      options: phoneOptions,
      parse: text => parsePhone(text, phoneOptions),
      isSame: (a, b) => samePhone(a, b, phoneOptions),
    },
    log,
    signal,
    ...(adapter.needsCredentials === true && {
      credentials: contextCredentials(operation, createBareHttp({ guard, signal, requestId: parts.requestId })),
    }),
  }
}

function openFieldsOf(scheme: AuthScheme, held: Credentials): Record<string, string> {
  if (scheme.type === 'oauth2' || held.type === 'oauth2') return {}
  const open = new Set(scheme.fields.filter(({ secret }) => !secret).map(({ name }) => name))
  return Object.fromEntries(Object.entries(held.fields).filter(([name]) => open.has(name)))
}

/** Where an adapter's relative paths go. */
export const baseUrlOf = (adapter: CrmAdapter, guard: AddressRules, hostname: string): string =>
  guard.resolve(adapter.baseUrl ?? 'https://{hostname}', hostname)

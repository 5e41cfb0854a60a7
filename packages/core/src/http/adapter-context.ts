import type { AdapterContext, CrmAdapter } from '../adapter.js'
import type { AuthScheme } from '../auth.js'
import { parsePhone } from '../phone/parse.js'
import type { PhoneOptions } from '../phone/parsed-phone.js'
import { samePhone } from '../phone/same.js'
import type { AddressRules } from './address-rules.js'
import { applyCredentials, type Credentials } from './credentials.js'
import { createHttp } from './http-client.js'

export interface Held {
  readonly credentials: Credentials
  /** Rises with every change. */
  readonly version: number
}

/** Where an operation takes its credentials from. */
export interface CredentialSource {
  current(): Promise<Held>
  /** Newer ones than of the version `stale`. Throws `CrmError('unauthorized')` when there will be none. */
  renew(stale: number): Promise<Held>
}

export interface AdapterContextParts {
  readonly adapter: CrmAdapter
  readonly scheme: AuthScheme
  readonly source: CredentialSource
  readonly guard: AddressRules
  readonly connection: AdapterContext['connection']
  readonly phoneOptions: PhoneOptions
  readonly log: AdapterContext['log']
  readonly requestId: string
  readonly idempotencyKey?: string | undefined
  /** The whole operation's deadline. */
  readonly signal: AbortSignal
}

/** What an adapter gets for one operation. Credentials are read when the first request needs them. */
export function createAdapterContext(parts: AdapterContextParts): AdapterContext {
  const { adapter, scheme, source, guard, connection, phoneOptions, log, signal } = parts
  let held: Promise<Held> | undefined
  return {
    http: createHttp({
      guard, signal, requestId: parts.requestId, idempotencyKey: parts.idempotencyKey,
      baseUrl: baseUrlOf(adapter, guard, connection.hostname),
      authorize: async config => {
        held ??= source.current()
        const { credentials, version } = await held
        applyCredentials(scheme, credentials, config)
        return version
      },
      renew: async refusedVersion => {
        if ((await held)?.version === refusedVersion) held = source.renew(refusedVersion)
        await held
      },
    }),
    connection,
    phone: {
      options: phoneOptions,
      parse: text => parsePhone(text, phoneOptions),
      isSame: (a, b) => samePhone(a, b, phoneOptions),
    },
    log,
    signal,
  }
}

/** Where an adapter's relative paths go. */
export const baseUrlOf = (adapter: CrmAdapter, guard: AddressRules, hostname: string): string =>
  guard.resolve(adapter.baseUrl ?? 'https://{hostname}', hostname)

import {
  authFormOf, capabilitiesOf, contractVersion, type AuthForm, type AuthScheme, type CrmAdapter, type InstallationFacts,
} from '@linefinder/core'
import type { AdapterSummary } from '@linefinder/core/api'
import { ApiError } from '../http/api-error.js'

/** The adapters that this server hosts. */
export class AdapterRegistry {
  readonly #adapters: ReadonlyMap<string, CrmAdapter>

  /** Throws when two adapters have one id, or one speaks a newer contract than this server. */
  constructor(adapters: readonly CrmAdapter[]) {
    this.#adapters = new Map(adapters.map(adapter => [adapter.id, adapter]))
    if (this.#adapters.size !== adapters.length) throw new Error(`two adapters have one id: ${adapters.map(({ id }) => id).join(', ')}`)
    for (const { id, contractVersion: version } of adapters) {
      if (version > contractVersion) throw new Error(`adapter "${id}" speaks contract ${String(version)}; this server knows ${String(contractVersion)}: update @linefinder/server`)
      if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new Error(`adapter id "${id}" is not lower case letters, digits and hyphens`)
    }
  }

  /** Throws `adapter_not_found`. */
  get(id: string): CrmAdapter {
    const adapter = this.#adapters.get(id)
    if (!adapter) throw new ApiError('adapter_not_found', { detail: `This server hosts no adapter "${id}".` })
    return adapter
  }

  /** An installation may outlive its adapter on a server. */
  has(id: string): boolean {
    return this.#adapters.has(id)
  }

  async schemeOf(adapter: CrmAdapter, facts: InstallationFacts): Promise<AuthScheme> {
    return typeof adapter.auth === 'function' ? adapter.auth({ ...facts, secrets: {} }) : adapter.auth
  }

  async formOf(adapter: CrmAdapter, facts: InstallationFacts): Promise<AuthForm> {
    return authFormOf(await this.schemeOf(adapter, facts))
  }

  summaries(): AdapterSummary[] {
    return [...this.#adapters.values()].map(adapter => ({
      id: adapter.id,
      name: adapter.name,
      auth: typeof adapter.auth === 'function' ? null : authFormOf(adapter.auth),
      capabilities: capabilitiesOf(adapter),
      ...(adapter.needsCredentials === true && { needsCredentials: true as const }),
    }))
  }
}

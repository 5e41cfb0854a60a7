import {
  authFormOf, capabilitiesOf, contractVersion, type AuthForm, type AuthScheme, type CrmAdapter, type InstallationWithSecrets, type Property,
} from '@linefinder/core'
import type { AdapterSummary } from '@linefinder/core/api'
import type { DocumentShelf } from '../documents/document-shelf.js'
import { ApiError } from '../http/api-error.js'

/** The adapters that this server hosts: those in code for every tenant, and each tenant's documents for that tenant. */
export class AdapterRegistry {
  readonly #coded: ReadonlyMap<string, CrmAdapter>

  /** Throws when two adapters have one id, or one speaks a newer contract than this server. */
  constructor(adapters: readonly CrmAdapter[], private readonly shelf: DocumentShelf | null = null) {
    this.#coded = new Map(adapters.map(adapter => [adapter.id, adapter]))
    if (this.#coded.size !== adapters.length) throw new Error(`two adapters have one id: ${adapters.map(({ id }) => id).join(', ')}`)
    for (const { id, contractVersion: version } of adapters) {
      if (version > contractVersion) throw new Error(`adapter "${id}" speaks contract ${String(version)}; this server knows ${String(contractVersion)}: update @linefinder/server`)
      if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new Error(`adapter id "${id}" is not lower case letters, digits and hyphens`)
    }
  }

  withDocuments(shelf: DocumentShelf): AdapterRegistry {
    return new AdapterRegistry([...this.#coded.values()], shelf)
  }

  /**
   * Whatever works for a tenant awaits this before it asks for the tenant's adapters, and not within a transaction. Nearly always there is
   * nothing to wait for.
   */
  async ready(tenantId: string): Promise<void> {
    await this.shelf?.ready(tenantId)
  }

  /** Throws `adapter_not_found`. Ask again for each piece of work: a document may have a new version. */
  get(tenantId: string, id: string): CrmAdapter {
    const adapter = this.#find(tenantId, id)
    if (!adapter) throw new ApiError('adapter_not_found', { detail: `This server hosts no adapter "${id}".` })
    return adapter
  }

  /** An installation may outlive its adapter on a server. */
  has(tenantId: string, id: string): boolean {
    return this.#find(tenantId, id) !== undefined
  }

  /** Whether it is there for every tenant, so that no document may take its id. */
  isCoded(id: string): boolean {
    return this.#coded.has(id)
  }

  async schemeOf(adapter: CrmAdapter, facts: InstallationWithSecrets): Promise<AuthScheme> {
    return typeof adapter.auth === 'function' ? adapter.auth(facts) : adapter.auth
  }

  async formOf(adapter: CrmAdapter, facts: InstallationWithSecrets): Promise<AuthForm> {
    return authFormOf(await this.schemeOf(adapter, facts))
  }

  /** @param tenantId whose documents are among them; `null` for nobody's */
  summaries(tenantId: string | null): AdapterSummary[] {
    const documents = tenantId === null ? [] : this.shelf?.list(tenantId) ?? []
    return [...this.#coded.values(), ...documents.filter(({ id }) => !this.isCoded(id))].map(adapter => ({
      id: adapter.id,
      name: adapter.name,
      auth: typeof adapter.auth === 'function' ? null : authFormOf(adapter.auth),
      capabilities: capabilitiesOf(adapter),
      ...(adapter.needsCredentials === true && { needsCredentials: true as const }),
      properties: (adapter.properties ?? []).map(toSummary),
    }))
  }

  /** Code comes first: a server may have learnt an adapter after the document was stored. */
  #find(tenantId: string, id: string): CrmAdapter | undefined {
    return this.#coded.get(id) ?? this.shelf?.find(tenantId, id)
  }
}

const toSummary = ({ name, label, isSecret, isRequired, help }: Property): AdapterSummary['properties'][number] => ({
  name, isSecret, isRequired, ...(label === undefined ? {} : { label }), ...(help === undefined ? {} : { help }),
})

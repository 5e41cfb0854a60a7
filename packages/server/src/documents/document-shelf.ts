import { AsyncLocalStorage } from 'node:async_hooks'
import type { Logger } from 'pino'
import { contractVersion, type CrmAdapter } from '@linefinder/core'
import type { Database } from '../database/database.js'
import type { DocumentReader } from './document-reader.js'
import { findActiveVersions, findRevisions, findTexts } from './document-statements.js'

/** One version of a document. `null`: this server's reader no longer accepts it. */
interface Shelved {
  readonly version: number
  readonly adapter: CrmAdapter | null
}

interface TenantShelf {
  readonly revision: number
  readonly documents: ReadonlyMap<string, Shelved>
}

/** How old at most what a process knows of changes by other processes may be when somebody asks. */
const lookEveryMs = 2000

const empty: TenantShelf = { revision: 0, documents: new Map() }

/**
 * The adapters of the tenants' documents, each read once for each version and process. A version that has been handed out stays what it is,
 * whatever comes after it.
 */
export class DocumentShelf {
  readonly #tenants = new Map<string, TenantShelf>()
  readonly #loading = new Map<string, Promise<void>>()
  #lookedAt = 0
  #looking: Promise<void> | undefined
  /** A load is everyone's, so it is not made in whatever transaction the first asker has open. */
  readonly #outside = AsyncLocalStorage.snapshot()

  constructor(private readonly database: Database, private readonly reader: DocumentReader, private readonly log: Logger) {}

  /**
   * Resolves once the tenant's documents are known as they were at most two seconds ago. `undefined` when they are already. Never ask
   * within a transaction: on the embedded database the load would wait for it.
   */
  ready(tenantId: string): Promise<void> | undefined {
    if (Date.now() - this.#lookedAt >= lookEveryMs) {
      this.#looking ??= this.#outside(() => this.#look()).finally(() => { this.#looking = undefined })
    }
    if (this.#looking) return this.#looking.then(() => this.#known(tenantId))
    return this.#known(tenantId)
  }

  /** For whoever has just changed the tenant's documents. */
  async reload(tenantId: string): Promise<void> {
    await this.#load(tenantId)
  }

  find(tenantId: string, id: string): CrmAdapter | undefined {
    return this.#tenants.get(tenantId)?.documents.get(id)?.adapter ?? undefined
  }

  list(tenantId: string): CrmAdapter[] {
    return [...this.#tenants.get(tenantId)?.documents.values() ?? []].flatMap(({ adapter }) => adapter ?? [])
  }

  #known(tenantId: string): Promise<void> | undefined {
    if (this.#tenants.has(tenantId)) return undefined
    const loading = this.#loading.get(tenantId) ?? this.#outside(() => this.#load(tenantId)).finally(() => this.#loading.delete(tenantId))
    this.#loading.set(tenantId, loading)
    return loading
  }

  /** One statement for all tenants that this process has to do with; usually nothing has changed. */
  async #look(): Promise<void> {
    const begunAt = Date.now()
    const known = [...this.#tenants.keys()]
    if (known.length > 0) {
      const found = await findRevisions(this.database, known)
      const changed = found.filter(({ tenantId, revision }) => Number(revision) > (this.#tenants.get(tenantId)?.revision ?? 0))
      await Promise.all(changed.map(({ tenantId }) => this.#load(tenantId)))
    }
    this.#lookedAt = begunAt
  }

  async #load(tenantId: string): Promise<void> {
    const rows = await findActiveVersions(this.database, tenantId)
    const revision = Number(rows[0]?.revision ?? 0)
    const active = rows.flatMap(({ id, version }) => id === null || version === null ? [] : { id, version })
    const known = (this.#tenants.get(tenantId) ?? empty).documents
    const unread = active.filter(({ id, version }) => known.get(id)?.version !== version)
    const texts = unread.length === 0 ? [] : await findTexts(this.database, tenantId, unread)
    // Another load may have been faster.
    if (revision < (this.#tenants.get(tenantId) ?? empty).revision) return
    const read = new Map(texts.map(({ id, version, text }) => [id, { version, adapter: this.#read(tenantId, id, version, text) }]))
    const documents = active.flatMap(({ id, version }): [string, Shelved][] => {
      const shelved = read.get(id) ?? known.get(id)
      return shelved?.version === version ? [[id, shelved]] : []
    })
    this.#tenants.set(tenantId, { revision, documents: new Map(documents) })
  }

  #read(tenantId: string, id: string, version: number, text: string): CrmAdapter | null {
    try {
      const { adapter, problems } = this.reader.read(text)
      if (adapter?.id === id && adapter.contractVersion <= contractVersion) return adapter
      const codes = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
      this.log.error({ tenant: tenantId, document: id, version, codes }, 'a stored document is no longer accepted')
    } catch (error) {
      this.log.error({ err: error, tenant: tenantId, document: id, version }, 'a stored document cannot be read')
    }
    return null
  }
}

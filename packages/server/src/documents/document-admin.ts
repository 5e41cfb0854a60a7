import { z } from 'zod'
import type { CrmAdapter } from '@linefinder/core'
import type { Page, PageQuery } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { actorOf, type AdminCaller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import { wrongField } from '../http/wrong-field.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import type { DocumentProblem, DocumentReading } from './document-reader.js'
import {
  activateVersion, countDocuments, countInstallations, deleteDocument, dropOldVersions, findDocument, insertVersion, listDocuments, listVersions, lockDocument, raiseRevision,
  type DocumentWithText, type ListedDocument, type ListedVersion,
} from './document-statements.js'

export interface DocumentFigures {
  readonly mostDocuments: number
  readonly keptVersions: number
}

export interface Stored {
  readonly id: string
  readonly name: string
  /** `null` of a dry run. */
  readonly version: number | null
  readonly warnings: readonly DocumentProblem[]
}

/** How a tenant's admin has CRMs hosted that are described in a document. */
export class DocumentAdmin {
  readonly #audit: AuditTrail

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'models' | 'adapters' | 'documentReader' | 'shelf'>,
    private readonly figures: DocumentFigures = { mostDocuments: 100, keptVersions: 100 },
  ) {
    this.#audit = new AuditTrail(deps)
  }

  /** Throws `document_invalid` with every problem, `invalid_fields` for an id that it cannot have, or `documents_full`. Then nothing has changed. */
  async put(by: AdminCaller, id: string, text: string, isDryRun: boolean): Promise<{ stored: Stored; isNew: boolean }> {
    const { adapter, warnings } = this.#accepted(text)
    if (adapter.id !== id) throw wrongField('path', '/id', `must be the document’s own id, "${adapter.id}"`)
    if (this.deps.adapters.isCoded(id)) throw wrongField('path', '/id', 'is the id of an adapter that this server has for every tenant: the document needs another')
    const about = { id, name: adapter.name, warnings }
    if (isDryRun) return { stored: { ...about, version: null }, isNew: false }
    const { version, isNew } = await this.#change(by.tenantId, () => this.#store(by, adapter, text))
    return { stored: { ...about, version }, isNew }
  }

  /** Throws `document_not_found`, or `document_invalid` when this server no longer accepts that version. */
  async activate(by: AdminCaller, id: string, version: number): Promise<Stored> {
    const { text } = await this.#get(by.tenantId, id, version)
    const { adapter, warnings } = this.#accepted(text)
    await this.#change(by.tenantId, async () => {
      const { database } = this.deps
      const before = await this.#get(by.tenantId, id)
      if (before.version === version) return
      // It may have been dropped meanwhile.
      await this.#get(by.tenantId, id, version)
      await activateVersion(database, by.tenantId, id, version)
      await this.#audit.note(by, 'document.activated', `document:${id}`, { version, before: before.version })
    })
    return { id, name: adapter.name, version, warnings }
  }

  /** Throws `document_not_found`, or `in_use` while there are installations of it. */
  async remove(by: AdminCaller, id: string): Promise<void> {
    const { database } = this.deps
    await this.#change(by.tenantId, async () => {
      const versions = await lockDocument(database, by.tenantId, id)
      if (versions.length === 0) throw new ApiError('document_not_found')
      const count = await countInstallations(database, by.tenantId, id)
      if (count > 0) throw new ApiError('in_use', { detail: count === 1 ? '1 installation uses it.' : `${String(count)} installations use it.` })
      await deleteDocument(database, by.tenantId, id)
      await this.#audit.note(by, 'document.removed', `document:${id}`)
    })
  }

  /** The active one, or one version. Throws `document_not_found`. */
  async get(tenantId: string, id: string, version?: number): Promise<{ document: DocumentWithText; reading: DocumentReading }> {
    const document = await this.#get(tenantId, id, version)
    return { document, reading: this.deps.documentReader?.read(document.text) ?? { adapter: null, problems: [] } }
  }

  async list(tenantId: string, { cursor, limit }: PageQuery): Promise<Page<ListedDocument>> {
    const [after = ''] = decodeCursor(cursor, z.tuple([z.string().max(100).regex(/^[a-z][a-z0-9-]*$/)])) ?? []
    return pageOf(await listDocuments(this.deps.database, tenantId, after, limit + 1), limit, ({ id }) => id)
  }

  /** Newest first. Throws `document_not_found`. */
  async listVersions(tenantId: string, id: string, { cursor, limit }: PageQuery): Promise<Page<ListedVersion>> {
    const [before = '2147483647'] = decodeCursor(cursor, z.tuple([z.string().regex(/^\d{1,9}$/)])) ?? []
    await this.#get(tenantId, id)
    return pageOf(await listVersions(this.deps.database, tenantId, id, Number(before), limit + 1), limit, ({ version }) => String(version))
  }

  async #store(by: AdminCaller, { id, name }: CrmAdapter, text: string): Promise<{ version: number; isNew: boolean }> {
    const { database } = this.deps
    const { mostDocuments, keptVersions } = this.figures
    const current = await findDocument(database, by.tenantId, id)
    if (current?.text === text) return { version: current.version, isNew: false }
    if (!current && await countDocuments(database, by.tenantId) >= mostDocuments) {
      throw new ApiError('documents_full', { detail: `A tenant may have ${String(mostDocuments)}.` })
    }
    const version = await insertVersion(database, by.tenantId, { id, name, text, createdBy: actorOf(by) })
    await activateVersion(database, by.tenantId, id, version)
    await dropOldVersions(database, by.tenantId, id, keptVersions)
    await this.#audit.note(by, 'document.stored', `document:${id}`, { version })
    return { version, isNew: !current }
  }

  /** This process goes by the change at once. */
  async #change<Result>(tenantId: string, work: () => Promise<Result>): Promise<Result> {
    const { database, shelf } = this.deps
    const result = await database.transaction(async () => {
      await raiseRevision(database, tenantId)
      return work()
    })
    await shelf?.reload(tenantId)
    return result
  }

  /** Throws `document_invalid`. */
  #accepted(text: string): { adapter: CrmAdapter; warnings: readonly DocumentProblem[] } {
    const { documentReader } = this.deps
    if (!documentReader) throw new ApiError('not_found', { detail: 'This server takes no documents.' })
    const { adapter, problems } = documentReader.read(text)
    if (!adapter) throw new ApiError('document_invalid', { problems })
    return { adapter, warnings: problems }
  }

  async #get(tenantId: string, id: string, version?: number): Promise<DocumentWithText> {
    const document = await findDocument(this.deps.database, tenantId, id, version)
    if (!document) throw new ApiError('document_not_found')
    return document
  }
}

function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: last !== undefined && rows.length > limit ? encodeCursor([keyOf(last)]) : null }
}

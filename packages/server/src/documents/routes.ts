import type { z } from 'zod'
import { api, type adminDocument, type DocumentProblem as Told } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import type { Services } from '../services.js'
import type { Stored } from './document-admin.js'
import type { DocumentProblem } from './document-reader.js'
import type { DocumentRow } from './document-statements.js'

const { documents } = api.admin

export const documentRoutes: Route[] = [
  route(documents.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.documents.list(caller.tenantId, query)
    return { items: items.map(row => ({ ...toDocument(row, isShelved(caller.tenantId, row, services)), installations: row.installations })), nextCursor }
  }),

  route(documents.put, async ({ params, query, body, caller, services, setStatus }) => {
    const { stored, isNew } = await services.documents.put(caller, params.id, body, query.dry_run)
    if (isNew) setStatus(201)
    return toStored(stored)
  }),

  route(documents.get, async ({ params, query, caller, services }) => {
    const { document, reading } = await services.documents.get(caller.tenantId, params.id, query.version)
    return { ...toDocument(document, reading.adapter !== null), text: document.text, problems: reading.problems.map(toProblem) }
  }),

  route(documents.listVersions, async ({ params, query, caller, services }) => {
    const { items, nextCursor } = await services.documents.listVersions(caller.tenantId, params.id, query)
    return { items: items.map(row => ({ ...toVersion(row), bytes: row.bytes })), nextCursor }
  }),

  route(documents.activate, async ({ params, caller, services }) =>
    toStored(await services.documents.activate(caller, params.id, params.version))),

  route(documents.remove, async ({ params, caller, services }) => {
    await services.documents.remove(caller, params.id)
  }),
]

const isShelved = (tenantId: string, { id }: DocumentRow, { adapters }: Services): boolean => !adapters.isCoded(id) && adapters.has(tenantId, id)

const toVersion = ({ version, name, isActive, createdAt, createdBy }: DocumentRow) =>
  ({ version, name, isActive, createdAt: createdAt.toISOString(), createdBy })

const toDocument = (row: DocumentRow, isAccepted: boolean): z.output<typeof adminDocument> => ({ id: row.id, ...toVersion(row), isAccepted })

const toStored = ({ warnings, ...stored }: Stored) => ({ ...stored, warnings: warnings.map(toProblem) })

const toProblem = ({ path, ...problem }: DocumentProblem): Told => ({ ...problem, path: [...path] })

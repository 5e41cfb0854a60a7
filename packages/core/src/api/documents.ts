import * as z from 'zod'
import { documentProblem } from './document-problem.js'
import { endpoint } from './endpoint.js'
import { flag } from './flag.js'
import { pageOf, pageQuery } from './page.js'

const id = z.string().max(100).regex(/^[a-z][a-z0-9-]*$/)
const byId = z.object({ id })
const versionNumber = z.coerce.number<number | string>().int().min(1).max(2_147_483_647)

const version = z.object({
  version: z.int(),
  name: z.string(),
  /** What the tenant's installations go by. */
  isActive: z.boolean(),
  createdAt: z.iso.datetime(),
  /** As the audit trail names whoever did something. */
  createdBy: z.string(),
})

export const adminDocument = version.extend({
  id: z.string(),
  /** Whether this server makes an adapter of it. One that an older server took may not be taken any more. */
  isAccepted: z.boolean(),
})

const stored = z.object({
  id: z.string(),
  name: z.string(),
  /** `null` of a dry run. */
  version: z.int().nullable(),
  warnings: z.array(documentProblem),
})

const at = (rest = '') => ({ path: `/v1/admin/documents${rest}`, access: 'admin', tag: 'Administration' }) as const

export const adminDocuments = {
  list: endpoint({
    method: 'GET', ...at(), summary: 'The tenant’s documents',
    query: pageQuery,
    output: pageOf(adminDocument.extend({ installations: z.int() })), errors: [],
  }),
  put: endpoint({
    method: 'PUT', ...at('/{id}'), summary: 'Have a CRM’s document hosted',
    description: 'Takes over with the next request. One with errors is refused whole.',
    params: byId,
    query: z.object({ dry_run: flag.meta({ description: 'Only check it.' }) }),
    takesText: true,
    body: z.string(),
    output: stored, statuses: [200, 201], errors: ['document_invalid', 'documents_full', 'not_found'],
  }),
  get: endpoint({
    method: 'GET', ...at('/{id}'), summary: 'One document, and what is wrong with it',
    params: byId,
    /** Default the active one. */
    query: z.object({ version: versionNumber.optional() }),
    output: adminDocument.extend({ text: z.string(), problems: z.array(documentProblem) }), errors: ['document_not_found'],
  }),
  listVersions: endpoint({
    method: 'GET', ...at('/{id}/versions'), summary: 'A document’s versions, newest first',
    params: byId, query: pageQuery,
    output: pageOf(version.extend({
      /** Of the text. */
      bytes: z.int(),
    })),
    errors: ['document_not_found'],
  }),
  activate: endpoint({
    method: 'POST', ...at('/{id}/versions/{version}/activate'), summary: 'Go back to a version',
    params: byId.extend({ version: versionNumber }),
    output: stored, errors: ['document_not_found', 'document_invalid', 'not_found'],
  }),
  remove: endpoint({
    method: 'DELETE', ...at('/{id}'), summary: 'Remove a document that no installation uses',
    params: byId, output: null, errors: ['document_not_found', 'in_use'],
  }),
}

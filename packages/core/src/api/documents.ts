import * as z from 'zod'
import { documentProblem } from './document-problem.js'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'

const instant = z.iso.datetime()
const id = z.string().max(100).regex(/^[a-z][a-z0-9-]*$/, 'must be lower case letters, digits and hyphens, with a letter first')
const byId = z.object({ id })
const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })])

const version = z.object({
  version: z.int(),
  name: z.string(),
  /** What the tenant's installations go by. */
  isActive: z.boolean(),
  createdAt: instant,
  /** As the audit trail names whoever did something. */
  createdBy: z.string(),
})

export const adminDocument = version.extend({
  id: z.string(),
  /** Whether this server makes an adapter of it. One that an older server took may not be taken any more. */
  isAccepted: z.boolean(),
}).meta({ id: 'AdminDocument' })

const stored = z.object({
  id: z.string(),
  name: z.string(),
  /** `null` of a dry run. */
  version: z.int().nullable(),
  warnings: z.array(documentProblem),
}).meta({ id: 'StoredDocument' })

const at = (rest = '') => ({ path: `/v1/admin/documents${rest}`, access: 'admin', tag: 'Administration' }) as const

export const adminDocuments = {
  list: endpoint({
    method: 'GET', ...at(), summary: 'The tenant’s documents',
    query: pageQuery,
    output: pageOf(adminDocument.extend({ installations: z.int() })), errors: [],
  }),
  put: endpoint({
    method: 'PUT', ...at('/{id}'), summary: 'Have a CRM’s document hosted',
    description: 'The body is the document itself and kept byte for byte; the id in the path is its own. A new version takes over at once, and other server processes follow '
      + 'within seconds; requests under way keep theirs. The active text again makes no version. One with errors is refused whole, and all of them are named.',
    params: byId,
    query: z.object({ dry_run: flag.default(false).meta({ description: 'Only say what is wrong with it.' }) }),
    takesText: true,
    body: z.string().meta({ description: 'The document, at most 1 MiB.' }),
    output: stored, statuses: [200, 201], errors: ['document_invalid', 'documents_full', 'not_found'],
  }),
  get: endpoint({
    method: 'GET', ...at('/{id}'), summary: 'One document, with what this server says of it',
    params: byId,
    query: z.object({ version: z.coerce.number<number | string>().int().min(1).max(2_147_483_647).optional().meta({ description: 'Default the active one.' }) }),
    output: adminDocument.extend({ text: z.string(), problems: z.array(documentProblem) }), errors: ['document_not_found'],
  }),
  listVersions: endpoint({
    method: 'GET', ...at('/{id}/versions'), summary: 'A document’s versions, newest first',
    description: 'The newest 100 are kept, and the active one.',
    params: byId, query: pageQuery,
    output: pageOf(version.extend({
      /** Of the text. */
      bytes: z.int(),
    })),
    errors: ['document_not_found'],
  }),
  activate: endpoint({
    method: 'POST', ...at('/{id}/versions/{version}/activate'), summary: 'Go back to a version, or forward',
    params: byId.extend({ version: z.coerce.number<number | string>().int().min(1).max(2_147_483_647) }),
    output: stored, errors: ['document_not_found', 'document_invalid', 'not_found'],
  }),
  remove: endpoint({
    method: 'DELETE', ...at('/{id}'), summary: 'Remove a document that no installation uses, with all its versions',
    params: byId, output: null, errors: ['document_not_found', 'in_use'],
  }),
}

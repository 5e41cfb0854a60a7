import * as z from 'zod'
import { contact } from '../contact.js'
import { contactId } from '../ids.js'
import { entryKinds } from './deliveries.js'
import { endpoint } from './endpoint.js'

const whose = z.object({
  phone: z.string().trim().min(1).max(100).optional().meta({ description: 'A full number in any spelling; without `+` it is read by `country`.' }),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)').optional(),
  contactId: contactId.optional(),
}).refine(({ phone, contactId: id }) => (phone === undefined) !== (id === undefined), { message: 'give exactly one of phone and contactId', path: ['phone'] })

export const personalEntry = z.object({
  kind: z.enum(entryKinds),
  phoneSystem: z.string(),
  key: z.string(),
  part: z.string(),
  status: z.string(),
  activity: z.object({ id: z.string(), type: z.string().optional() }).nullable(),
  /** As its client sent it. */
  content: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime(),
}).meta({ id: 'PersonalEntry' })
export type PersonalEntry = z.infer<typeof personalEntry>

const at = (path: string) => ({ method: 'POST', path: `/v1/admin/personal-data/${path}`, access: 'admin', tag: 'Administration' }) as const

export const adminPersonalData = {
  export: endpoint({
    ...at('export'), summary: 'Everything that is kept of one person',
    description: 'By a phone number, or by a contact of the CRM. Entries of the ledger that name it, and contacts of the directory. At most 10,000 entries, oldest first; `isComplete` says whether that was all.',
    body: whose, output: z.object({ entries: z.array(personalEntry), contacts: z.array(contact), isComplete: z.boolean() }), errors: [],
  }),
  erase: endpoint({
    ...at('erase'), summary: 'Delete everything that is kept of one person',
    description: 'Of the entries their keys stay, so that nothing is logged twice; what the CRM does not have yet will not reach it. The CRM’s own records are the CRM’s: while a contact is there, the next sync of the directory brings it back.',
    body: whose, output: z.object({ entries: z.int(), contacts: z.int() }), errors: [],
  }),
}

import * as z from 'zod'
import { contact, contactInput } from '../contact.js'
import { endpoint } from './endpoint.js'

/** A `+` in a query string arrives as a space; a number never begins with one. */
const phoneInQuery = z.string().max(100).transform(text => text.replace(/^ /, '+')).pipe(z.string().trim().min(1))

export const contactMatch = contact.extend({
  /** The contact's page in the CRM, where the adapter knows it. */
  url: z.string().optional(),
  /** The stored number that matched, as the CRM has it. */
  matchedNumber: z.string().optional(),
}).meta({ id: 'Contact' })
export type ContactMatch = z.infer<typeof contactMatch>

export const contacts = {
  find: endpoint({
    method: 'GET', path: '/v1/contacts', tag: 'Contacts', access: 'lookup',
    summary: 'Who has this number, or this name',
    description: 'Exactly one of `phone` and `name`. By phone in any spelling; by name where the adapter has `searchContacts`.',
    query: z.object({
      phone: phoneInQuery.optional(),
      country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)').optional()
        .meta({ description: 'Reads a number without a country code. Default: the installation’s.' }),
      name: z.string().trim().min(1).max(255).optional(),
    }).refine(query => (query.phone === undefined) !== (query.name === undefined), { message: 'give exactly one of phone and name', path: ['phone'] }),
    output: z.object({
      contacts: z.array(contactMatch),
      /** E.164, or `null` when asked by name or when the text is no full number. */
      number: z.string().nullable(),
      source: z.literal('crm'),
    }),
    errors: ['needs_reconnect', 'crm_unsupported', 'crm_unreachable', 'crm_timeout', 'crm_bad_response'],
  }),
  create: endpoint({
    method: 'POST', path: '/v1/contacts', tag: 'Contacts', access: 'session',
    summary: 'Create a contact in the CRM',
    body: contactInput,
    output: contactMatch, statuses: [201],
    errors: ['needs_reconnect', 'crm_rejected', 'crm_unreachable', 'crm_timeout'],
  }),
}

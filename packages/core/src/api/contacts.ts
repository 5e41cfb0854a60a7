import * as z from 'zod'
import { contact, contactInput } from '../contact.js'
import { contactId } from '../ids.js'
import { endpoint } from './endpoint.js'
import { flag } from './flag.js'
import { problemCode } from './problem-code.js'

/** A `+` in a query string arrives as a space; a number never begins with one. */
const phoneInQuery = z.string().max(100).transform(text => text.replace(/^ /, '+')).pipe(z.string().trim().min(1))

const country = z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)')
const extension = z.string().regex(/^[0-9*#]{1,20}$/, 'must be digits')
const deadlineMs = z.coerce.number<number | string>().int().min(0).max(30_000)

/** What a stored number agrees in: everything, the national number, its last digits, or the extension. Strongest first. */
export const matchKinds = ['e164', 'national', 'last_digits', 'extension'] as const

export const contactMatch = contact.extend({
  /** The contact's page in the CRM, where the adapter knows it. */
  url: z.string().optional(),
  /** The stored number that matched, as the CRM has it. */
  matchedNumber: z.string().optional(),
  match: z.enum(matchKinds).optional(),
}).meta({ id: 'Contact' })
export type ContactMatch = z.infer<typeof contactMatch>

export const lookupResult = z.object({
  /** `pending`: the deadline came first; the search goes on, so ask again after `Retry-After`. Never taken for "nobody". */
  status: z.enum(['complete', 'pending']),
  /** Everyone with the number, best first: the latest activity, then the newest record, then the name. */
  contacts: z.array(contactMatch),
  /** Several contacts share the number, and nothing tells which of them is meant. */
  isAmbiguous: z.boolean(),
  /** E.164, or `null` when asked by name or when the text is no full number. */
  number: z.string().nullable(),
  /** Who answered: our directory, the CRM, or the CRM a short while ago. `null` while pending, and when nobody was asked. */
  source: z.enum(['directory', 'crm', 'remembered']).nullable(),
  /** How old the answer is: since the directory last agreed with the CRM, or since the CRM was asked. */
  ageSeconds: z.int().min(0),
  /** Why nobody was asked: the caller withholds the number, or it is one of the installation's own. */
  reason: z.enum(['withheld', 'own_number']).optional(),
})
export type LookupResult = z.infer<typeof lookupResult>

/** One answer of `POST /v1/contacts/lookup`. `invalid` and `failed` say why in `error`. */
export const lookupItem = lookupResult.extend({
  status: z.enum(['complete', 'pending', 'invalid', 'failed']),
  /** As it was asked. */
  phone: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
})
export type LookupItem = z.infer<typeof lookupItem>

const crmFailures = ['needs_reconnect', 'crm_unreachable', 'crm_timeout', 'crm_bad_response'] as const

const explainedContact = z.object({
  id: contactId,
  /** `null`: none of its numbers agrees, so it was left out. */
  match: z.enum(matchKinds).nullable(),
  /** As the CRM has it. */
  matchedNumber: z.string().nullable(),
  /** It is in the answer. One that agrees less than another is not. */
  isAnswered: z.boolean(),
})

/** How a lookup comes to its answer. Ids and numbers, no names. */
export const lookupExplanation = z.object({
  /** E.164, or `null` when the text is no full number. */
  number: z.string().nullable(),
  extension: z.string().nullable(),
  /** The number is valid by its country's plan; `false` for one that only may be. */
  isValid: z.boolean(),
  reason: z.enum(['withheld', 'own_number']).nullable(),
  /** `null`: the connection has none. */
  directory: z.object({
    /** What it was asked for: E.164, `~` and the last digits, or `x` and an internal number. */
    keys: z.array(z.string()),
    contacts: z.array(explainedContact),
    /** A number that it does not know belongs to nobody: it holds every contact, and agreed with the CRM not long ago. */
    answersMisses: z.boolean(),
    syncedAt: z.iso.datetime().nullable(),
  }).nullable(),
  /** Asked for this explanation, whatever the directory says; `null` when nobody need be asked. */
  crm: z.object({
    /** What the CRM's search compares, by its adapter. */
    search: z.string(),
    /** The spellings it was asked for, most likely first. */
    variants: z.array(z.string()),
    contacts: z.array(explainedContact),
    milliseconds: z.int(),
    error: problemCode.nullable(),
  }).nullable(),
  /** Made through us a short while ago: found also while the CRM's own search lags behind. */
  created: z.array(explainedContact),
  /** Who answers `GET /v1/contacts`. */
  answeredBy: z.enum(['directory', 'crm']).nullable(),
  isAmbiguous: z.boolean(),
  /** One sentence for the person who asks. */
  summary: z.string(),
}).meta({ id: 'LookupExplanation' })
export type LookupExplanation = z.infer<typeof lookupExplanation>

export const contacts = {
  find: endpoint({
    method: 'GET', path: '/v1/contacts', tag: 'Contacts', access: 'lookup',
    summary: 'Who has this number, or this name',
    description: 'Exactly one of `phone` and `name`. By phone in any spelling, from the directory where there is one; by name where the adapter has `searchContacts`.',
    query: z.object({
      phone: phoneInQuery.optional(),
      country: country.optional().meta({ description: 'Reads a number without a country code. Default: the installation’s.' }),
      extension: extension.optional().meta({ description: 'Where the phone system gives it apart from the number.' }),
      name: z.string().trim().min(1).max(255).optional(),
      deadline_ms: deadlineMs.default(2000).meta({ description: 'After it the answer is `pending`, and the search goes on. 0 answers at once with what is known.' }),
      fresh: flag.meta({ description: 'Ask the CRM whatever is known.' }),
    }).refine(query => (query.phone === undefined) !== (query.name === undefined), { message: 'give exactly one of phone and name', path: ['phone'] }),
    output: lookupResult,
    errors: ['crm_unsupported', ...crmFailures],
  }),
  explain: endpoint({
    method: 'GET', path: '/v1/contacts/explain', tag: 'Contacts', access: 'lookup',
    summary: 'Why a number is found, or not',
    description: 'What was read of the number, what the directory and the CRM were asked for, what they gave, and why each contact is in the answer or not. Asks the CRM each time.',
    query: z.object({ phone: phoneInQuery, country: country.optional(), extension: extension.optional() }),
    output: lookupExplanation,
    errors: [],
  }),
  lookup: endpoint({
    method: 'POST', path: '/v1/contacts/lookup', tag: 'Contacts', access: 'lookup',
    summary: 'Who has these numbers',
    description: 'As `GET /v1/contacts` for up to 500 numbers, answered in the order asked. One that is wrong spoils no other.',
    body: z.object({
      numbers: z.array(z.object({ phone: z.string().max(250), country: country.optional(), extension: extension.optional() })).min(1).max(500),
      deadlineMs: deadlineMs.default(2000),
    }),
    output: z.object({ items: z.array(lookupItem) }),
    errors: [],
  }),
  create: endpoint({
    method: 'POST', path: '/v1/contacts', tag: 'Contacts', access: 'session',
    summary: 'Create a contact in the CRM',
    body: contactInput,
    output: contactMatch, statuses: [201],
    errors: ['needs_reconnect', 'crm_rejected', 'crm_unreachable', 'crm_timeout'],
  }),
  addNumber: endpoint({
    method: 'POST', path: '/v1/contacts/{id}/numbers', tag: 'Contacts', access: 'session',
    summary: 'Add a number to a contact in the CRM',
    description: 'For an unknown caller who turns out to be known. The same number again changes nothing.',
    params: z.object({ id: contactId }),
    body: z.object({ number: z.string().trim().min(1).max(100), label: z.string().max(100).optional() }),
    output: contactMatch, statuses: [201],
    errors: ['crm_unsupported', 'crm_not_found', 'crm_rejected', 'needs_reconnect', 'crm_unreachable', 'crm_timeout'],
  }),
  callerId: endpoint({
    method: 'GET', path: '/v1/caller-id', tag: 'Contacts', access: 'lookup', format: 'text',
    summary: 'The caller’s name in plain text, for PBXs',
    description: 'The best match’s name without characters that SIP displays choke on, at most 60 characters; empty when nobody has the number or the deadline came first. A PBX that cannot set headers sends the key as HTTP Basic: the shared connection’s id as user, the key as password.',
    query: z.object({
      number: z.string().max(250).transform(text => text.replace(/^ /, '+')),
      country: country.optional(),
      deadline_ms: deadlineMs.default(1000),
    }),
    output: z.string(),
    errors: crmFailures,
  }),
}

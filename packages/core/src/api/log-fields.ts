import * as z from 'zod'
import { contactId } from '../ids.js'
import { logField } from '../log-field.js'
import { endpoint } from './endpoint.js'

const crmFailures = ['crm_unsupported', 'needs_reconnect', 'crm_unreachable', 'crm_timeout', 'crm_bad_response'] as const

export const disposition = z.object({ value: z.string().min(1).max(255), label: z.string().max(255) })

export const logFields = {
  list: endpoint({
    method: 'GET', path: '/v1/log-fields', tag: 'Call logs', access: 'log',
    summary: 'The CRM’s own fields of an activity',
    description: 'For the form that an agent fills in; the values go into `fields` of the log. The CRM is asked each time: what may be chosen can depend on the contact.',
    query: z.object({
      kind: z.enum(['call', 'message']).default('call'),
      contact_id: contactId.optional().meta({ description: 'Whose record the log is going to be on.' }),
    }),
    output: z.object({ items: z.array(logField) }),
    errors: crmFailures,
  }),
  dispositions: endpoint({
    method: 'GET', path: '/v1/dispositions', tag: 'Call logs', access: 'log',
    summary: 'The CRM’s own outcomes of a call',
    description: 'A log’s `disposition` is the `value` of one of them.',
    output: z.object({ items: z.array(disposition) }),
    errors: crmFailures,
  }),
}

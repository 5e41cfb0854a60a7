import * as z from 'zod'
import { callbackInput, callbackStatus } from '../callback.js'
import { endpoint } from './endpoint.js'
import { flag } from './flag.js'
import { pageOf, pageQuery } from './page.js'
import { standing } from './standing.js'

const callbackId = z.string().min(1).max(255)

export const callbackResource = callbackInput.extend({
  /** The client's own. */
  callbackId,
  phoneSystem: z.string(),
  /** Where its task in the CRM stands. Where the CRM takes no tasks it is `delivered` without an activity: the callback is kept here only. */
  delivery: standing,
}).meta({ id: 'Callback' })
export type CallbackResource = z.infer<typeof callbackResource>

const { number, name, contactId, dueAt, subject, note } = callbackInput.shape

/** JSON merge patch (RFC 7396): what is left out stays, `null` removes. */
export const callbackPatch = z.object({
  number: number.optional(),
  name: name.nullable(),
  contactId: contactId.nullable(),
  dueAt: dueAt.optional(),
  subject: subject.nullable(),
  note: note.nullable(),
  status: callbackStatus.optional(),
}).partial().refine(patch => Object.keys(patch).length > 0, 'change at least one field')
export type CallbackPatch = z.infer<typeof callbackPatch>

const key = z.object({ callbackId })
const phoneSystemQuery = z.object({
  phone_system: z.string().min(1).max(100).optional().meta({ description: 'Default: the client app’s.' }),
})

export const callbacks = {
  put: endpoint({
    method: 'PUT', path: '/v1/callbacks/{callbackId}', tag: 'Callbacks', access: 'log',
    summary: 'Say that somebody is to be called back',
    description: 'Creates or replaces; the same again changes nothing. The id is your own. Where the CRM takes tasks it gets one, once. `status` is the callback’s own; `delivery` says what the CRM has of it. Answers as PUT of a call log does.',
    params: key, query: phoneSystemQuery, body: callbackInput,
    output: callbackResource, statuses: [202, 201, 200], canWait: true,
    errors: ['owned_by_other'],
  }),
  patch: endpoint({
    method: 'PATCH', path: '/v1/callbacks/{callbackId}', tag: 'Callbacks', access: 'log',
    summary: 'Change part of a callback, such as that it is done',
    description: 'JSON merge patch (RFC 7396): what is left out stays, null removes. Answers as PUT does.',
    params: key, query: phoneSystemQuery, body: callbackPatch,
    output: callbackResource, statuses: [202, 200], canWait: true,
    errors: ['callback_not_found', 'owned_by_other', 'content_deleted'],
  }),
  get: endpoint({
    method: 'GET', path: '/v1/callbacks/{callbackId}', tag: 'Callbacks', access: 'log',
    summary: 'One callback and where its task stands',
    params: key, query: phoneSystemQuery,
    output: callbackResource,
    errors: ['callback_not_found', 'owned_by_other', 'content_deleted'],
  }),
  list: endpoint({
    method: 'GET', path: '/v1/callbacks', tag: 'Callbacks', access: 'log',
    summary: 'Callbacks of one status: open ones by when they are due, the others latest first',
    query: pageQuery.extend({
      status: callbackStatus.default('open'),
      unassigned: flag
        .meta({ description: 'Instead of your own those that no agent has yet. Whoever changes one has it.' }),
      due_after: z.iso.datetime({ offset: true }).optional().meta({ description: 'Due then or later.' }),
      due_before: z.iso.datetime({ offset: true }).optional().meta({ description: 'Due before.' }),
      phone_system: z.string().min(1).max(100).optional(),
    }),
    output: pageOf(callbackResource),
    errors: [],
  }),
  remove: endpoint({
    method: 'DELETE', path: '/v1/callbacks/{callbackId}', tag: 'Callbacks', access: 'log',
    summary: 'Remove a callback',
    description: 'Its id is free: a later PUT makes another one. The task of an open callback becomes cancelled in the CRM.',
    params: key, query: phoneSystemQuery, output: null,
    errors: ['callback_not_found', 'owned_by_other'],
  }),
}

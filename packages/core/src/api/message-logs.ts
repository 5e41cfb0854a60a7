import * as z from 'zod'
import { message, messageLogInput } from '../message-log.js'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'
import { callLogStatus, standing } from './standing.js'

/** Of one day of one conversation. */
export const maxMessagesPerDay = 2000

const day = z.iso.date()
const conversationId = z.string().min(1).max(255)

export const messageLogResource = messageLogInput.extend({
  conversationId,
  phoneSystem: z.string(),
  /** In the client's zone. */
  day,
  /** In order of their time, then of their id. */
  messages: z.array(message),
  ...standing.shape,
}).meta({ id: 'MessageLog' })
export type MessageLogResource = z.infer<typeof messageLogResource>

const key = z.object({ conversationId, day })
const phoneSystemQuery = z.object({
  phone_system: z.string().min(1).max(100).optional().meta({ description: 'Default: the client app’s.' }),
})

export const messageLogs = {
  put: endpoint({
    method: 'PUT', path: '/v1/message-logs/{conversationId}/{day}', tag: 'Message logs', access: 'log',
    summary: 'Say what the CRM shall know of a day of a conversation',
    description: `Messages are known by their id: new ones join those that are there, one sent again replaces itself, and none is removed; at most ${String(maxMessagesPerDay)} a day. The other members are replaced when they are given. The same again changes nothing. The CRM has one activity for the day. Answers as PUT of a call log does.`,
    params: key, query: phoneSystemQuery, body: messageLogInput,
    output: messageLogResource, statuses: [202, 201, 200], canWait: true,
    errors: ['owned_by_other', 'crm_unsupported'],
  }),
  get: endpoint({
    method: 'GET', path: '/v1/message-logs/{conversationId}/{day}', tag: 'Message logs', access: 'log',
    summary: 'One day of a conversation and where it stands',
    params: key, query: phoneSystemQuery,
    output: messageLogResource,
    errors: ['message_log_not_found', 'owned_by_other', 'content_deleted'],
  }),
  list: endpoint({
    method: 'GET', path: '/v1/message-logs', tag: 'Message logs', access: 'log',
    summary: 'Days of conversations, latest day first',
    query: pageQuery.extend({
      // A day may hold many messages.
      limit: z.coerce.number<number | string>().int().min(1).max(50).default(20),
      conversation: conversationId.optional().meta({ description: 'Of this conversation only.' }),
      since: day.optional().meta({ description: 'This day or later.' }),
      until: day.optional().meta({ description: 'Days before this one.' }),
      phone_system: z.string().min(1).max(100).optional(),
      status: callLogStatus.optional(),
    }),
    output: pageOf(messageLogResource),
    errors: [],
  }),
}

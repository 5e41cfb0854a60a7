import * as z from 'zod'
import { callAgent, callDirection, newContact, party } from './call-log.js'
import { extra } from './extra.js'
import { contactId, messageId, type ExternalId } from './ids.js'

export const messageKind = z.enum(['sms', 'mms', 'fax', 'voicemail'])
export type MessageKind = z.infer<typeof messageKind>

/** By link: the file stays where it is. */
export const attachment = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  name: z.string().max(255).optional(),
  contentType: z.string().max(255).optional(),
  sizeBytes: z.int().min(0).optional(),
})
export type Attachment = z.infer<typeof attachment>

export const message = z.strictObject({
  /** The phone system's; unique within the conversation. */
  id: messageId,
  kind: messageKind,
  direction: callDirection,
  from: party,
  to: party,
  /** RFC 3339 with an offset. */
  sentAt: z.iso.datetime({ offset: true, abort: true }).refine(isInOrder, 'must have a year after 0 and an offset of less than 16 hours'),
  text: z.string().max(20_000).optional(),
  attachments: z.array(attachment).max(50).optional(),
  /** Of a voicemail. */
  durationSeconds: z.int().min(0).max(864_000).optional(),
  /** Of a fax. */
  pageCount: z.int().min(0).optional(),
})
export type Message = z.infer<typeof message>

/** Messages are put in order by PostgreSQL, which knows no other times. */
function isInOrder(instant: string): boolean {
  return /^(?!0000).*(Z|[+-](0\d|1[0-5]):\d\d)$/.test(instant)
}

/** What a client app says of one day of a conversation. */
export const messageLogInput = z.object({
  /** Messages are known by their id: one sent again replaces itself, and those that are not sent again stay. */
  messages: z.array(message).min(1).max(500),
  agent: callAgent.optional(),
  /** Whose record it belongs on. Default: whoever has the other party's number, by the installation's rule. */
  contactId: contactId.optional(),
  newContact: newContact.optional(),
  subject: z.string().max(1000).optional(),
  note: z.string().max(100_000).optional(),
  /** As of a call log. */
  extra: extra.optional(),
})
export type MessageLogInput = z.infer<typeof messageLogInput>

/** What the CRM shall know of one day of a conversation, as an adapter gets it. Messages are in order of their time. */
export interface MessageLog extends MessageLogInput {
  /** Ours. Store it in the CRM when it can, so that `findMessageLog` finds the activity again. */
  readonly externalId: ExternalId
  readonly conversationId: string
  /** `2026-03-01`, in the client's zone. */
  readonly day: string
  /** The whole day as one text in the adapter's `bodyFormat`; absent without one. What people wrote into it in the CRM is kept in it. */
  readonly body?: string | undefined
}

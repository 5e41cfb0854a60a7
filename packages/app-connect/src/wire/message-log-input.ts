import { z } from 'zod'
import { contactId, messageId, type Attachment, type MessageKind, type MessageLogInput } from '@linefinder/core'
import type { JsonObject } from '../extras.js'
import { agentOf, partyOf, rcCall, secondsOf } from './call-shape.js'
import { fitting, present } from './call-log-input.js'
import { instantOf, linkOf, rcId, textOf, withoutTokens } from './rc-text.js'

const text = z.string().nullish().catch(undefined)
const moment = z.union([z.string(), z.number()]).nullish().catch(undefined)
const party = rcCall.shape.from

const rcAttachment = z.looseObject({ type: text, link: text, uri: text, contentType: text, fileName: text, vmDuration: z.coerce.number<unknown>().nullish().catch(undefined), size: z.number().nullish().catch(undefined) })

const rcMessage = z.looseObject({
  id: rcId, type: text, subject: text, direction: text, creationTime: moment, lastModifiedTime: moment,
  from: party, to: z.union([z.array(party), party]).nullish().catch(undefined), attachments: z.array(rcAttachment).nullish().catch(undefined),
  faxPageCount: z.number().nullish().catch(undefined),
})
type RcMessage = z.infer<typeof rcMessage>

/** Of `POST /messageLog`. */
export const messageLogBody = z.object({
  logInfo: z.looseObject({
    type: text, conversationId: z.coerce.string<unknown>().nullish(), conversationLogId: z.coerce.string<unknown>().nullish(),
    correspondents: z.array(party).nullish().catch(undefined), messages: z.array(rcMessage).min(1).max(500),
  }),
  additionalSubmission: z.record(z.string(), z.unknown()).nullish(),
  contactId: z.coerce.string<unknown>().nullish(), contactType: text, contactName: text,
  sharedSMSLogContent: z.object({ subject: z.string(), body: z.string() }).nullish().catch(undefined),
})
export type MessageLogBody = z.infer<typeof messageLogBody>

export interface ConversationDay {
  readonly conversationId: string
  readonly day: string
}

/**
 * What the client groups by: a conversation and a day of its own calendar. The day is the one in the grouping key where it has one, so that
 * messages around midnight stay together; else the key stands for the conversation, with the UTC day of its first message. A conversation with
 * several people is logged once for each of them.
 */
export function conversationDayOf({ logInfo, contactId: contact }: MessageLogBody): ConversationDay {
  const { conversationId, conversationLogId, correspondents, messages } = logInfo
  const grouped = conversationLogId ?? conversationId ?? messages[0]?.id ?? ''
  const isGroup = (correspondents?.length ?? 0) > 1 && contact != null && contact !== ''
  const dayInKey = /(?:^|\D)(\d{4})-(\d{2})-(\d{2})(?:\D|$)/.exec(grouped)?.slice(1, 4).join('-') ?? americanDayOf(grouped)
  const first = messages.map(sentAtOf).sort()[0] ?? new Date().toISOString()
  const conversation = dayInKey === undefined ? grouped : conversationId ?? grouped
  return { conversationId: `${conversation}${isGroup ? `-${contact}` : ''}`.slice(0, 255), day: dayInKey ?? first.slice(0, 10) }
}

/** `…/3/1/2026` */
function americanDayOf(key: string): string | undefined {
  const [, month, day, year] = /(?:^|\D)(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\D|$)/.exec(key) ?? []
  return month === undefined || day === undefined || year === undefined ? undefined : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

export function toMessageLog(body: MessageLogBody, sent: unknown): MessageLogInput {
  const { logInfo, contactId: chosen } = body
  const [first] = logInfo.messages
  const agent = first && agentOf({ direction: directionOf(first), from: first.from, to: firstOf(first.to) })
  return {
    messages: logInfo.messages.map(message => toMessage(message, logInfo.type)),
    ...present({ agent, contactId: chosen == null || chosen === '' ? undefined : contactId.parse(chosen.slice(0, 255)) }),
    extra: fitting(present({
      logInfo: withoutTokens(sent) as JsonObject, additionalSubmission: body.additionalSubmission == null ? undefined : withoutTokens(body.additionalSubmission) as JsonObject,
      contactType: textOf(body.contactType, 255), contactName: textOf(body.contactName, 255), sharedSMSLogContent: body.sharedSMSLogContent ?? undefined,
    })),
  }
}

function toMessage(message: RcMessage, conversationType: string | null | undefined): MessageLogInput['messages'][number] {
  const kind = kindOf(message.type ?? conversationType, message)
  const attachments = attachmentsOf(message)
  const duration = secondsOf(message.attachments?.find(({ vmDuration }) => vmDuration != null)?.vmDuration)
  return {
    id: messageId.parse(message.id), kind, direction: directionOf(message), from: partyOf(message.from), to: partyOf(firstOf(message.to)), sentAt: sentAtOf(message),
    ...present({
      text: textOf(message.subject, 20_000), attachments: attachments.length === 0 ? undefined : attachments,
      durationSeconds: kind === 'voicemail' ? duration : undefined,
      pageCount: kind === 'fax' && message.faxPageCount != null && Number.isInteger(message.faxPageCount) && message.faxPageCount >= 0 ? message.faxPageCount : undefined,
    }),
  }
}

function kindOf(type: string | null | undefined, { attachments }: RcMessage): MessageKind {
  const word = type?.toLowerCase() ?? ''
  if (word.includes('fax')) return 'fax'
  if (/voice ?mail/.test(word)) return 'voicemail'
  return (attachments ?? []).some(({ contentType }) => contentType != null && !contentType.startsWith('text/')) ? 'mms' : 'sms'
}

/** Those that are somewhere; a text that comes as an attachment of its own message is none. */
const attachmentsOf = ({ attachments }: RcMessage): Attachment[] => (attachments ?? []).flatMap(({ type, link, uri, contentType, fileName, size }) => {
  const url = linkOf(link) ?? linkOf(uri)
  if (url === undefined || type === 'Text') return []
  const sizeBytes = size != null && Number.isInteger(size) && size >= 0 ? size : undefined
  return [{ url, ...present({ contentType: textOf(contentType, 255), name: textOf(fileName, 255), sizeBytes }) }]
}).slice(0, 50)

const directionOf = ({ direction }: RcMessage): 'inbound' | 'outbound' => direction?.toLowerCase() === 'inbound' ? 'inbound' : 'outbound'

const sentAtOf = ({ creationTime, lastModifiedTime }: RcMessage): string => instantOf(creationTime) ?? instantOf(lastModifiedTime) ?? new Date().toISOString()

const firstOf = (to: RcMessage['to']) => Array.isArray(to) ? to[0] : to

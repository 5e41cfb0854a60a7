import { createHash } from 'node:crypto'
import { activityId, CrmError, type ActivityRef, type AdapterContext, type Message, type MessageKind, type MessageLog } from '@linefinder/core'
import type { JsonObject } from '../extras.js'
import * as answers from './answers.js'
import type { ConnectorCall } from './connector-call.js'
import { typeOf } from './contacts.js'
import { refusalOf } from './failures.js'
import type { ConnectorHost, Given } from './host.js'
import { sealable, stateOf } from './kept-state.js'
import { otherParty, partyOf, wireExtraOf } from './log-info.js'

type Name = keyof MessageLog

/** The first message makes the activity, the others are added to it. */
export const createMessageLog = (host: ConnectorHost, ctx: AdapterContext, log: MessageLog): Promise<ActivityRef> => host.run(ctx, async (call, given) => {
  const [first, ...others] = log.messages
  if (!first) throw new CrmError('rejected', { detail: 'There is no message.' })
  const shared = sharedOf(host, log)
  const answer = await host.ask(call, answers.logged, 'createMessageLog', { ...await around(host, call, given, log, first), ...(shared ?? { message: messageOf(log, first), ...linksOf(log, first) }) })
  if (answer.logId == null) throw refusalOf(answer, call)
  const ref = { id: activityId.parse(answer.logId) }
  host.keepMessage(ctx, ref.id, answer.returnMessage)
  await noteTold(call, ref, shared ? log.messages : [first])
  if (!shared) for (const message of others) await add(host, call, ctx, given, log, ref, message)
  return ref
}, { idempotencyKey: log.externalId })

/** What the activity does not tell yet is added; what it tells cannot be changed by a connector, unless it writes the whole. */
export const updateMessageLog = (host: ConnectorHost, ctx: AdapterContext, ref: ActivityRef, log: MessageLog, changed: readonly Name[]): Promise<void> => host.run(ctx, async (call, given) => {
  if (!host.has('updateMessageLog')) throw new CrmError('unsupported')
  const shared = sharedOf(host, log)
  const [last] = log.messages.slice(-1)
  if (shared && last) {
    const answer = await host.ask(call, answers.changed, 'updateMessageLog', { ...await around(host, call, given, log, last), existingMessageLog: existingOf(host, given, ref, log, last), ...shared })
    host.keepMessage(ctx, ref.id, answer?.returnMessage)
    return
  }
  if (!changed.includes('messages') || takesWhole(host)) return
  const told = new Set(stateOf((await call.credentials.read()).state).toldMessages?.[ref.id] ?? [])
  for (const message of log.messages.filter(each => !told.has(markOf(each)))) await add(host, call, ctx, given, log, ref, message)
})

async function add(host: ConnectorHost, call: ConnectorCall, ctx: AdapterContext, given: Given, log: MessageLog, ref: ActivityRef, message: Message): Promise<void> {
  const answer = await host.ask(call, answers.changed, 'updateMessageLog', {
    ...await around(host, call, given, log, message), existingMessageLog: existingOf(host, given, ref, log, message), message: messageOf(log, message), ...linksOf(log, message),
  })
  host.keepMessage(ctx, ref.id, answer?.returnMessage)
  await noteTold(call, ref, [message])
}

async function around(host: ConnectorHost, call: ConnectorCall, given: Given, log: MessageLog, message: Message): Promise<Record<string, unknown>> {
  const wire = wireExtraOf(log)
  const { contactId: id } = log
  if (id === undefined) throw new CrmError('rejected', { detail: 'App Connect connectors keep messages on a contact only.' })
  const other = otherParty(message)
  const { type, name } = wire.contactType === undefined ? await typeOf(host, call, given, id, other.number) : { type: wire.contactType, name: '' }
  const nameOf = (member: string) => (wire.logInfo?.[member] as JsonObject | undefined)?.['name']
  return {
    ...given, contactInfo: { id: String(id), phoneNumber: other.number, type, name: wire.contactName ?? (name === '' ? other.name ?? '' : name) },
    correspondents: wire.logInfo?.['correspondents'] ?? [partyOf(other)], assigneeName: nameOf('assignee'), ownerName: nameOf('owner'),
    additionalSubmission: wire.additionalSubmission ?? {}, hashedAccountId: wire.hashedAccountId,
  }
}

/** The whole day as one text, for a connector that takes it: from its caller, or because it says so by the name of the argument. */
function sharedOf(host: ConnectorHost, log: MessageLog): { sharedSMSLogContent: { subject: string; body: string } } | null {
  const sent = wireExtraOf(log).sharedSMSLogContent
  if (sent) return { sharedSMSLogContent: sent }
  if (!takesWhole(host) || log.body === undefined) return null
  const other = log.messages[0] === undefined ? '' : otherParty(log.messages[0]).name ?? otherParty(log.messages[0]).number
  return { sharedSMSLogContent: { subject: log.subject ?? `Conversation with ${other}`, body: log.body } }
}

const takesWhole = ({ parts: { module, hasBody } }: ConnectorHost): boolean =>
  hasBody && [module.createMessageLog, module.updateMessageLog].every(work => work !== undefined && String(work).includes('sharedSMSLogContent'))

const kinds: Readonly<Record<MessageKind, string>> = { sms: 'SMS', mms: 'SMS', fax: 'Fax', voicemail: 'VoiceMail' }

/** As RingCentral tells it: as it came, where it did. */
function messageOf(log: MessageLog, message: Message): Record<string, unknown> {
  const sent = wireExtraOf(log).logInfo?.['messages']
  const found = Array.isArray(sent) ? sent.find(each => String((each as JsonObject)['id']) === String(message.id)) : undefined
  return (found as JsonObject | undefined) ?? {
    id: message.id, type: kinds[message.kind], subject: message.text ?? '', direction: message.direction === 'inbound' ? 'Inbound' : 'Outbound',
    creationTime: message.sentAt, from: partyOf(message.from), to: [partyOf(message.to)],
    attachments: (message.attachments ?? []).map(each => ({ link: each.url, uri: each.url, contentType: each.contentType, fileName: each.name })),
    ...(message.durationSeconds !== undefined && { vmDuration: message.durationSeconds }), ...(message.pageCount !== undefined && { faxPageCount: message.pageCount }),
  }
}

function linksOf(log: MessageLog, { kind, attachments = [] }: Message): Record<string, unknown> {
  const link = attachments[0]?.url
  const image = attachments.find(({ contentType }) => contentType?.startsWith('image/'))
  const video = attachments.find(({ contentType }) => contentType?.startsWith('video/'))
  const download = wireExtraOf(log).more ?? {}
  return {
    ...(kind === 'voicemail' && { recordingLink: link }),
    ...(kind === 'fax' && { faxDocLink: link, faxDownloadLink: download['faxDownloadLink'] ?? link }),
    ...(image && { imageLink: image.url, imageDownloadLink: image.url, imageContentType: image.contentType }),
    ...(video && { videoLink: video.url }),
  }
}

const existingOf = ({ parts: { platform } }: ConnectorHost, { user }: Given, ref: ActivityRef, log: MessageLog, message: Message) => ({
  id: message.id, platform, conversationId: log.conversationId, conversationLogId: `${log.conversationId}/${log.day}`, thirdPartyLogId: String(ref.id), userId: user.id,
})

const mostActivities = 100
const mostAttempts = 8

const markOf = ({ id }: Message): string => createHash('sha256').update(id).digest('hex').slice(0, 8)

/** A connector cannot be asked which messages an activity tells, so that is kept with the connection, of the latest activities. */
async function noteTold({ credentials }: ConnectorCall, { id }: ActivityRef, messages: readonly Message[]): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const held = await credentials.read()
    const state = stateOf(held.state)
    const { [id]: before = [], ...others } = state.toldMessages ?? {}
    const latest = Object.entries(others).slice(1 - mostActivities)
    const toldMessages = { ...Object.fromEntries(latest), [id]: [...new Set([...before, ...messages.map(markOf)])] }
    if (await credentials.replace({ ...held, state: sealable({ ...state, toldMessages: withinSize(toldMessages) }) })) return
  }
  throw new CrmError('conflict', { detail: 'The connection is changed in many places at once.' })
}

const mostCharacters = 30_000

/** The oldest go first. */
function withinSize(told: Readonly<Record<string, string[]>>): Record<string, string[]> {
  const kept = Object.entries(told)
  while (kept.length > 1 && JSON.stringify(kept).length > mostCharacters) kept.shift()
  return Object.fromEntries(kept)
}

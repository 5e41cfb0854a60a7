import { createHash } from 'node:crypto'
import { activityId, CrmError, type ActivityRef, type AdapterContext, type JsonValue, type Message, type MessageKind, type MessageLog } from '@linefinder/core'
import type { JsonObject, WireExtra } from '../extras.js'
import * as answers from './answers.js'
import type { ConnectorCall } from './connector-call.js'
import { matchesFor, typeOf } from './contacts.js'
import { refusalOf } from './failures.js'
import type { ConnectorHost, Given } from './host.js'
import { sealable, stateOf } from './kept-state.js'
import { otherParty, partyOf, wireExtraOf } from './log-info.js'
import { readerPageOf } from './shim/util.js'

type Name = keyof MessageLog

/** The first message makes the activity, the others are added to it. */
export const createMessageLog = (host: ConnectorHost, ctx: AdapterContext, log: MessageLog): Promise<ActivityRef> => host.run(ctx, async (call, given) => {
  const [first] = log.messages
  const begun = await begunOf(call, log)
  if (begun) return finish(begun)
  if (!first) throw new CrmError('rejected', { detail: 'There is no message.' })
  const shared = sharedOf(host, log, new Set())
  const answer = await host.ask(call, answers.logged, 'createMessageLog', { ...await around(host, call, given, log, first), message: messageOf(log, first), ...(shared ?? linksOf(log, first)) })
  if (answer.logId == null) throw refusalOf(answer, call)
  const ref = { id: activityId.parse(answer.logId) }
  host.keepMessage(ctx, ref.id, answer.returnMessage)
  if (shared || log.messages.length === 1) {
    await noteTold(call, ref, shared ? [wholeMark, ...log.messages.map(markOf)] : [markOf(first)])
    return ref
  }
  // Whoever tries again after a failure goes on with it.
  await noteTold(call, ref, [logMarkOf(log), markOf(first)])
  call.hasMade = false
  return finish(ref)

  async function finish(made: ActivityRef): Promise<ActivityRef> {
    await addNew(host, call, ctx, given, log, made)
    await noteTold(call, made, [], [logMarkOf(log)])
    return made
  }
}, { isCreating: true, idempotencyKey: log.externalId })

/** What the activity does not tell yet is added; what it tells cannot be changed by a connector, unless it writes the whole. */
export const updateMessageLog = (host: ConnectorHost, ctx: AdapterContext, ref: ActivityRef, log: MessageLog, changed: readonly Name[]): Promise<void> => host.run(ctx, async (call, given) => {
  if (!host.has('updateMessageLog')) throw new CrmError('unsupported')
  const told = new Set((await toldOf(call))[ref.id] ?? [])
  const shared = sharedOf(host, log, told)
  const [last] = log.messages.slice(-1)
  if (shared && last) {
    await change(host, call, ctx, ref, { ...await around(host, call, given, log, last), existingMessageLog: existingOf(host, given, ref, log, last), message: messageOf(log, last), ...shared })
    return
  }
  if (!changed.includes('messages')) return
  await addNew(host, call, ctx, given, log, ref)
})

async function addNew(host: ConnectorHost, call: ConnectorCall, ctx: AdapterContext, given: Given, log: MessageLog, ref: ActivityRef): Promise<void> {
  const told = new Set((await toldOf(call))[ref.id] ?? [])
  for (const message of log.messages.filter(each => !told.has(markOf(each)))) await add(host, call, ctx, given, log, ref, message)
}

async function add(host: ConnectorHost, call: ConnectorCall, ctx: AdapterContext, given: Given, log: MessageLog, ref: ActivityRef, message: Message): Promise<void> {
  await change(host, call, ctx, ref, {
    ...await around(host, call, given, log, message), existingMessageLog: existingOf(host, given, ref, log, message), message: messageOf(log, message), ...linksOf(log, message),
  })
  await noteTold(call, ref, [markOf(message)])
}

async function change(host: ConnectorHost, call: ConnectorCall, ctx: AdapterContext, ref: ActivityRef, argument: object): Promise<void> {
  const before = call.writes
  const answer = await host.ask(call, answers.changed, 'updateMessageLog', argument)
  // Many say of a failure only a word to the person.
  if (call.failure && call.writes === before) throw refusalOf(answer ?? {}, call)
  host.keepMessage(ctx, ref.id, answer?.returnMessage)
}

async function around(host: ConnectorHost, call: ConnectorCall, given: Given, log: MessageLog, message: Message): Promise<Record<string, unknown>> {
  const wire = wireExtraOf(log)
  const { contactId: id } = log
  if (id === undefined) throw new CrmError('rejected', { detail: 'App Connect connectors keep messages on a contact only.' })
  const other = otherParty(message)
  call.findMatches = matchesFor(host, call, given, other.number)
  const { type, name } = wire.contactType === undefined ? await typeOf(host, call, given, id, other.number) : { type: wire.contactType, name: '' }
  const nameOf = (member: string) => (wire.logInfo?.[member] as JsonObject | undefined)?.['name']
  return {
    ...given, contactInfo: { id: String(id), phoneNumber: other.number, type, name: wire.contactName ?? (name === '' ? other.name ?? '' : name) },
    correspondents: othersIn(wire, other.number, wire.contactName), assigneeName: nameOf('assignee'), ownerName: nameOf('owner'),
    additionalSubmission: wire.additionalSubmission ?? {}, hashedAccountId: wire.hashedAccountId,
  }
}

/** Of a conversation of several, who takes part beside the contact, each as a list of contacts found. Of the numbers that nobody has a name for, nothing is said. */
function othersIn({ logInfo }: WireExtra, number: string, contactName: string | undefined): { name: JsonValue; phone: JsonValue | undefined }[][] {
  const all = logInfo?.['correspondents']
  if (!Array.isArray(all) || all.length < 2) return []
  return (all as JsonObject[]).flatMap(({ name, phoneNumber }) =>
    typeof name !== 'string' || name === '' || phoneNumber === number || name === contactName ? [] : [[{ name, phone: phoneNumber }]])
}

interface Shared {
  readonly sharedSMSLogContent: { readonly subject: string; readonly body: string; readonly conversationCreatedDate: string | undefined }
}

/**
 * The whole day as one text, for a connector that takes it: from its caller, or because it says so by the name of the argument. What RingCentral's client
 * sends message by message is told so, since connectors copy faxes and pictures and count typing by the message. An activity stays as it was made.
 */
function sharedOf(host: ConnectorHost, log: MessageLog, told: ReadonlySet<string>): Shared | null {
  const { sharedSMSLogContent: sent, logInfo, contactName } = wireExtraOf(log)
  const [first, ...others] = log.messages
  // Of a mailbox that several share, App Connect's server too writes the text.
  const isOfClient = logInfo !== undefined && (logInfo['owner'] as JsonObject | null | undefined)?.['name'] === undefined
  // A voicemail or a fax has words of its own in a connector.
  const isToldOneByOne = isOfClient || others.length === 0 && (first?.kind === 'voicemail' || first?.kind === 'fax')
  // Connectors date the activity by it.
  const conversationCreatedDate = first?.sentAt
  if (sent) return { sharedSMSLogContent: { conversationCreatedDate, ...sent } }
  if (!takesWhole(host) || log.body === undefined || !(told.has(wholeMark) || told.size === 0 && !isToldOneByOne)) return null
  const other = first === undefined ? '' : contactName ?? otherParty(first).name ?? otherParty(first).number
  return { sharedSMSLogContent: { subject: log.subject ?? `Conversation with ${other}`, body: log.body, conversationCreatedDate } }
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

function linksOf(log: MessageLog, message: Message): Record<string, unknown> {
  const { kind, attachments = [] } = message
  const link = attachments[0]?.url
  const image = attachments.find(({ contentType }) => contentType?.startsWith('image/'))
  const video = attachments.find(({ contentType }) => contentType?.startsWith('video/'))
  const [doc, picture, film] = [link, image?.url, video?.url].map(url => placesOf(log, message, url))
  return {
    ...(kind === 'voicemail' && { recordingLink: link }),
    ...(kind === 'fax' && { faxDocLink: doc?.page, faxDownloadLink: doc?.file }),
    ...(image && { imageLink: picture?.page, imageDownloadLink: picture?.file, imageContentType: image.contentType }),
    ...(video && { videoLink: film?.page }),
  }
}

/** RingCentral's link leads to a page that shows the file; a connector that copies it wants the file itself. */
function placesOf(log: MessageLog, message: Message, url: string | undefined): { page: string | undefined; file: string | undefined } {
  const sent = messageOf(log, message)['attachments']
  const found = Array.isArray(sent) && wireExtraOf(log).logInfo ? (sent as JsonObject[]).find(({ link, uri }) => link === url || uri === url) : undefined
  const uri = typeof found?.['uri'] === 'string' ? found['uri'] : undefined
  return { page: uri !== undefined && found?.['link'] === undefined ? readerPageOf(uri) : url, file: uri ?? url }
}

const existingOf = ({ parts: { platform } }: ConnectorHost, { user }: Given, ref: ActivityRef, log: MessageLog, message: Message) => ({
  id: message.id, platform, conversationId: log.conversationId, conversationLogId: `${log.conversationId}/${log.day}`, thirdPartyLogId: String(ref.id), userId: user.id,
})

const mostActivities = 100
const mostAttempts = 8

/** Stands among the marks of an activity that tells the day as one text; no hash looks like it. */
const wholeMark = 'whole'

const logMarkOf = ({ externalId }: MessageLog): string => `log ${createHash('sha256').update(externalId).digest('hex').slice(0, 16)}`

const toldOf = async ({ credentials }: ConnectorCall): Promise<Readonly<Record<string, readonly string[]>>> => stateOf((await credentials.read()).state).toldMessages ?? {}

/** The activity that an attempt before has made, without having told it everything. */
async function begunOf(call: ConnectorCall, log: MessageLog): Promise<ActivityRef | null> {
  const [id] = Object.entries(await toldOf(call)).find(([, marks]) => marks.includes(logMarkOf(log))) ?? []
  return id === undefined ? null : { id: activityId.parse(id) }
}

const markOf = ({ id }: Message): string => createHash('sha256').update(id).digest('hex').slice(0, 8)

/** A connector cannot be asked which messages an activity tells, so that is kept with the connection, of the latest activities. */
async function noteTold({ credentials }: ConnectorCall, { id }: ActivityRef, marks: readonly string[], without: readonly string[] = []): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const held = await credentials.read()
    const state = stateOf(held.state)
    const { [id]: before = [], ...others } = state.toldMessages ?? {}
    const latest = Object.entries(others).slice(1 - mostActivities)
    const toldMessages = { ...Object.fromEntries(latest), [id]: [...new Set([...before, ...marks])].filter(mark => !without.includes(mark)) }
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

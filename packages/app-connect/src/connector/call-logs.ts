import { activityId, CrmError, type Activity, type ActivityRef, type AdapterContext, type CallLog, type JsonValue } from '@linefinder/core'
import type { JsonObject, WireExtra } from '../extras.js'
import * as answers from './answers.js'
import type { ConnectorCall } from './connector-call.js'
import { matchesFor, typeOf } from './contacts.js'
import { isAboutAbsence, refusalOf } from './failures.js'
import type { ConnectorHost, Given } from './host.js'
import { legsOf, logInfoOf, otherParty, resultWord, wireExtraOf } from './log-info.js'
import { dispositionFieldOf } from './manifest.js'

type Name = keyof CallLog

export const createCallLog = (host: ConnectorHost, ctx: AdapterContext, log: CallLog): Promise<ActivityRef> => host.run(ctx, async (call, given) => {
  const wire = wireExtraOf(log)
  call.assignee = assigneeOf(log)
  const answer = await host.ask(call, answers.logged, 'createCallLog', {
    ...given, contactInfo: await contactInfoOf(host, call, given, log), callLog: logInfoOf(log), note: log.note ?? '', aiNote: log.summary, transcript: log.transcript,
    additionalSubmission: { ...assignmentOf(call), ...submissionOf(host, log) }, composedLogDetails: log.body ?? '', ...aroundOf(wire.more),
    hashedAccountId: wire.hashedAccountId, isFromSSCL: wire.isFromSSCL ?? false,
  })
  if (answer.logId == null) throw refusalOf(answer, call)
  host.keepMessage(ctx, answer.logId, answer.returnMessage)
  return { id: activityId.parse(answer.logId) }
}, { isCreating: true, idempotencyKey: log.externalId })

/** Members of ours that a connector can be told of. */
const told: readonly Name[] = ['subject', 'note', 'body', 'startedAt', 'durationSeconds', 'result', 'recordingUrl', 'summary', 'transcript', 'legs', 'contactId', 'fields', 'disposition', 'extra']

export const updateCallLog = (host: ConnectorHost, ctx: AdapterContext, ref: ActivityRef, log: CallLog, changed: readonly Name[]): Promise<void> => host.run(ctx, async (call, given) => {
  const news = changed.filter(name => told.includes(name))
  if (news.length === 0) return
  const has = (name: Name) => changed.includes(name)
  const wire = wireExtraOf(log)
  const known = existingOf(host, given, ref, log)
  if (!isForDispositionOnly(host, wire, news)) await change()
  if (wire.dispositions && has('extra') && host.has('upsertCallDisposition')) {
    // Without a `logId` and a reason, there was nothing in the form that this connector keeps.
    const { returnMessage } = await dispose(host, call, given, known, wire.dispositions)
    host.keepMessage(ctx, ref.id, returnMessage)
  }

  async function change(): Promise<void> {
    const answer = await host.ask(call, answers.changed, 'updateCallLog', {
      ...given, existingCallLog: known,
      // What is left out stays as it is; what was taken away is empty.
      ...(has('subject') && { subject: log.subject ?? '' }),
      ...(has('note') && { note: log.note ?? '' }),
      // Many write both with every change, and take the present for what they are not told.
      ...((has('startedAt') || !host.parts.keepsUntold) && { startTime: Date.parse(log.startedAt) }),
      ...((has('durationSeconds') || !host.parts.keepsUntold && log.durationSeconds !== undefined) && { duration: log.durationSeconds ?? 0 }),
      ...(has('result') && { result: resultWord(log) ?? '' }),
      ...(has('recordingUrl') && { recordingLink: log.recordingUrl ?? '', recordingDownloadLink: log.recordingUrl ?? '' }),
      ...(has('summary') && { aiNote: log.summary ?? '' }),
      ...(has('transcript') && { transcript: log.transcript ?? '' }),
      ...(has('legs') && { legs: legsOf(log) ?? [] }),
      ...await textOf(host, call, given, known, has('body') ? log.body ?? '' : null),
      ...(has('fields') || has('disposition') || has('extra') ? { additionalSubmission: submissionOf(host, log) } : {}),
      ...(has('extra') && aroundOf(wire.more)),
      hashedAccountId: wire.hashedAccountId, isFromSSCL: wire.isFromSSCL ?? false,
    })
    // Many say of a failure only a word to the person.
    if (call.failure && call.writes === 0) throw refusalOf(answer ?? {}, call)
    host.keepMessage(ctx, ref.id, answer?.returnMessage)
  }
})

/** Some CRMs refuse a change without anything in it, and with it what was chosen. */
const isForDispositionOnly = (host: ConnectorHost, { dispositions, more, additionalSubmission }: WireExtra, news: readonly Name[]): boolean =>
  dispositions !== undefined && host.parts.hasBody && host.has('upsertCallDisposition') && news.every(name => name === 'extra') && more === undefined && additionalSubmission?.['isAssignedToUser'] === undefined

export const setDisposition = (host: ConnectorHost, ctx: AdapterContext, ref: ActivityRef, disposition: string | null): Promise<void> => host.run(ctx, async (call, given) => {
  const field = dispositionFieldOf(host.parts.platformManifest)
  if (!field) throw new CrmError('unsupported')
  const answer = await dispose(host, call, given, existingOf(host, given, ref, null), { [field.name]: disposition ?? '' })
  // Where nothing was taken away there was nothing to do.
  if (answer.logId == null && disposition !== null) throw refusalOf(answer, call)
  host.keepMessage(ctx, ref.id, answer.returnMessage)
})

async function dispose(host: ConnectorHost, call: ConnectorCall, given: Given, existingCallLog: object, dispositions: JsonObject) {
  const answer = await host.ask(call, answers.logged, 'upsertCallDisposition', { ...given, existingCallLog, dispositions })
  if (answer.logId == null && (call.failure || ['warning', 'danger', 'error'].includes(answer.returnMessage?.messageType ?? ''))) throw refusalOf(answer, call)
  return answer
}

/** `null`: the activity is gone. */
export const getCallLog = (host: ConnectorHost, ctx: AdapterContext, query: { readonly callLogId: string; readonly telephonySessionId?: string; readonly contactId?: string }) =>
  host.run(ctx, async (call, given) => {
    try {
      const answer = await host.ask(call, answers.callLogRead, 'getCallLog', { ...given, ...query })
      if (call.failure && !['subject', 'note', 'fullBody'].some(name => isText(answer.callLogInfo?.[name]))) throw refusalOf(answer, call)
      return { callLogInfo: answer.callLogInfo ?? null, ...(answer.returnMessage && { returnMessage: answer.returnMessage }) }
    } catch (error) {
      if (isAboutAbsence(call)) return { callLogInfo: null }
      // A connector that does not understand its own record has nothing to say of it, and may be able to change it.
      if (!host.parts.keepsUntold && !call.failure && call.answers > 0 && !(error instanceof CrmError)) return { callLogInfo: {} }
      throw error
    }
  })

export async function readActivity(host: ConnectorHost, ctx: AdapterContext, ref: ActivityRef): Promise<Activity | null> {
  const { callLogInfo } = await getCallLog(host, ctx, { callLogId: ref.id })
  if (callLogInfo === null) return null
  const text = (name: string): string | undefined => typeof callLogInfo[name] === 'string' ? callLogInfo[name] : undefined
  const [subject, note] = [text('subject'), text('note')]
  const body = text('fullBody') ?? note
  const field = dispositionFieldOf(host.parts.platformManifest)
  const disposition = field && (callLogInfo['dispositions'] as JsonObject | undefined)?.[field.name]
  return {
    ref, ...(subject !== undefined && { subject }), ...(note !== undefined && { note }), ...(body !== undefined && { body }),
    ...(typeof disposition === 'string' && disposition !== '' && { disposition }),
  }
}

/**
 * The activity's text, and what the connector has read for it. Those that write the whole text write it with every change, so one that has not changed is
 * told as it stands in the CRM.
 */
async function textOf(host: ConnectorHost, call: ConnectorCall, given: Given, existing: ReturnType<typeof existingOf>, body: string | null): Promise<Record<string, JsonValue | undefined>> {
  if (body === null && (!host.parts.hasBody || host.parts.keepsUntold)) return {}
  if (!host.has('getCallLog')) return body === null ? {} : { composedLogDetails: body, existingCallLogDetails: undefined }
  const { thirdPartyLogId: callLogId, sessionId: telephonySessionId, contactId } = existing
  try {
    const { callLogInfo } = await host.ask(call, answers.callLogRead, 'getCallLog', { ...given, callLogId, telephonySessionId, contactId })
    const standing = [callLogInfo?.['fullBody'], callLogInfo?.['note']].find(isText)
    if (body === null && standing === undefined && call.failure) throw refusalOf({}, call)
    return { ...(body ?? standing) !== undefined && { composedLogDetails: body ?? standing }, existingCallLogDetails: callLogInfo?.['fullLogResponse'] }
  } catch (error) {
    // A connector that cannot read its own record may be able to write it.
    if (body === null || call.failure) throw error
    return { composedLogDetails: body, existingCallLogDetails: undefined }
  }
}

async function contactInfoOf(host: ConnectorHost, call: ConnectorCall, given: Given, log: CallLog) {
  const { contactId: id } = log
  if (id === undefined) throw new CrmError('rejected', { detail: 'App Connect connectors keep a call on a contact only.' })
  const { number: phoneNumber, name: said } = otherParty(log)
  call.findMatches = matchesFor(host, call, given, phoneNumber)
  const wire = wireExtraOf(log)
  const { type, name } = wire.contactType === undefined ? await typeOf(host, call, given, id, phoneNumber) : { type: wire.contactType, name: '' }
  return { id: String(id), phoneNumber, type, name: wire.contactName ?? (name === '' ? said ?? '' : name) }
}

/** The call's row in App Connect's own table, as far as a connector looks at it. */
function existingOf({ parts: { platform } }: ConnectorHost, { user }: Given, ref: ActivityRef, log: CallLog | null) {
  const wire = log === null ? {} : wireExtraOf(log)
  const sessionId = String(wire.logInfo?.['sessionId'] ?? log?.externalId ?? '')
  return {
    id: String(wire.logInfo?.['telephonySessionId'] ?? log?.externalId ?? ''), sessionId, platform, thirdPartyLogId: String(ref.id), userId: user.id,
    contactId: log?.contactId === undefined ? undefined : String(log.contactId), extensionNumber: wire.extensionNumber ?? '', hashedExtensionId: wire.hashedExtensionId ?? '',
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** The user of the CRM whom the log names, by the extension that the client names; by none where the client says that it is for nobody. */
function assigneeOf({ agent, ...log }: CallLog): ConnectorCall['assignee'] {
  const { isAssignedToUser, adminAssignedUserRcId: named } = wireExtraOf(log).additionalSubmission ?? {}
  if (agent?.userId === undefined || isAssignedToUser === false) return null
  return { crmUserId: agent.userId, rcExtensionId: [typeof named === 'string' || typeof named === 'number' ? String(named) : agent.extension ?? agent.userId] }
}

/** As App Connect's server-side logging says it: the extension, which the account's mapping of users knows. */
const assignmentOf = ({ assignee }: ConnectorCall): Record<string, unknown> =>
  assignee ? { isAssignedToUser: true, adminAssignedUserRcId: assignee.rcExtensionId[0] } : {}

/** What the form of the manifest asks for a call. */
function submissionOf(host: ConnectorHost, log: CallLog): Record<string, unknown> {
  const { additionalSubmission, dispositions } = wireExtraOf(log)
  const field = host.has('upsertCallDisposition') ? undefined : dispositionFieldOf(host.parts.platformManifest)
  return { ...additionalSubmission, ...asSent(additionalSubmission ?? {}, log.fields ?? {}), ...(field && log.disposition !== undefined && { [field.name]: log.disposition }), ...dispositions }
}

/** Our fields know texts where the client had a number, of which some CRMs take only the latter: what is the same is said as it came. */
const asSent = (sent: JsonObject, fields: NonNullable<CallLog['fields']>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(sent[name]) === String(value) ? sent[name] : value]))

const around = [
  'voicemailLink', 'voicemailMessageId', 'ringSenseTranscript', 'ringSenseSummary', 'ringSenseAIScore', 'ringSenseBulletedSummary', 'ringSenseLink',
] as const

const aroundOf = (more: JsonObject | undefined): Record<string, unknown> => Object.fromEntries(around.map(name => [name, more?.[name]]))

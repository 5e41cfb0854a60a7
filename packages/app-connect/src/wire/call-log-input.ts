import { z } from 'zod'
import { contactId, maxExtraBytes, type CallLogInput, type JsonValue } from '@linefinder/core'
import type { CallLogPatch } from '@linefinder/core/api'
import { wireExtraName, type JsonObject, type WireExtra } from '../extras.js'
import type { ActivityForm } from './activity-forms.js'
import { agentOf, legsOf, partyOf, rcCall, resultOf, secondsOf } from './call-shape.js'
import { readFilled } from './form-fields.js'
import { instantOf, linkOf, rcId, textOf, withoutTokens } from './rc-text.js'

const text = z.string().nullish()
const submission = z.record(z.string(), z.unknown()).nullish()

const more = {
  voicemailLink: text, voicemailMessageId: z.coerce.string<unknown>().nullish(), ringSenseTranscript: text, ringSenseSummary: text,
  ringSenseAIScore: z.union([z.string(), z.number()]).nullish(), ringSenseBulletedSummary: text, ringSenseLink: text,
}
const moreNames = Object.keys(more) as (keyof typeof more)[]

/** Of `POST /callLog`. */
export const newCallLog = z.object({
  logInfo: z.looseObject({ ...rcCall.shape }),
  note: text, aiNote: text, transcript: text, additionalSubmission: submission,
  contactId: z.coerce.string<unknown>().nullish(), contactType: text, contactName: text,
  extensionNumber: z.coerce.string<unknown>().nullish(), hashedExtensionId: text,
  ...more,
})
export type NewCallLog = z.infer<typeof newCallLog>

/** Of `PATCH /callLog`. What is left out stays as it is. */
export const changedCallLog = z.object({
  sessionId: rcId,
  recordingLink: text, subject: text, note: text, aiNote: text, transcript: text, result: text,
  startTime: z.union([z.string(), z.number()]).nullish(), duration: z.coerce.number<unknown>().nullish().catch(undefined),
  direction: rcCall.shape.direction.optional().catch(undefined), from: rcCall.shape.from, to: rcCall.shape.to, legs: rcCall.shape.legs,
  additionalSubmission: submission,
  ...more,
})
export type ChangedCallLog = z.infer<typeof changedCallLog>

const maxNote = 100_000

/** `sent` is the body as it came: what has no member of ours goes on in `extra`, without RingCentral's tokens. */
export function toCallLog(log: NewCallLog, sent: NewCallLog['logInfo'], form: ActivityForm, isFromSSCL: boolean, rcAccountHash: string | undefined): CallLogInput {
  const { logInfo: call } = log
  const [agent, legs, seconds, result] = [agentOf(call, log.extensionNumber), legsOf(call.legs), secondsOf(call.duration), resultOf(call.result) ?? resultOf(call.telephonyStatus)]
  const chosen = textOf(log.contactId, 255)
  return {
    extra: extraOf(log, sent, isFromSSCL, rcAccountHash),
    direction: call.direction, from: partyOf(call.from), to: partyOf(call.to),
    startedAt: instantOf(call.startTime) ?? new Date().toISOString(),
    ...present({
      durationSeconds: seconds, result, agent, legs,
      contactId: chosen === undefined ? undefined : contactId.parse(chosen),
      subject: textOf(call.customSubject, 1000), note: textOf(log.note, maxNote), transcript: textOf(log.transcript ?? log.ringSenseTranscript, 500_000),
      summary: textOf(log.aiNote ?? log.ringSenseSummary, 50_000), recordingUrl: linkOf(call.recording?.link),
    }),
    ...readFilled(form, log.additionalSubmission ?? undefined),
  }
}

/** Only what is new in it; `{}` when there is nothing. An empty note is one that was emptied. */
export function toPatch(change: ChangedCallLog, form: ActivityForm): CallLogPatch {
  const [agent, legs] = [change.direction && (change.from ?? change.to) ? agentOf({ direction: change.direction, from: change.from, to: change.to }) : undefined, legsOf(change.legs)]
  return {
    ...present({
      note: change.note?.slice(0, maxNote), subject: textOf(change.subject, 1000), summary: textOf(change.aiNote ?? change.ringSenseSummary, 50_000),
      transcript: textOf(change.transcript ?? change.ringSenseTranscript, 500_000), recordingUrl: linkOf(change.recordingLink),
      startedAt: instantOf(change.startTime), durationSeconds: secondsOf(change.duration), result: resultOf(change.result),
      direction: change.direction, from: change.from ? partyOf(change.from) : undefined, to: change.to ? partyOf(change.to) : undefined, agent, legs,
    }),
    ...readFilled(form, change.additionalSubmission ?? undefined),
  }
}

/** What a second `POST` for a call that is logged already adds: never less than was there. */
export function toAddition({ extra: _first, note, ...log }: CallLogInput): CallLogPatch {
  return { ...log, ...(note === undefined ? {} : { note }) }
}

function extraOf(log: NewCallLog, sent: NewCallLog['logInfo'], isFromSSCL: boolean, rcAccountHash: string | undefined): NonNullable<CallLogInput['extra']> {
  const logInfo = withoutTokens(sent) as JsonObject
  const wire: WireExtra = present({
    logInfo, additionalSubmission: log.additionalSubmission == null ? undefined : withoutTokens(log.additionalSubmission) as JsonObject,
    contactType: textOf(log.contactType, 255), contactName: textOf(log.contactName, 255), more: moreOf(log), hashedAccountId: rcAccountHash,
    hashedExtensionId: textOf(log.hashedExtensionId, 100), extensionNumber: textOf(log.extensionNumber, 20), isFromSSCL: isFromSSCL || undefined,
  })
  return fitting(wire)
}

/** What RingCentral's own services know of the call beside it. */
export function moreOf(log: Pick<NewCallLog, keyof typeof more>): JsonObject | undefined {
  const known = moreNames.flatMap(name => {
    const value = log[name]
    // Transcripts have a member of ours, and no place in here.
    return value == null || value === '' || name === 'ringSenseTranscript' ? [] : [[name, withoutTokens(value)] as const]
  })
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** There is room for 64 kB: legs go first, then the call as it came. */
export function fitting(wire: WireExtra): { [wireExtraName]: JsonValue } {
  const { logInfo, ...rest } = wire
  const { legs: _long, ...short } = logInfo ?? {}
  const fits = [wire, { ...rest, logInfo: short }, rest].find(each => Buffer.byteLength(JSON.stringify(each)) < maxExtraBytes - 100)
  return { [wireExtraName]: (fits ?? {}) as JsonObject }
}

/** Without what is `undefined`. */
export function present<Values extends object>(values: Values): { [Name in keyof Values]?: NonNullable<Values[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Name in keyof Values]?: NonNullable<Values[Name]> }
}

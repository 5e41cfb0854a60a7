import * as z from 'zod'
import { extra } from './extra.js'
import { activityId, contactId, crmUserId, type ExternalId } from './ids.js'
import { logFieldValues } from './log-field.js'

export const callDirection = z.enum(['inbound', 'outbound'])
export type CallDirection = z.infer<typeof callDirection>

export const callResult = z.enum([
  'answered', 'missed', 'voicemail', 'busy', 'rejected', 'no_answer', 'cancelled', 'failed',
])
export type CallResult = z.infer<typeof callResult>

/** One end of a call. */
export const party = z.strictObject({
  /** E.164 where known, else as the phone system shows it; `anonymous` for a withheld number. */
  number: z.string().trim().min(1).max(100),
  name: z.string().max(255).optional(),
  extension: z.string().max(20).optional(),
})
export type Party = z.infer<typeof party>

const instant = z.iso.datetime({ offset: true })
const seconds = z.int().min(0).max(864_000)

/** Who of the organisation talked. */
export const callAgent = z.strictObject({
  /** The CRM's id of its user. Default: whom the mapping of users names for the extension, else nobody in particular. */
  userId: crmUserId.optional(),
  name: z.string().max(255).optional(),
  extension: z.string().max(20).optional(),
  number: z.string().max(100).optional(),
})
export type CallAgent = z.infer<typeof callAgent>

/** One part of a call's way through the phone system, in order: it rang here, waited there, was transferred to somebody. */
export const callLeg = z.strictObject({
  kind: z.enum(['ring', 'queue', 'agent', 'transfer', 'voicemail']),
  name: z.string().max(255).optional(),
  number: z.string().max(100).optional(),
  extension: z.string().max(20).optional(),
  startedAt: instant,
  endedAt: instant.optional(),
  durationSeconds: seconds.optional(),
  result: callResult.optional(),
})
export type CallLeg = z.infer<typeof callLeg>

/** The queue that took the call. */
export const callQueue = z.strictObject({ name: z.string().max(255).optional(), number: z.string().max(100).optional() })

/** Makes a contact for a number that nobody has yet, where the installation lets clients ask for it. */
export const newContact = z.strictObject({
  /** Default: the party's name, else its number. */
  name: z.string().trim().min(1).max(255).optional(),
  type: z.string().max(100).optional(),
})
export type NewContact = z.infer<typeof newContact>

/** What a client app says of a call. Times are RFC 3339 with an offset. */
export const callLogInput = z.object({
  direction: callDirection,
  from: party,
  to: party,
  /** When it first rang. */
  startedAt: instant,
  answeredAt: instant.optional(),
  endedAt: instant.optional(),
  /** Talking time in whole seconds, 0 when nobody answered. */
  durationSeconds: seconds.optional(),
  result: callResult.optional(),
  agent: callAgent.optional(),
  queue: callQueue.optional(),
  legs: z.array(callLeg).max(100).optional(),
  /** Whose record the call belongs on. Default: whoever has the other party's number, by the installation's rule. */
  contactId: contactId.optional(),
  newContact: newContact.optional(),
  subject: z.string().max(1000).optional(),
  note: z.string().max(100_000).optional(),
  /** One of the CRM's own outcomes. */
  disposition: z.string().max(255).optional(),
  /** The CRM's own fields, by the names that the adapter's `fields` gives. */
  fields: logFieldValues.optional(),
  recordingUrl: z.url({ protocol: /^https?$/ }).max(2000).optional(),
  transcript: z.string().max(500_000).optional(),
  /** A summary that a machine wrote. */
  summary: z.string().max(50_000).optional(),
  /** For adapters of a foreign format. Others leave it alone. */
  extra: extra.optional(),
})
export type CallLogInput = z.infer<typeof callLogInput>

/** What the CRM shall know of a call, as an adapter gets it. */
export interface CallLog extends CallLogInput {
  /** Ours. Store it in the CRM when it can, so that `findCallLog` finds the activity again. */
  readonly externalId: ExternalId
  /** The whole log as one text in the adapter's `bodyFormat`; absent without one. What people wrote into it in the CRM is kept in it. */
  readonly body?: string | undefined
}

/** Where the CRM keeps its copy of a call log. */
export const activityRef = z.object({
  id: activityId,
  /** The CRM's own kind of record, for CRMs that keep calls in more than one place. */
  type: z.string().max(100).optional(),
})
export type ActivityRef = z.infer<typeof activityRef>

/** What the CRM holds now, read back; people may have edited it there. */
export const activity = z.object({
  ref: activityRef,
  subject: z.string().optional(),
  note: z.string().optional(),
  /** The text that was given as `body`, as it stands there now. */
  body: z.string().optional(),
  contactId: contactId.optional(),
  disposition: z.string().optional(),
})
export type Activity = z.infer<typeof activity>

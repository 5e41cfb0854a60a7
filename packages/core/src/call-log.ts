import * as z from 'zod'
import { activityId, contactId, type ExternalId } from './ids.js'

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
  durationSeconds: z.int().min(0).max(864_000).optional(),
  result: callResult.optional(),
  contactId: contactId.optional(),
  subject: z.string().max(1000).optional(),
  note: z.string().max(100_000).optional(),
  /** One of the CRM's own outcomes. */
  disposition: z.string().max(255).optional(),
  recordingUrl: z.url({ protocol: /^https?$/ }).max(2000).optional(),
})
export type CallLogInput = z.infer<typeof callLogInput>

/** What the CRM shall know of a call, as an adapter gets it. */
export interface CallLog extends CallLogInput {
  /** Ours. Store it in the CRM when it can, so that `findCallLog` finds the activity again. */
  readonly externalId: ExternalId
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
  contactId: contactId.optional(),
  disposition: z.string().optional(),
})
export type Activity = z.infer<typeof activity>

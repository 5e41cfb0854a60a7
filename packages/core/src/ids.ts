import * as z from 'zod'

/** Ids are opaque text: never parsed, compared byte by byte. The brand keeps one kind from standing in for another. */
const opaqueId = z.string().min(1).max(255)

/** A contact's id in the CRM. */
export const contactId = opaqueId.brand<'ContactId'>()
export type ContactId = z.infer<typeof contactId>

/** The id of an activity (the CRM's copy of a call log) in the CRM. */
export const activityId = opaqueId.brand<'ActivityId'>()
export type ActivityId = z.infer<typeof activityId>

/** A CRM user's id in the CRM. */
export const crmUserId = opaqueId.brand<'CrmUserId'>()
export type CrmUserId = z.infer<typeof crmUserId>

/** A call's id as its phone system gives it. Unique only together with the phone system's name. */
export const callId = opaqueId.brand<'CallId'>()
export type CallId = z.infer<typeof callId>

/** Ours, given to the CRM with each activity so that it can be found again. */
export const externalId = opaqueId.brand<'ExternalId'>()
export type ExternalId = z.infer<typeof externalId>

/** A message's id as its phone system gives it. Unique only within its conversation. */
export const messageId = opaqueId.brand<'MessageId'>()
export type MessageId = z.infer<typeof messageId>

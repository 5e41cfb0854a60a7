import * as z from 'zod'
import { contactId, type ExternalId } from './ids.js'

export const callbackStatus = z.enum(['open', 'done', 'cancelled'])
export type CallbackStatus = z.infer<typeof callbackStatus>

/** Somebody is to be called back. */
export const callbackInput = z.object({
  /** E.164 where known. */
  number: z.string().trim().min(1).max(100),
  name: z.string().max(255).optional(),
  contactId: contactId.optional(),
  /** RFC 3339 with an offset. */
  dueAt: z.iso.datetime({ offset: true }),
  subject: z.string().max(1000).optional(),
  note: z.string().max(100_000).optional(),
  status: callbackStatus.default('open'),
})
export type CallbackInput = z.infer<typeof callbackInput>

/** A callback as an adapter gets it. */
export interface Callback extends CallbackInput {
  /** Ours. Store it in the CRM when it can, so that `findTask` finds the task again. */
  readonly externalId: ExternalId
}

import * as z from 'zod'
import { activityRef } from '../call-log.js'
import { contactId } from '../ids.js'
import { problemCode } from './problem-code.js'

export const callLogStatuses = ['pending', 'delivering', 'delivered', 'retrying', 'failed'] as const
export const callLogStatus = z.enum(callLogStatuses)
export type CallLogStatus = z.infer<typeof callLogStatus>

/** Where an entry of the ledger stands: what the CRM has of it, and what happens next. */
export const standing = z.object({
  status: callLogStatus,
  /** Rises with every change. */
  version: z.int(),
  /** What the CRM has; equals `version` once delivered. */
  deliveredVersion: z.int(),
  /** The CRM's copy, once it exists. */
  activity: activityRef.extend({ url: z.string().optional() }).nullable(),
  /** Whose record it is on, and why; `null` before that has been looked at. When `ambiguous`, say which by `contactId`. */
  contact: z.object({
    id: contactId.nullable(),
    how: z.enum(['given', 'only', 'rule', 'created', 'nobody', 'ambiguous']),
    /** Everyone with the number, best first. */
    candidates: z.array(contactId),
  }).nullable(),
  lastError: z.object({
    code: problemCode,
    /** In the adapter's words. */
    detail: z.string().optional(),
    at: z.iso.datetime(),
  }).nullable(),
  /** When it is tried again by itself. */
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deliveredAt: z.iso.datetime().nullable(),
})
export type Standing = z.infer<typeof standing>

import type { ActivityRef, CallLog, ContactId, ExternalId } from '@linefinder/core'
import type { Activity } from './answers.js'
import { toLocalTime } from './local-time.js'
import { allLines, linesOf } from './mapping.js'

/** What is written for a call. The CRM keeps one text for it, and lets nobody change that. */
export interface Entry {
  readonly customer: string
  readonly kind: 'CALL' | 'NOTE'
  readonly date: string
  readonly text: string
}

/** Stands in every text that is about the call, so that they are found again. */
export const markOf = (externalId: ExternalId): string => `[${externalId}]`

export const toEntry = (log: CallLog, customer: ContactId, timeZone: string): Entry => ({
  customer, kind: 'CALL', date: toLocalTime(log.startedAt, timeZone),
  text: clean(`${log.body ?? linesOf(log, allLines, timeIn(timeZone), null).join('\n')}\n${markOf(log.externalId)}`),
})

/** Worth a further entry when they change. The rest of a call log is of no use to whoever reads the customer's history. */
const worthAdding: ReadonlySet<keyof CallLog> = new Set([
  'subject', 'result', 'durationSeconds', 'disposition', 'fields', 'note', 'summary', 'recordingUrl', 'transcript',
])

/**
 * What has to be written after `known`, oldest first, which is what stands in the CRM about the call: what has changed, on the customer whose
 * record it is on. For another customer than before: the whole call there, and a word of it here. Nothing when the last entry says it already.
 */
export function entriesAfter(known: readonly Activity[], ref: ActivityRef, log: CallLog, changed: readonly (keyof CallLog)[], timeZone: string): Entry[] {
  const first = known[0]
  const customer = log.contactId ?? first?.customer
  if (first === undefined || customer === undefined) return []
  const entries = movedEntries(known, ref, log, timeZone)
  const names = changed.filter(name => worthAdding.has(name))
  if (entries.some(({ kind }) => kind === 'CALL') || names.length === 0) return entries
  const text = linesOf(log, names, timeIn(timeZone), '(none)').join('\n')
  return [...entries, remark(customer, log, timeZone, `Addition to the call of ${timeIn(timeZone)(log.startedAt)} (no. ${ref.id})`, text)].filter(isNew(known))
}

function movedEntries(known: readonly Activity[], ref: ActivityRef, log: CallLog, timeZone: string): Entry[] {
  const { contactId } = log
  const last = known.at(-1)
  if (contactId === undefined || last === undefined || last.customer === contactId) return []
  const word = `The call of ${timeIn(timeZone)(log.startedAt)} (no. ${ref.id}) belongs to customer ${contactId}.`
  const wasThere = known.some(({ customer }) => customer === contactId)
  return [
    remark(last.customer, log, timeZone, word),
    wasThere ? remark(contactId, log, timeZone, word) : toEntry(log, contactId, timeZone),
  ].filter(isNew(known))
}

const remark = (customer: string, log: CallLog, timeZone: string, ...lines: readonly string[]): Entry =>
  ({ customer, kind: 'NOTE', date: toLocalTime(log.startedAt, timeZone), text: clean([...lines, markOf(log.externalId)].join('\n')) })

/** The last word on that customer's record is another. */
const isNew = (known: readonly Activity[]) => ({ customer, text }: Entry): boolean =>
  known.findLast(each => each.customer === customer)?.text !== text

const timeIn = (timeZone: string) => (instant: string): string => toLocalTime(instant, timeZone)

/** As the CRM gives it back: without what XML cannot say. */
const clean = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '')

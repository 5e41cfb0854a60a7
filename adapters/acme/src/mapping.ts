import { activityId, contactId, type Activity, type CallLog, type Contact, type ContactInput, type ContactPage } from '@linefinder/core'
import type { z } from 'zod'
import type { activity as acmeActivity, People, Person } from './answers.js'

export const toContact = (person: Person): Contact => ({
  id: contactId.parse(person.id),
  type: 'person',
  // A person may be known by a number only.
  name: person.name === '' ? (person.phones[0]?.number ?? person.id) : person.name,
  // Acme's labels may be longer than ours, and one of them must not spoil a page.
  phones: person.phones.map(({ label, number }) => ({ label: label.slice(0, 100), number })),
  createdAt: person.created_at,
  ...(person.title == null ? {} : { title: person.title }),
  ...(person.email == null ? {} : { email: person.email }),
  ...(person.company_name == null ? {} : { companyName: person.company_name }),
  ...(person.last_activity_at == null ? {} : { lastActivityAt: person.last_activity_at }),
})

export const toContacts = ({ items }: People): Contact[] => items.flatMap(item => 'deleted_at' in item ? [] : [toContact(item)])

export const toContactPage = (page: People): ContactPage => ({
  contacts: toContacts(page),
  deleted: page.items.flatMap(item => 'deleted_at' in item ? [contactId.parse(item.id)] : []),
  nextCursor: page.next_cursor ?? null,
})

export const fromContactInput = (input: ContactInput) => ({
  name: input.name,
  phones: [{ label: input.phoneLabel ?? 'work', number: input.phone }],
  ...(input.email === undefined ? {} : { email: input.email }),
})

export const toActivity = (found: z.infer<typeof acmeActivity>): Activity => ({
  ref: { id: activityId.parse(found.id) },
  subject: found.subject,
  body: found.body,
  ...(found.person_id === null ? {} : { contactId: contactId.parse(found.person_id) }),
  ...(found.disposition === null ? {} : { disposition: found.disposition }),
})

/** Acme's field for each of ours, and its value. What is absent in the log is cleared in Acme. */
const fields: { readonly [Name in keyof CallLog]?: (log: CallLog) => Readonly<Record<string, unknown>> } = {
  externalId: log => ({ external_id: log.externalId }),
  contactId: log => ({ person_id: log.contactId ?? null }),
  direction: log => ({ direction: log.direction }),
  from: log => ({ from_number: log.from.number, ...madeSubject(log) }),
  to: log => ({ to_number: log.to.number, ...madeSubject(log) }),
  startedAt: log => ({ started_at: log.startedAt }),
  durationSeconds: log => ({ duration_seconds: log.durationSeconds ?? null }),
  result: log => ({ result: log.result ?? null, ...madeSubject(log) }),
  subject: log => ({ subject: subjectOf(log) }),
  body: log => ({ body: log.body ?? '' }),
  disposition: log => ({ disposition: log.disposition ?? null }),
  agent: log => ownerOf(log),
  fields: log => ({ fields: log.fields ?? {} }),
  recordingUrl: log => ({ recording_url: log.recordingUrl ?? null }),
}

export const fromCallLog = (log: CallLog, names: readonly (keyof CallLog)[]): Record<string, unknown> =>
  Object.assign({}, ...names.map(name => fields[name]?.(log)))

export const allFields = Object.keys(fields) as (keyof CallLog)[]

/** Without one, an activity stays whose it is: at first the connected user's. */
export const ownerOf = ({ agent }: Pick<CallLog, 'agent'>): { user_id?: string } => agent?.userId === undefined ? {} : { user_id: agent.userId }

/** A subject of the log's own does not change with the rest, and people may have edited it in Acme. */
const madeSubject = (log: CallLog): { subject?: string } => log.subject === undefined ? { subject: subjectOf(log) } : {}

function subjectOf({ subject, direction, from, to, result }: CallLog): string {
  if (subject !== undefined) return subject
  const other = direction === 'inbound' ? from : to
  const kind = result === 'missed' ? 'Missed call' : direction === 'inbound' ? 'Incoming call' : 'Outgoing call'
  return `${kind} ${direction === 'inbound' ? 'from' : 'to'} ${other.name ?? other.number}`
}

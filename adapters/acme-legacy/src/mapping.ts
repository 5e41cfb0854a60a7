import { contactId, crmUserId, type CallLog, type Contact, type ContactInput, type ContactPage, type CrmUser } from '@linefinder/core'
import type { z } from 'zod'
import type { Customer, customers, user } from './answers.js'
import { fromLocalTime } from './local-time.js'

export const toUser = ({ user: found }: z.infer<typeof user>): CrmUser => ({
  id: crmUserId.parse(found['@id']),
  name: found['@name'],
  email: found['@email'],
  timezone: found['@zone'],
  account: { id: found['@mandant'], name: found['@mandantname'] },
})

export function toContact({ id, name, company, email = '', phones, created = '', lastcall = '' }: Customer, timeZone: string): Contact {
  const [createdAt, lastActivityAt] = [fromLocalTime(created, timeZone), fromLocalTime(lastcall, timeZone)]
  return {
    id: contactId.parse(id), type: 'customer', name, phones,
    ...(company === '' ? {} : { companyName: company }),
    ...(email === '' ? {} : { email }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(lastActivityAt === undefined ? {} : { lastActivityAt }),
  }
}

/** A customer of whom nothing is wanted any more is inactive; it is never deleted. */
export const toContacts = (found: readonly Customer[], timeZone: string): Contact[] =>
  found.filter(({ active }) => active).map(customer => toContact(customer, timeZone))

export function toContactPage(page: z.infer<typeof customers> | null, timeZone: string): ContactPage {
  if (page === null) return { contacts: [], nextCursor: null }
  return {
    contacts: toContacts(page.customer, timeZone),
    deleted: page.customer.filter(({ active }) => !active).map(({ id }) => contactId.parse(id)),
    nextCursor: page['@page'] < page['@pages'] ? String(page['@page'] + 1) : null,
  }
}

export const fromContactInput = ({ name, companyName = '', email = '' }: ContactInput, phone: string): Record<string, string> =>
  ({ name, company: companyName, email, phone })

/** `null` for a text that ISO-8859-1 does not have: the CRM cannot be asked for it. */
export function toQuery(params: Readonly<Record<string, string>>): string | null {
  const text = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  if (text.some(pair => /[^\0-\xff]/.test(pair))) return null
  return Object.entries(params).map(([name, value]) => `${name}=${Buffer.from(value, 'latin1').toString('hex').replace(/../g, '%$&')}`).join('&')
}

/** What a call log says, a line or block each, in this order. */
const lines: { readonly [Name in keyof CallLog]?: (log: CallLog, time: (instant: string) => string) => readonly [label: string, value: string | undefined] } = {
  subject: log => ['Subject', log.subject],
  direction: log => ['Direction', log.direction],
  from: log => ['From', partyOf(log.from)],
  to: log => ['To', partyOf(log.to)],
  startedAt: (log, time) => ['Started', time(log.startedAt)],
  answeredAt: (log, time) => ['Answered', log.answeredAt && time(log.answeredAt)],
  endedAt: (log, time) => ['Ended', log.endedAt && time(log.endedAt)],
  durationSeconds: log => ['Duration', log.durationSeconds === undefined ? undefined : `${String(log.durationSeconds)} s`],
  result: log => ['Result', log.result?.replace('_', ' ')],
  agent: log => ['Agent', log.agent && [log.agent.name, log.agent.extension].filter(Boolean).join(', ')],
  queue: log => ['Queue', log.queue?.name ?? log.queue?.number],
  disposition: log => ['Disposition', log.disposition],
  fields: log => ['Fields', log.fields && Object.entries(log.fields).map(([name, value]) => `${name} = ${String(value)}`).join('; ')],
  note: log => ['Note', log.note],
  summary: log => ['Summary', log.summary],
  recordingUrl: log => ['Recording', log.recordingUrl],
  transcript: log => ['Transcript', log.transcript],
}

const partyOf = ({ name, number }: CallLog['from']): string => name === undefined ? number : `${name} (${number})`

export const allLines = Object.keys(lines) as (keyof CallLog)[]

/** `null` in `absent` leaves out what the log does not say. */
export function linesOf(log: CallLog, names: readonly (keyof CallLog)[], time: (instant: string) => string, absent: string | null): string[] {
  return allLines.filter(name => names.includes(name)).flatMap(name => {
    const [label = '', value] = lines[name]?.(log, time) ?? []
    const text = value === undefined || value === '' ? absent : value
    return text === null ? [] : [`${label}: ${text}`]
  })
}

import { contactId, CrmError, crmUser, type Contact, type ContactId, type ContactPhone, type CrmUser } from '@linefinder/core'
import { readInstant } from '../dates.js'
import type { Answer, Captured } from '../response.js'

/** The records of an answer; an answer without a list is one record, or none. */
export function recordsOf({ fields, records }: Answer): readonly Captured[] {
  return records ?? (fields.isEmpty ? [] : [fields])
}

/** What an answer tells of the one record that it is about. Throws `CrmError('bad_response')` unless it gives the name. */
export function oneOf(answer: Answer, name: string): Captured {
  const record = answer.fields.get(name) === undefined ? recordsOf(answer)[0] : answer.fields
  if (record?.text(name) === undefined) throw new CrmError('bad_response', { detail: `The CRM’s answer gives no ${name}.` })
  return record
}

/** Most CRMs count companies apart from contacts: a contact 5 and a company 5 are two. */
const companyPrefix = 'organization:'

/** The id of a contact, or of a company where the record has no contact's. */
export const idIn = (record: Captured): ContactId | undefined => record.text('contact_id') === undefined ? companyIn(record) : asId(record.text('contact_id'))

const companyIn = (record: Captured): ContactId | undefined => {
  const id = record.text('company_id')
  return id === undefined ? undefined : asId(`${companyPrefix}${id}`)
}

const asId = (text: string | undefined): ContactId | undefined => text === undefined || text.length > 255 ? undefined : contactId.parse(text)

/** The parameters that name a contact, or a company. */
export const parametersFor = (id: ContactId): { contact_id?: string; company_id?: string } =>
  id.startsWith(companyPrefix) ? { company_id: id.slice(companyPrefix.length) } : { contact_id: id }

/** A contact, or a company where the record has no contact's id. */
export function toContact(record: Captured): Contact {
  const id = idIn(record)
  if (id === undefined) throw new CrmError('bad_response', { detail: 'A contact in the CRM’s answer has no contact_id.' })
  const isCompany = record.text('contact_id') === undefined
  const companyId = isCompany ? undefined : companyIn(record)
  const phones = phonesIn(record)
  const company = record.text('company_name')
  const [title, email, type] = [record.text('job_title'), record.text('email'), record.text('contact_type') ?? (isCompany ? 'organization' : undefined)]
  const [lastActivityAt, createdAt] = [instantIn(record, 'last_activity_at'), instantIn(record, 'created_at')]
  return {
    id,
    name: nameIn(record, 'contact_name') ?? company ?? phones[0]?.number ?? record.text(isCompany ? 'company_id' : 'contact_id') ?? id,
    ...(type === undefined ? {} : { type: type.slice(0, 100) }),
    ...(title === undefined ? {} : { title }),
    ...(company === undefined || isCompany ? {} : { companyName: company }),
    ...(companyId === undefined ? {} : { companyId }),
    ...(email === undefined ? {} : { email }),
    phones,
    ...(lastActivityAt === undefined ? {} : { lastActivityAt }),
    ...(createdAt === undefined ? {} : { createdAt }),
  }
}

/** Several answers may hold the same one. */
export const distinct = (contacts: readonly Contact[]): Contact[] => [...new Map(contacts.map(each => [each.id, each])).values()]

export function toUser(record: Captured): CrmUser {
  const id = record.text('user_id')
  if (id === undefined || id.length > 255) throw new CrmError('bad_response', { detail: 'A user in the CRM’s answer has no user_id.' })
  const [email, timezone, account, accountName] = [record.text('email'), record.text('timezone'), record.text('account_id'), record.text('account_name')]
  return crmUser.parse({
    id, name: nameIn(record, 'user_name') ?? email ?? id,
    ...(email === undefined ? {} : { email }),
    ...(timezone === undefined || !isTimeZone(timezone) ? {} : { timezone }),
    ...(account === undefined ? {} : { account: { id: account, ...(accountName === undefined ? {} : { name: accountName }) } }),
  })
}

function nameIn(record: Captured, whole: string): string | undefined {
  const given = [record.text('firstname'), record.text('lastname')].filter(part => part !== undefined).join(' ')
  return record.text(whole) ?? (given === '' ? undefined : given)
}

function phonesIn(record: Captured): ContactPhone[] {
  const labels = record.all('phone_label')
  const numbers = record.all('phone')
  const labelled = labels.length === numbers.length
  return [
    ...numbers.map((number, index) => ({ number: String(number), label: labelled ? String(labels[index]) : undefined })),
    ...record.all('mobile').map(number => ({ number: String(number), label: 'mobile' })),
  ].flatMap(({ number, label }) => number.trim() === '' || number.length > 200 ? []
    : [{ number, ...(label === undefined || label === '' ? {} : { label: label.slice(0, 100) }) }])
}

function instantIn(record: Captured, name: string): string | undefined {
  const value = record.get(name)
  const ms = typeof value === 'number' ? value : value === undefined ? null : /^\d{10,13}$/.test(String(value)) ? Number(value) : readInstant(String(value))
  return ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15 ? undefined : new Date(ms).toISOString()
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

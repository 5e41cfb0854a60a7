import { CrmError, type AdapterContext, type Contact, type ContactInput, type ContactPage, type PhoneQuery } from '@linefinder/core'
import type { DocumentMethods } from '../methods.js'
import type { Captured } from '../response.js'
import { readPage, type Place } from './paging.js'
import { distinct, idIn, oneOf, recordsOf, toContact } from './records.js'

export async function findContacts(methods: DocumentMethods, ctx: AdapterContext, { variants }: PhoneQuery): Promise<Contact[]> {
  const { spellings = 1 } = methods.find('FindContact') ?? {}
  // Nobody has a number without a digit.
  const wanted = variants.filter(variant => /\d/.test(variant)).slice(0, spellings)
  return distinct((await Promise.all(wanted.map(phone => findBy(methods, ctx, phone)))).flat())
}

async function findBy(methods: DocumentMethods, ctx: AdapterContext, phone: string): Promise<Contact[]> {
  try {
    const answer = await methods.call(ctx, 'FindContact', { phone, party_number: phone, calling_number: phone, called_number: phone })
    return recordsOf(answer).filter(isLiving).map(record => toContact(withPhone(methods, record, phone)))
  } catch (error) {
    if (error instanceof CrmError && error.code === 'not_found') return []
    throw error
  }
}

/** A document whose answer has no number finds by the number, so what it finds has it. */
function withPhone(methods: DocumentMethods, record: Captured, phone: string): Captured {
  if (!methods.gives('FindContact', 'phone') && !methods.gives('FindContact', 'mobile')) record.add('phone', phone)
  return record
}

export async function searchContacts(methods: DocumentMethods, ctx: AdapterContext, prefix: string, limit: number): Promise<Contact[]> {
  const answer = await methods.call(ctx, 'SearchContacts', { prefix, limit })
  return distinct(recordsOf(answer).filter(isLiving).map(toContact)).slice(0, limit)
}

export async function createContact(methods: DocumentMethods, ctx: AdapterContext, input: ContactInput): Promise<Contact> {
  const [, firstname = '', lastname = input.name] = /^(\S+)\s+(.+)$/s.exec(input.name.trim()) ?? []
  const record = oneOf(await methods.call(ctx, 'CreateContact', {
    contact_name: input.name, firstname, lastname, phone: input.phone, phone_label: input.phoneLabel ?? 'work', contact_type: input.type,
    mobile: /mobile|cell/i.test(input.phoneLabel ?? '') ? input.phone : undefined, company_name: input.companyName, email: input.email,
  }), 'contact_id')
  const made = toContact(record)
  const isNamed = ['contact_name', 'firstname', 'lastname'].some(name => record.text(name) !== undefined)
  return {
    ...(input.type === undefined ? {} : { type: input.type }),
    ...(input.companyName === undefined ? {} : { companyName: input.companyName }),
    ...(input.email === undefined ? {} : { email: input.email }),
    ...made,
    name: isNamed ? made.name : input.name,
    phones: made.phones.length > 0 ? made.phones : [{ number: input.phone, ...(input.phoneLabel === undefined ? {} : { label: input.phoneLabel }) }],
  }
}

/** Contacts first, then companies. */
const listed = ['Contacts', 'Organizations'] as const

export async function listContacts(methods: DocumentMethods, ctx: AdapterContext, since: string | null, cursor: string | null): Promise<ContactPage> {
  const lists = listed.filter(name => methods.has(name))
  const { list, at } = placeOf(cursor)
  const name = lists[list]
  if (name === undefined) return { contacts: [], nextCursor: null }
  const { records, next } = await readPage(methods, ctx, name, { since: since === null ? undefined : Date.parse(since) }, at)
  const deleted = records.filter(record => !isLiving(record)).flatMap(record => idIn(record) ?? [])
  return {
    contacts: records.filter(isLiving).map(toContact),
    ...(deleted.length === 0 ? {} : { deleted }),
    nextCursor: next !== null ? JSON.stringify([list, next]) : list + 1 < lists.length ? JSON.stringify([list + 1, null]) : null,
  }
}

const isLiving = (record: Captured): boolean => record.text('deleted_at') === undefined

function placeOf(cursor: string | null): { list: number; at: Place | null } {
  if (cursor === null) return { list: 0, at: null }
  // Ours, of the page before.
  const [list, at] = JSON.parse(cursor) as [number, Place | null]
  return { list, at }
}

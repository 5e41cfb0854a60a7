import { CrmError, contact, type AdapterContext, type Contact, type ContactInput, type JsonValue, type PhoneQuery } from '@linefinder/core'
import type { ConnectorContact, ConnectorExtras, ContactsAnswer } from '../extras.js'
import * as answers from './answers.js'
import type { ConnectorCall } from './connector-call.js'
import { isAboutAbsence, isOutOfReach, refusalOf } from './failures.js'
import type { ConnectorHost, Given } from './host.js'

type FindQuery = Parameters<ConnectorExtras['findContact']>[1]
type CreateInput = Parameters<NonNullable<ConnectorExtras['createContact']>>[1]

export const findByPhone = (host: ConnectorHost, ctx: AdapterContext, query: FindQuery): Promise<ContactsAnswer> => host.run(ctx, (call, given) =>
  search(host, call, 'findContact', { ...given, ...query, isForceRefreshAccountData: query.isForceRefreshAccountData ?? false, tracer: undefined }))

export const findByName = (host: ConnectorHost, ctx: AdapterContext, name: string): Promise<ContactsAnswer> => host.run(ctx, (call, given) =>
  search(host, call, 'findContactWithName', { ...given, name }))

/** Nobody is an answer; nobody because the CRM could not be asked is none. That one of several questions was a wrong one says nothing. */
async function search(host: ConnectorHost, call: ConnectorCall, name: 'findContact' | 'findContactWithName', argument: object): Promise<ContactsAnswer> {
  const answer = await host.askLeniently(call, answers.contacts, name, argument)
  const contacts = (answer.matchedContactInfo ?? []) as readonly ConnectorContact[]
  const isNobody = contacts.every(isNewContact)
  const isRefused = answer.successful === false && (answer.extraDataTracking?.statusCode !== undefined || call.failure !== null && !isAboutAbsence(call))
  if (isNobody && (isRefused || isOutOfReach(call))) throw refusalOf(answer, call)
  return { contacts, ...(answer.returnMessage && { returnMessage: answer.returnMessage }) }
}

export const create = (host: ConnectorHost, ctx: AdapterContext, input: CreateInput) => host.run(ctx, async (call, given) => {
  const answer = await host.ask(call, answers.createdContact, 'createContact', {
    ...given, phoneNumber: input.phoneNumber, newContactName: input.newContactName, newContactType: input.newContactType ?? '', additionalSubmission: input.additionalSubmission ?? {},
  })
  if (!answer.contactInfo) throw refusalOf(answer, call)
  const shown = answer.contactInfo as ConnectorContact
  const known = { ...shown, name: shown['name'] ?? input.newContactName, ...(input.newContactType !== undefined && shown['type'] === undefined && { type: input.newContactType }) }
  return { contact: toContact(known, input.phoneNumber), shown, ...(answer.returnMessage && { returnMessage: answer.returnMessage }) }
})

/** What the adapter is asked by, as App Connect's client would ask. */
export function findQueryOf({ e164, raw, variants }: PhoneQuery): FindQuery {
  const isExtension = e164 === null && /^\d{1,8}$/.test(variants[0] ?? raw)
  return { phoneNumber: e164 ?? variants[0] ?? raw, overridingFormat: '', isExtension: String(isExtension) }
}

export const toContacts = (found: ContactsAnswer, phone: string | null): Contact[] => found.contacts.filter(each => !isNewContact(each)).map(each => toContact(each, phone))

/** With the numbers that the connector names, else the one that was asked for: many give none back. */
export function toContact(found: ConnectorContact, phone: string | null): Contact {
  const text = (name: string) => typeof found[name] === 'string' && found[name] !== '' ? found[name] : undefined
  const [title, company, email, type] = [text('title'), text('company'), text('email'), text('type')]
  const [createdAt, lastActivityAt] = [instantOf(found['createdDate']), instantOf(found['mostRecentActivityDate'])]
  const numbers = Array.isArray(found['phones']) ? found['phones'].flatMap((each: JsonValue) => typeof each === 'string' && each !== '' ? [each] : []) : [text('phone') ?? phone ?? ''].filter(number => number !== '')
  return contact.parse({
    id: String(found['id']), name: text('name') ?? '', phones: numbers.map(number => ({ number })),
    ...(type !== undefined && { type }), ...(title !== undefined && { title }), ...(company !== undefined && { companyName: company }), ...(email !== undefined && { email }),
    ...(createdAt !== undefined && { createdAt }), ...(lastActivityAt !== undefined && { lastActivityAt }),
  })
}

/** What the form of the manifest asks for a new contact goes by the form's names. */
export function createInputOf(host: ConnectorHost, { name, phone, type, email, companyName }: ContactInput): CreateInput {
  const { contactTypes, page: { newContact } } = host.parts.platformManifest
  const known: Readonly<Record<string, string | undefined>> = { email, company: companyName, companyName }
  const asked = newContact.additionalFields.flatMap(({ const: field }) => known[field] === undefined ? [] : [[field, known[field]] as const])
  const newContactType = type ?? contactTypes[0]?.value
  return { phoneNumber: phone, newContactName: name, additionalSubmission: Object.fromEntries(asked), ...(newContactType !== undefined && { newContactType }) }
}

/** For a connector that looks among those whom App Connect's server would have kept for the number. */
export const matchesFor = (host: ConnectorHost, call: ConnectorCall, given: Given, phoneNumber: string) => async () =>
  ({ phoneNumber, contacts: host.has('findContact') ? (await search(host, call, 'findContact', { ...given, ...unformatted(phoneNumber) })).contacts.filter(each => !isNewContact(each)) : [] })

const unformatted = (phoneNumber: string) => ({ phoneNumber, overridingFormat: '', isExtension: 'false', isForceRefreshAccountData: false, tracer: undefined })

/**
 * The kind of record that a contact is, which most connectors want to know with the id: the only one of the manifest, else that of the contact as it is found
 * by the call's number.
 */
export async function typeOf(host: ConnectorHost, call: ConnectorCall, given: Given, id: string, phoneNumber: string): Promise<{ type: string; name: string }> {
  const { contactTypes } = host.parts.platformManifest
  if (contactTypes.length < 2) return { type: contactTypes[0]?.value ?? '', name: '' }
  const { contacts } = await search(host, call, 'findContact', { ...given, ...unformatted(phoneNumber) })
  const found = contacts.find(each => String(each['id']) === id)
  if (!found) throw new CrmError('rejected', { detail: 'The connector wants to know what kind of record the contact is, and does not find it by the number of the call.' })
  return { type: String(found['type'] ?? ''), name: String(found['name'] ?? '') }
}

const isNewContact = (found: ConnectorContact): boolean => found['isNewContact'] === true || found['id'] === 'createNewContact'

function instantOf(value: unknown): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string' || value === '') return undefined
  const instant = new Date(value)
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString()
}

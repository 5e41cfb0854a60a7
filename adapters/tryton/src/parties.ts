import { contactId, CrmError, type AdapterContext, type Contact, type ContactId, type ContactInput, type ContactPage, type ContactPhone } from '@linefinder/core'
import { createdIds, parties, partyFields, toInstant, type Party } from './answers.js'
import { fromContactInput, fromPhone, phoneTypes, toContact } from './mapping.js'
import { ask, type Caller } from './rpc.js'

const mostFound = 100
const pageSize = 200

/** What Tryton calls a domain: conditions that all hold. */
type Domain = readonly unknown[]

/**
 * Tryton keeps a number as somebody typed it, unless Python's phonenumbers is there to rewrite it. So the digits are looked for in their
 * order with anything between them, which finds every spelling, and a few strangers.
 */
export async function findParties(ctx: Caller, variants: readonly string[]): Promise<Contact[]> {
  const values = variants.map(text => enoughDigits.test(text) ? ['value', 'ilike', `%${[...text].join('%')}%`] : ['value', '=', text])
  const isReachable = ['contact_mechanisms', 'where', [['type', 'in', phoneTypes], ['OR', ...values]]]
  return (await readParties(ctx, [isReachable], mostFound)).map(toContact)
}

/** Fewer are found in too many numbers. */
const enoughDigits = /^\d{6,}$/

export async function searchParties(ctx: Caller, text: string, limit: number): Promise<Contact[]> {
  return (await readParties(ctx, [['name', 'ilike', `%${literally(text)}%`]], limit)).map(toContact)
}

/** For Tryton's `like`, which is SQL's. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/**
 * By id, so that nobody is left out who changes meanwhile. A party that was deactivated, as Tryton does when one is replaced by another,
 * counts as deleted; one that was deleted leaves no trace.
 */
export async function listParties(ctx: Caller, since: string | null, cursor: string | null): Promise<ContactPage> {
  const after = ['id', '>', Number(cursor ?? 0)]
  const found = since === null
    ? await readParties(ctx, [after], pageSize)
    : await readParties(ctx, [after, changedSince(since)], pageSize, { active_test: false })
  const last = found.at(-1)
  return {
    contacts: found.filter(({ active }) => active).map(toContact),
    ...(since === null ? {} : { deleted: found.filter(({ active }) => !active).map(({ id }) => contactId.parse(String(id))) }),
    nextCursor: last === undefined || found.length < pageSize ? null : String(last.id),
  }
}

function changedSince(since: string): Domain {
  const at = toInstant(since)
  const fields = ['create_date', 'write_date', 'contact_mechanisms.create_date', 'contact_mechanisms.write_date']
  return ['OR', ...fields.map(field => [field, '>=', at])]
}

export async function createParty(ctx: Caller, input: ContactInput): Promise<Contact> {
  const [id] = await ask(ctx, createdIds, 'party.party.create', [[fromContactInput(input)]])
  return toContact(await getParty(ctx, id))
}

/** Throws `CrmError('not_found')`, also for a party that is no longer active. */
export async function addNumber(ctx: AdapterContext, id: ContactId, added: ContactPhone): Promise<Contact> {
  const partyId = toRecordId(id)
  const contact = toContact(await getParty(ctx, partyId))
  if (contact.phones.some(({ number }) => number === added.number || ctx.phone.isSame(number, added.number))) return contact
  await ask(ctx, createdIds, 'party.contact_mechanism.create', [[{ party: partyId, ...fromPhone(added) }]])
  return toContact(await getParty(ctx, partyId))
}

export async function isParty(ctx: Caller, id: string): Promise<boolean> {
  return (await readParties(ctx, [['id', '=', toRecordId(id)]], 1, { active_test: false })).length > 0
}

async function getParty(ctx: Caller, id: number): Promise<Party> {
  const [found] = await readParties(ctx, [['id', '=', id]], 1)
  if (!found) throw new CrmError('not_found')
  return found
}

const readParties = (ctx: Caller, domain: Domain, limit: number, context = {}): Promise<Party[]> =>
  ask(ctx, parties, 'party.party.search_read', [domain, 0, limit, [['id', 'ASC']], partyFields], context)

/** Tryton's ids are whole numbers from 1. Throws `CrmError('not_found')` for another's. */
export function toRecordId(id: string): number {
  if (!/^[1-9]\d{0,8}$/.test(id)) throw new CrmError('not_found')
  return Number(id)
}

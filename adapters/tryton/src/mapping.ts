import { contactId, crmUserId, type Contact, type ContactInput, type ContactPhone, type CrmUser } from '@linefinder/core'
import type { Party, User } from './answers.js'

/** The contact mechanisms of Tryton that a call or a fax can come from. */
export const phoneTypes = ['phone', 'mobile', 'fax']

/** Tryton does not tell people from companies, so a contact has no type. */
export function toContact(party: Party): Contact {
  const mechanisms = party['contact_mechanisms.'].filter(({ active }) => active)
  const email = mechanisms.find(({ type }) => type === 'email')?.value
  return {
    id: contactId.parse(String(party.id)),
    name: party.name || `[${party.code ?? String(party.id)}]`,
    phones: mechanisms.flatMap(({ type, value, name }): ContactPhone[] =>
      // One that is longer than ours may be must not spoil a page.
      value && value.length <= 200 && phoneTypes.includes(type) ? [{ number: value, label: (name || type).slice(0, 100) }] : []),
    ...(email ? { email } : {}),
    ...(party.create_date === null ? {} : { createdAt: party.create_date }),
  }
}

export const fromContactInput = ({ name, phone, phoneLabel, email }: ContactInput) => ({
  name,
  contact_mechanisms: [['create', [
    fromPhone({ number: phone, label: phoneLabel }),
    ...(email === undefined ? [] : [{ type: 'email', value: email }]),
  ]]],
})

/** A label that is none of Tryton's types becomes the name of the contact mechanism. */
export function fromPhone({ number, label }: ContactPhone) {
  const type = phoneTypes.find(name => name === label?.toLowerCase())
  return { type: type ?? 'phone', value: number, ...(type || label === undefined ? {} : { name: label }) }
}

export const toUser = (database: string, { id, name, login, email }: User): CrmUser => ({
  id: crmUserId.parse(String(id)),
  name: name || login,
  ...(email ? { email } : {}),
  account: { id: database },
})

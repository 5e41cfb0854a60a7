import { CrmError, type AdapterContext, type Contact, type ContactId, type ContactPhone } from '@linefinder/core'
import * as answers from './answers.js'
import { toContact } from './mapping.js'

/**
 * Acme takes the list of phones as a whole, so it is read, extended and sent with the ETag that it was read with. Acme refuses it
 * (`conflict`) when somebody changed the person between; then it starts over, at most `attempts` times in all.
 */
export async function addNumber(ctx: AdapterContext, id: ContactId, added: ContactPhone, attempts = 3): Promise<Contact> {
  const path = `/people/${encodeURIComponent(id)}`
  const read = await ctx.http.get(path)
  const person = answers.person.parse(read.data)
  if (person.phones.some(({ number }) => number === added.number || ctx.phone.isSame(number, added.number))) return toContact(person)

  const phones = [...person.phones, { label: added.label ?? 'work', number: added.number }]
  try {
    const changed = await ctx.http.patch(path, { phones }, { headers: { 'If-Match': String(read.headers['etag']) } })
    return toContact(answers.person.parse(changed.data))
  } catch (error) {
    if (attempts > 1 && error instanceof CrmError && error.code === 'conflict') return addNumber(ctx, id, added, attempts - 1)
    throw error
  }
}

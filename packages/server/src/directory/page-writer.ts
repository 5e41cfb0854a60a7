import type { Contact, ContactPage } from '@linefinder/core'
import type { PhoneOptions } from '@linefinder/core/phone'
import type { Database } from '../database/database.js'
import {
  deleteContacts, deleteNumbersOf, findKnownContacts, insertNumbers, keepContacts, upsertContacts, type ContactToStore,
} from './contact-statements.js'
import type { DirectoryRow } from './directory-row.js'
import { numbersOf } from './number-key.js'
import { advanceRun } from './run-statements.js'

/** The directory was taken over, switched off or started anew meanwhile. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** A contact as it is written: its JSON, and what it is found by. */
export const toStore = (contact: Contact, options: PhoneOptions): ContactToStore =>
  ({ id: contact.id, content: JSON.stringify(contact), numbers: numbersOf(contact.phones, options) })

/**
 * Writes one page of a run and where the next one begins, both or neither. Contacts that are unchanged are only marked as
 * seen, and those that we made ourselves a short while ago are left as they are. Throws `LeaseLost`.
 */
export async function writePage(
  database: Database, directory: DirectoryRow, token: string, page: ContactPage, phone: PhoneOptions, workedMs: number,
): Promise<void> {
  // The last of each id, should a page name one twice.
  const contacts = new Map(page.contacts.map(contact => [contact.id as string, contact]))
  const known = new Map((await findKnownContacts(database, directory.id, [...contacts.keys()])).map(each => [each.contactId, each]))
  const written: ContactToStore[] = []
  const seen: string[] = []
  for (const [id, contact] of contacts) {
    const before = known.get(id)
    const isUnchanged = before?.content === JSON.stringify(contact) && directory.run?.rewrites !== true
    if (before?.isKept || isUnchanged) seen.push(id)
    else written.push(toStore(contact, phone))
  }
  await database.transaction(async () => {
    const isOurs = await advanceRun(database, directory.id, token, {
      cursor: page.nextCursor, contacts: contacts.size, numbers: page.contacts.reduce((sum, { phones }) => sum + phones.length, 0),
      deleted: page.deleted === undefined ? 0 : await deleteContacts(database, directory.id, page.deleted), workedMs,
    })
    if (!isOurs) throw new LeaseLost()
    if (seen.length > 0) await keepContacts(database, directory.id, directory.generation, seen)
    if (written.length === 0) return
    const changed = written.filter(({ id }) => known.has(id)).map(({ id }) => id)
    if (changed.length > 0) await deleteNumbersOf(database, directory.id, changed)
    await upsertContacts(database, directory.id, directory.generation, written)
    await insertNumbers(database, directory.id, written)
  })
}

import type { Contact, ContactPage } from '@linefinder/core'
import type { PhoneOptions } from '@linefinder/core/phone'
import type { Database } from '../database/database.js'
import {
  deleteContacts, deleteNumbersOf, findKnownContacts, insertNumbers, keepContacts, upsertContacts, type ContactToStore,
} from './contact-statements.js'
import type { DirectoryRow } from './directory-row.js'
import { numbersOf } from './number-key.js'
import { advanceRun, commitLazily } from './run-statements.js'

/** The directory was taken over, switched off or started anew meanwhile. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** A contact as it is written: its JSON, and what it is found by. */
export const toStore = (contact: Contact, options: PhoneOptions): ContactToStore =>
  ({ id: contact.id, content: JSON.stringify(contact), numbers: numbersOf(contact.phones, options) })

/** A page as it will be compared and written. */
export interface PreparedPage {
  readonly nextCursor: string | null
  readonly contacts: ReadonlyMap<string, PreparedContact>
  readonly numberCount: number
  readonly deleted: readonly string[]
}

interface PreparedContact {
  /** JSON. */
  readonly content: string
  numbers(): ContactToStore['numbers']
}

/** So many contacts are read before whatever else waits has its turn: the database's answers, and lookups. */
const contactsAtOnce = 50

/**
 * Everything that needs no database, so that it is done while the pages before are written. With `readsNumbers` the numbers
 * are read as well: most contacts are new.
 */
export async function preparePage({ contacts, deleted = [], nextCursor }: ContactPage, phone: PhoneOptions, readsNumbers: boolean): Promise<PreparedPage> {
  const prepared: [string, PreparedContact][] = []
  for (const [index, contact] of contacts.entries()) {
    if (index % contactsAtOnce === contactsAtOnce - 1) await new Promise(setImmediate)
    prepared.push([contact.id, { content: JSON.stringify(contact), numbers: readsNumbers ? already(numbersOf(contact.phones, phone)) : later(contact, phone) }])
  }
  // The last of each id, should a page name one twice.
  return { nextCursor, deleted, contacts: new Map(prepared), numberCount: contacts.reduce((sum, { phones }) => sum + phones.length, 0) }
}

/** Functions of their own, so that neither keeps alive what only the other needs: a page waits for its turn. */
const already = <Value>(value: Value) => () => value
const later = ({ phones }: Contact, phone: PhoneOptions) => () => numbersOf(phones, phone)

/**
 * Writes one page of a run and where the next one begins, both or neither. Contacts that are unchanged are only marked as
 * seen, and those that we made ourselves a short while ago are left as they are. Throws `LeaseLost`.
 */
export async function writePage(database: Database, directory: DirectoryRow, token: string, page: PreparedPage, workedMs: number): Promise<void> {
  const known = new Map((await findKnownContacts(database, directory.id, [...page.contacts.keys()])).map(each => [each.contactId, each]))
  const written: ContactToStore[] = []
  const seen: string[] = []
  for (const [id, { content, numbers }] of page.contacts) {
    const before = known.get(id)
    const isUnchanged = before?.content === content && directory.run?.rewrites !== true
    if (before?.isKept || isUnchanged) seen.push(id)
    else written.push({ id, content, numbers: numbers() })
  }
  await database.transaction(async () => {
    await commitLazily(database)
    const isOurs = await advanceRun(database, directory.id, token, {
      cursor: page.nextCursor, contacts: page.contacts.size, numbers: page.numberCount,
      deleted: page.deleted.length === 0 ? 0 : await deleteContacts(database, directory.id, page.deleted), workedMs,
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

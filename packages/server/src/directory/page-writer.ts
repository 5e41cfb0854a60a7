import type { Contact, ContactPage } from '@linefinder/core'
import type { PhoneOptions } from '@linefinder/core/phone'
import type { Database } from '../database/database.js'
import {
  deleteContacts, deleteNumbersOf, findKnownContacts, insertContacts, insertNumbers, keepContacts, NumberColumns, upsertContacts, type ContactToStore,
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

/** A page as it will be compared and written. */
export interface PreparedPage {
  readonly nextCursor: string | null
  /** JSON of each contact, by its id. */
  readonly contents: ReadonlyMap<string, string>
  readonly numberCount: number
  /** Of all the contacts, where they are taken for new. */
  readonly numbers: NumberColumns | null
  readonly deleted: readonly string[]
}

/** So many contacts are read before whatever else waits has its turn: the database's answers, and lookups. */
const contactsAtOnce = 100

/**
 * Everything that needs no database, so that it is done while the page before is written. What waits for its turn is text and
 * few objects, which the garbage collector need not follow.
 */
export async function preparePage({ contacts, deleted = [], nextCursor }: ContactPage, phone: PhoneOptions, areNew: boolean): Promise<PreparedPage> {
  const contents = new Map<string, string>()
  const numbers = areNew ? new NumberColumns() : null
  // The last of each id, should a page name one twice.
  const unique = [...new Map(contacts.map(contact => [contact.id, contact])).values()]
  for (const [index, contact] of unique.entries()) {
    if (index % contactsAtOnce === contactsAtOnce - 1) await new Promise(setImmediate)
    contents.set(contact.id, JSON.stringify(contact))
    numbers?.add(contact.id, numbersOf(contact.phones, phone))
  }
  return { nextCursor, deleted, contents, numbers, numberCount: contacts.reduce((sum, { phones }) => sum + phones.length, 0) }
}

/** The run that a page belongs to. */
export interface PageTarget {
  readonly directory: DirectoryRow
  readonly token: string
  readonly phone: PhoneOptions
}

/** Writes one page of a run and where the next one begins, both or neither. Throws `LeaseLost`. */
export async function writePage(database: Database, target: PageTarget, page: PreparedPage, workedMs: number): Promise<void> {
  const isWritten = page.numbers !== null && await insertPage(database, target, page, page.numbers, workedMs)
  if (!isWritten) await mergePage(database, target, page, workedMs)
}

/** `false`, and nothing is written, when one of the contacts is not new. */
async function insertPage(database: Database, target: PageTarget, page: PreparedPage, numbers: NumberColumns, workedMs: number): Promise<boolean> {
  const { directory } = target
  try {
    await database.transaction(async () => {
      await advance(database, target, page, workedMs)
      await insertContacts(database, directory.id, directory.generation, page.contents.values(), numbers)
    })
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}

/** Contacts that are unchanged are only marked as seen, and those that we made ourselves a short while ago are left as they are. */
async function mergePage(database: Database, target: PageTarget, page: PreparedPage, workedMs: number): Promise<void> {
  const { directory, phone } = target
  const known = new Map((await findKnownContacts(database, directory.id, [...page.contents.keys()])).map(each => [each.contactId, each]))
  const written: ContactToStore[] = []
  const seen: string[] = []
  for (const [id, content] of page.contents) {
    const before = known.get(id)
    const isUnchanged = before?.content === content && directory.run?.rewrites !== true
    if (before?.isKept || isUnchanged) seen.push(id)
    // True: it is what `preparePage` made of a contact.
    else written.push(toStore(JSON.parse(content) as Contact, phone))
  }
  await database.transaction(async () => {
    await advance(database, target, page, workedMs)
    if (seen.length > 0) await keepContacts(database, directory.id, directory.generation, seen)
    if (written.length === 0) return
    const changed = written.filter(({ id }) => known.has(id)).map(({ id }) => id)
    if (changed.length > 0) await deleteNumbersOf(database, directory.id, changed)
    await upsertContacts(database, directory.id, directory.generation, written)
    await insertNumbers(database, directory.id, written)
  })
}

async function advance(database: Database, { directory, token }: PageTarget, page: PreparedPage, workedMs: number): Promise<void> {
  const isOurs = await advanceRun(database, directory.id, token, {
    cursor: page.nextCursor, contacts: page.contents.size, numbers: page.numberCount,
    deleted: page.deleted.length === 0 ? 0 : await deleteContacts(database, directory.id, page.deleted), workedMs,
  })
  if (!isOurs) throw new LeaseLost()
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isUniqueViolation = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23505'

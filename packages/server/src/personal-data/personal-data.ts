import type { CallbackInput, CallLogInput, Contact, ContactId, MessageLogInput } from '@linefinder/core'
import { parsePhone, samePhone } from '@linefinder/core/phone'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { Dependencies } from '../dependencies.js'
import type { AdminCaller } from '../http/caller.js'
import { wrongField } from '../http/wrong-field.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import {
  eraseDirectoryContact, eraseEntries, eraseRemembered, listDirectoryContacts, listMentions, listOfContact, type PersonalRow,
} from './personal-statements.js'

export interface Whose {
  readonly phone?: string | undefined
  readonly country?: string | undefined
  readonly contactId?: ContactId | undefined
}

interface Person {
  readonly e164: string | null
  readonly contactId: ContactId | null
}

const maxExported = 10_000
const pieceSize = 500

/** What is kept of one person: told to whoever asks for it, and deleted. */
export class PersonalData {
  readonly #audit: AuditTrail

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>) {
    this.#audit = new AuditTrail(deps)
  }

  /** Throws `invalid_fields` when `phone` is no full number. */
  async export(by: AdminCaller, whose: Whose): Promise<{ entries: PersonalRow[]; contacts: Contact[]; isComplete: boolean }> {
    const person = personOf(whose)
    const entries: PersonalRow[] = []
    let isComplete = true
    for await (const piece of this.#entriesOf(by.tenantId, person)) {
      entries.push(...piece)
      if (entries.length > maxExported) {
        isComplete = false
        break
      }
    }
    const found = await listDirectoryContacts(this.deps.database, by.tenantId, person)
    // Neither the number nor the contact: the audit trail outlives both.
    await this.#audit.note(by, 'personal_data.exported', person.contactId === null ? 'phone' : 'contact')
    return { entries: entries.slice(0, maxExported), contacts: found.map(({ contact }) => contact), isComplete }
  }

  /** As `export`. */
  async erase(by: AdminCaller, whose: Whose): Promise<{ entries: number; contacts: number }> {
    const { database } = this.deps
    const person = personOf(whose)
    let entries = 0
    for await (const piece of this.#entriesOf(by.tenantId, person)) entries += await eraseEntries(database, by.tenantId, piece.map(({ id }) => id))
    const found = await listDirectoryContacts(database, by.tenantId, person)
    for (const { directoryId, contact } of found) await eraseDirectoryContact(database, directoryId, contact.id)
    await eraseRemembered(database, by.tenantId, person)
    await this.#audit.note(by, 'personal_data.erased', person.contactId === null ? 'phone' : 'contact', { entries, contacts: found.length })
    return { entries, contacts: found.length }
  }

  async *#entriesOf(tenantId: string, { e164, contactId }: Person): AsyncGenerator<PersonalRow[]> {
    let after: { at: Date; id: string } | null = null
    for (;;) {
      const rows: PersonalRow[] = contactId === null
        ? await listMentions(this.deps.database, tenantId, patternOf(e164 ?? ''), after, pieceSize)
        : await listOfContact(this.deps.database, tenantId, contactId, after, pieceSize)
      const last = rows.at(-1)
      if (!last) return
      yield contactId === null ? rows.filter(row => numbersIn(row).some(number => samePhone(number, e164 ?? '', phoneOptionsOf(row.settings)))) : rows
      after = { at: last.createdAt, id: last.id }
    }
  }
}

function personOf({ phone, country, contactId }: Whose): Person {
  if (contactId !== undefined) return { e164: null, contactId }
  const parsed = parsePhone(phone ?? '', country === undefined ? {} : { country })
  if (!parsed.ok) throw wrongField('body', '/phone', 'must be a full number, or have its country')
  return { e164: parsed.e164, contactId: null }
}

/** So many digits at the end are the same in every spelling. */
const lastDigits = 6

/** The end of the number with whatever people write between digits. */
const patternOf = (e164: string): string => [...e164.slice(-lastDigits)].join('[^0-9"]{0,4}')

function numbersIn({ kind, content }: PersonalRow): string[] {
  // Content is of the row's kind.
  switch (kind) {
    case 'call': {
      const { from, to, legs = [] } = content as CallLogInput
      return [from.number, to.number, ...legs.flatMap(({ number }) => number ?? [])]
    }
    case 'message': return (content as MessageLogInput).messages.flatMap(({ from, to }) => [from.number, to.number])
    case 'callback': return [(content as CallbackInput).number]
  }
}

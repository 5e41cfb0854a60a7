import type { BookContact, ContactBook } from './contact-book.js'

export interface CrmPage {
  readonly items: readonly BookContact[]
  readonly deleted: readonly string[]
  readonly next_cursor: string | null
}

export type ContactChange = Partial<Omit<BookContact, 'id' | 'createdAt'>>

interface Change {
  readonly id: string
  /** `null`: it was deleted. */
  readonly contact: BookContact | null
  readonly at: number
}

/** When the generated contacts were last changed: before anything that a client can have seen. */
const generatedAt = Date.parse('2026-01-01T00:00:00Z')

/** The first contacts of a book, and what has happened to them since. */
export class CrmRecords {
  /** The latest change of each contact, oldest first. */
  readonly #changes = new Map<string, Change>()
  #created = 0

  constructor(private readonly book: ContactBook, readonly count: number) {
    if (count > book.capacity) throw new RangeError(`the book has numbers for ${String(book.capacity)} contacts only`)
  }

  /** `cursor`: of the page before. `since`: milliseconds since the epoch, or `null` for all contacts. */
  page(cursor: string | null, limit: number, since: number | null): CrmPage {
    return since === null || since <= generatedAt ? this.#pageOfAll(Number(cursor ?? 0), limit) : this.#pageOfChanges(Number(cursor ?? 0), limit, since)
  }

  /** Contacts with a number whose digits, as they are written, end with these. Fewer than seven digits find nobody. */
  search(digits: string): BookContact[] {
    if (digits.length < 7) return []
    const generated = this.book.indicesEndingWith(digits.slice(-7), this.count)
      .map(index => this.book.contactAt(index)).filter(({ id }) => !this.#changes.has(id))
    const changed = [...this.#changes.values()].flatMap(({ contact }) => contact ?? [])
    return [...generated, ...changed].filter(({ phones }) => phones.some(({ number }) => number.replace(/\D/g, '').endsWith(digits)))
  }

  create(given: ContactChange): BookContact {
    const contact = {
      name: '', company: null, email: '', phones: [], ...given,
      id: `n${String(++this.#created)}`, createdAt: new Date().toISOString(),
    }
    this.#note(contact.id, contact)
    return contact
  }

  /** `null` when there is no such contact. */
  update(id: string, change: ContactChange): BookContact | null {
    const contact = this.#find(id)
    if (!contact) return null
    const changed = { ...contact, ...change }
    this.#note(id, changed)
    return changed
  }

  /** Whether there was such a contact. */
  remove(id: string): boolean {
    if (!this.#find(id)) return false
    this.#note(id, null)
    return true
  }

  #find(id: string): BookContact | null {
    const change = this.#changes.get(id)
    if (change) return change.contact
    const [, digits] = /^c(0|[1-9]\d{0,8})$/.exec(id) ?? []
    return digits !== undefined && Number(digits) < this.count ? this.book.contactAt(Number(digits)) : null
  }

  #note(id: string, contact: BookContact | null): void {
    this.#changes.delete(id)
    this.#changes.set(id, { id, contact, at: Date.now() })
  }

  /** The generated ones by index, then those that were created. */
  #pageOfAll(from: number, limit: number): CrmPage {
    const end = Math.min(from + limit, this.count)
    const items: BookContact[] = []
    for (let index = from; index < end; index++) {
      const change = this.#changes.get(this.book.idAt(index))
      const contact = change ? change.contact : this.book.contactAt(index)
      if (contact) items.push(contact)
    }
    if (end < this.count) return { items, deleted: [], next_cursor: String(end) }
    const created = [...this.#changes.values()].flatMap(({ id, contact }) => contact && id.startsWith('n') ? [contact] : [])
    return { items: [...items, ...created], deleted: [], next_cursor: null }
  }

  #pageOfChanges(from: number, limit: number, since: number): CrmPage {
    const changes = [...this.#changes.values()].filter(({ at }) => at >= since)
    const some = changes.slice(from, from + limit)
    return {
      items: some.flatMap(({ contact }) => contact ?? []),
      deleted: some.flatMap(({ id, contact }) => contact ? [] : [id]),
      next_cursor: from + limit < changes.length ? String(from + limit) : null,
    }
  }
}

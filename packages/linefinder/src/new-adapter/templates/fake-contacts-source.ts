import type { AdapterPlan } from '../adapter-plan.js'
import type { NameShape, PhonesShape } from '../api-shape.js'
import { keyOf, listOf, quoted } from '../source-text.js'

/** `src/testing/fake-contacts.ts`: what the fake CRM keeps of people, in the CRM's own form. */
export function fakeContactsSource({ shape: { contacts } }: AdapterPlan): string {
  const id = contacts.id.isNumber ? 'this.#version' : 'randomUUID()'
  return `${contacts.id.isNumber ? '' : 'import { randomUUID } from \'node:crypto\'\n'}import type { Fields } from './fake-server.js'

interface Kept {
  readonly record: Fields
  /** Counts the changes of all contacts. */
  readonly version: number
  readonly changedAt: number
  readonly isDeleted: boolean
}

export class FakeContacts {
  readonly #kept = new Map<string, Kept>()
  #version = 0

  get(id: string): Fields | null {
    const kept = this.#kept.get(id)
    return kept && !kept.isDeleted ? kept.record : null
  }

  add(fields: Fields): Fields {
    this.#version += 1
    const id = ${id}
    return this.#keep({ ...emptyContact, ...fields, ${contacts.id.field === 'id' ? 'id' : `${keyOf(contacts.id.field)}: id`} })
  }

  change(id: string, fields: Fields): Fields | null {
    const record = this.get(id)
    if (!record) return null
    this.#version += 1
    return this.#keep({ ...record, ...fields })
  }

  delete(id: string): void {
    const kept = this.#kept.get(id)
    if (!kept) return
    this.#version += 1
    this.#kept.set(id, { ...kept, version: this.#version, changedAt: Date.now(), isDeleted: true })
  }

  find(isWanted: (record: Fields) => boolean): Fields[] {
    return [...this.#kept.values()].flatMap(({ record, isDeleted }) => !isDeleted && isWanted(record) ? [record] : [])
  }

  /** In the order of their last change; after that version, and since that time. */
  changes(after: number, since: number): Kept[] {
    return [...this.#kept.values()].filter(({ version, changedAt }) => version > after && changedAt >= since).sort((a, b) => a.version - b.version)
  }

  #keep(record: Fields): Fields {
    this.#kept.set(String(record[${quoted(contacts.id.field)}]), { record, version: this.#version, changedAt: Date.now(), isDeleted: false })
    return record
  }
}

const emptyContact: Fields = ${emptyContact(contacts.name, contacts.phones, contacts.email)}

export const nameOf = (record: Fields): string => ${nameOf(contacts.name)}

export const namedAs = (name: string): Fields => (${namedAs(contacts.name)})

export const phonesOf = (record: Fields): string[] => ${phonesOf(contacts.phones)}

export const withPhones = (numbers: readonly string[]): Fields => (${withPhones(contacts.phones)})
`
}

function emptyContact(name: NameShape, phones: PhonesShape, email: string | null): string {
  const names = name.kind === 'one' ? [`${keyOf(name.field)}: ''`] : [`${keyOf(name.first)}: ''`, `${keyOf(name.last)}: ''`]
  const numbers = phones.kind === 'fields' ? phones.fields.map(field => `${keyOf(field)}: null`) : [`${keyOf(phones.field)}: []`]
  return `{ ${[...names, ...numbers, ...(email === null ? [] : [`${keyOf(email)}: null`])].join(', ')} }`
}

const nameOf = (name: NameShape): string => name.kind === 'one'
  ? `String(record[${quoted(name.field)}])`
  : `[record[${quoted(name.first)}], record[${quoted(name.last)}]].filter(part => part !== '' && part != null).join(' ')`

const namedAs = (name: NameShape): string => name.kind === 'one'
  ? `{ ${keyOf(name.field)}: name }`
  : `{ ${keyOf(name.first)}: name.split(' ').slice(0, -1).join(' '), ${keyOf(name.last)}: name.split(' ').at(-1) }`

function phonesOf(phones: PhonesShape): string {
  switch (phones.kind) {
    // The fake wrote them itself.
    case 'objects': return `(record[${quoted(phones.field)}] as Fields[]).map(phone => String(phone[${quoted(phones.number)}]))`
    case 'texts': return `(record[${quoted(phones.field)}] as string[])`
    case 'fields': return `${listOf(phones.fields)}.flatMap(field => record[field] == null || record[field] === '' ? [] : [String(record[field])])`
  }
}

function withPhones(phones: PhonesShape): string {
  switch (phones.kind) {
    case 'objects': return `{ ${keyOf(phones.field)}: numbers.map(number => ({ ${keyOf(phones.number)}: number${phones.label === null ? '' : `, ${keyOf(phones.label)}: 'work'`} })) }`
    case 'texts': return `{ ${keyOf(phones.field)}: numbers }`
    case 'fields': return `Object.fromEntries(${listOf(phones.fields)}.map((field, index) => [field, numbers[index] ?? null]))`
  }
}

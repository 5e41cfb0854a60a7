import {
  activityId, contactId, CrmError, custom, type Activity, type ActivityRef, type CallLog, type Contact, type CrmAdapter, type LogField,
} from '@linefinder/core'
import { messageMembers } from './messages.js'
import { memoryOptions, type MemoryOptions } from './options.js'
import { newRecords, type Records } from './records.js'
import { taskMembers } from './tasks.js'

export type { MemoryOptions } from './options.js'
export { newRecords, type Records } from './records.js'

const pageSize = 100

const callFields: LogField[] = [
  { name: 'topic', label: 'Topic', type: 'select', options: [{ value: 'sales', label: 'Sales' }, { value: 'support', label: 'Support' }] },
  { name: 'order', label: 'Order number', type: 'text', maxLength: 20 },
]

/** A CRM that lives in this process, with one key. Everything in it is gone when the process ends. */
export function memory(options: MemoryOptions = {}, records: Records = newRecords()): CrmAdapter {
  const { key, user, colleagues, contacts: seed } = memoryOptions.parse(options)
  const { contacts, calls } = records
  for (const contact of seed) contacts.set(contact.id, contact)

  return {
    id: 'memory',
    name: 'CRM in memory',
    contractVersion: 1,
    defaultHostname: 'memory.invalid',
    contactLagMs: 0,

    // A CRM with API keys says `apiKey({ fields, placements })`, and the server puts the key on every request. Here is
    // nobody to send it to, so it is checked once, when an agent connects.
    auth: custom({
      fields: [{ name: 'key', label: 'API key', secret: true, help: 'The one that this CRM was started with.' }],
      async login(_ctx, fields) {
        if (fields['key'] !== key) throw new CrmError('unauthorized')
        return { values: {} }
      },
      authorize: () => ({}),
    }),

    async getUserInfo() {
      return user
    },

    async listUsers() {
      return [user, ...colleagues]
    },

    async findContact({ phone }, { e164 }) {
      if (e164 === null) return []
      return [...contacts.values()].filter(({ phones }) => phones.some(({ number }) => phone.isSame(number, e164)))
    },

    async searchContacts(_ctx, text, limit) {
      const wanted = text.toLowerCase()
      return [...contacts.values()].filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, limit)
    },

    // This CRM does not know when a contact changed, so it lists all of them whatever `since` is: more than was asked for is
    // right, less would not be. Nothing is ever deleted here, and a `Map` keeps its order, so the place in it is a cursor.
    async listContacts(_ctx, _since, cursor) {
      const start = Number(cursor ?? 0)
      const end = start + pageSize
      return { contacts: [...contacts.values()].slice(start, end), nextCursor: end < contacts.size ? String(end) : null }
    },

    async addContactNumber({ phone }, id, added) {
      const contact = contacts.get(id)
      if (!contact) throw new CrmError('not_found')
      if (contact.phones.some(({ number }) => number === added.number || phone.isSame(number, added.number))) return contact
      const changed = { ...contact, phones: [...contact.phones, added] }
      contacts.set(id, changed)
      return changed
    },

    async createContact(_ctx, { phone, phoneLabel, ...rest }) {
      const id = contactId.parse(crypto.randomUUID())
      const contact: Contact = { ...rest, id, phones: [{ number: phone, label: phoneLabel }] }
      contacts.set(id, contact)
      return contact
    },

    async createCallLog(_ctx, log) {
      const id = activityId.parse(crypto.randomUUID())
      calls.set(id, log)
      return { id }
    },

    async updateCallLog(_ctx, ref, log, changed) {
      const activity = calls.get(ref.id)
      if (!activity) throw new CrmError('not_found')
      calls.set(ref.id, { ...activity, ...Object.fromEntries(changed.map(name => [name, log[name]])) })
    },

    async getCallLog(_ctx, ref) {
      const activity = calls.get(ref.id)
      return activity ? toActivity(ref, activity) : null
    },

    async findCallLog(_ctx, externalId) {
      for (const [id, activity] of calls) if (activity.externalId === externalId) return { id }
      return null
    },

    // What an agent may fill in beside the note. Here it is the same for everybody; `contactId` says whose record it is about.
    async fields(_ctx, { kind }) {
      return kind === 'call' ? callFields : []
    },

    async listDispositions() {
      return [{ value: 'done', label: 'Done' }, { value: 'call_back', label: 'Call back' }]
    },

    ...messageMembers(records.messages),
    ...taskMembers(records.tasks),

    async logout() { /* There is no session to end. */ },
  }
}

/** What the default export holds. */
export const recordsOfDefault = newRecords()

export default memory({}, recordsOfDefault)

const toActivity = (ref: ActivityRef, { subject, note, contactId, disposition }: CallLog): Activity =>
  ({ ref, subject, note, contactId, disposition })

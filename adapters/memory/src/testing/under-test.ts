import { activityId, contactId, type ActivityId } from '@linefinder/core'
import type { CrmUnderTest, LimitName, SeenActivity } from '@linefinder/conformance'
import { recordsOfDefault } from '../index.js'

/** What the CRM cannot do. Checks of it come out as limited, and the README says so. */
export const limits: readonly LimitName[] = ['noRequests', 'sharedByEveryone', 'fixedHost', 'noSince', 'noDeletion']

/** The records of the module's default export, to look at behind its back. */
export async function crmUnderTest(): Promise<CrmUnderTest> {
  const { contacts, calls, messages, tasks } = recordsOfDefault
  // Two pages of contacts and some.
  for (let count = 0; count < 210; count += 1) {
    const id = contactId.parse(`page-${String(count)}`)
    contacts.set(id, { id, name: 'Ann', phones: [] })
  }

  return {
    origin: 'http://memory.invalid',
    user: { connect: async () => ({ fields: { key: 'demo-key-1' } }) },
    probes: {
      async createContact({ name, phones, email }) {
        const id = contactId.parse(crypto.randomUUID())
        contacts.set(id, { id, name, email, phones: phones.map(number => ({ number })) })
        return id
      },
      async readContact(id) {
        const contact = contacts.get(contactId.parse(id))
        return contact ? { name: contact.name, email: contact.email ?? null, phones: contact.phones.map(({ number }) => number) } : null
      },
      async renameContact(id, name) {
        const contact = contacts.get(contactId.parse(id))
        if (contact) contacts.set(contact.id, { ...contact, name })
      },
      async deleteContact(id) { contacts.delete(contactId.parse(id)) },
      readActivity: async id => seen(activityId.parse(id)),
      listUsers: async () => [{ id: 'u1', name: 'Demo Agent', email: 'agent@example.com' }, { id: 'u2', name: 'Other Agent', email: 'other@example.com' }],
      async editActivity(id, edit) {
        const log = calls.get(activityId.parse(id))
        if (log) calls.set(activityId.parse(id), { ...log, ...edit })
        const day = messages.get(activityId.parse(id))
        if (day) messages.set(activityId.parse(id), { ...day, ...edit })
      },
      async deleteActivity(id) { for (const kind of [calls, messages, tasks]) kind.delete(activityId.parse(id)) },
      listActivities: async id => [...calls.keys(), ...messages.keys(), ...tasks.keys()].flatMap(each => {
        const activity = seen(each)
        return activity?.contactId === id ? [activity] : []
      }),
    },
  }

  function seen(id: ActivityId): SeenActivity | null {
    const call = calls.get(id)
    if (call) {
      return {
        id, contactId: call.contactId ?? null, externalId: call.externalId, subject: call.subject ?? 'A call', note: call.note ?? null, direction: call.direction,
        from: call.from.number, to: call.to.number, startedAt: call.startedAt, durationSeconds: call.durationSeconds ?? null, result: call.result ?? null,
        disposition: call.disposition ?? null, recordingUrl: call.recordingUrl ?? null, fields: call.fields ?? {},
      }
    }
    const day = messages.get(id)
    if (day) {
      const note = [day.note, ...day.messages.map(({ text }) => text)].join('\n')
      return { id, contactId: day.contactId ?? null, externalId: day.externalId, subject: day.subject ?? null, note }
    }
    const task = tasks.get(id)
    return task
      ? { id, contactId: task.contactId ?? null, externalId: task.externalId, subject: task.subject ?? null, note: task.note ?? null, dueAt: task.dueAt, status: task.status }
      : null
  }
}

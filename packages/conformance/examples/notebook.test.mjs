// A whole adapter, and its proof by `node --test`. The CRM is a Map; yours is elsewhere.
import { after, before, describe, it } from 'node:test'
import { describeAdapter } from '@linefinder/conformance'
import { activityId, contactId, CrmError, crmUserId, custom } from '@linefinder/core'

const contacts = new Map()
const calls = new Map()

const notebook = {
  id: 'notebook',
  name: 'Notebook',
  contractVersion: 1,
  defaultHostname: 'notebook.invalid',
  contactLagMs: 0,
  auth: custom({
    fields: [{ name: 'key', label: 'Key', secret: true }],
    async login(_ctx, { key }) {
      if (key !== 'open-sesame') throw new CrmError('unauthorized')
      return { values: {} }
    },
    authorize: () => ({}),
  }),
  getUserInfo: async () => ({ id: crmUserId.parse('me'), name: 'Me' }),
  findContact: async ({ phone }, { e164 }) =>
    e164 === null ? [] : [...contacts.values()].filter(({ phones }) => phones.some(({ number }) => phone.isSame(number, e164))),
  async createContact(_ctx, { name, phone }) {
    const contact = { id: contactId.parse(crypto.randomUUID()), name, phones: [{ number: phone }] }
    contacts.set(contact.id, contact)
    return contact
  },
  async createCallLog(_ctx, log) {
    const id = activityId.parse(crypto.randomUUID())
    calls.set(id, log)
    return { id }
  },
  async updateCallLog(_ctx, { id }, log, changed) {
    if (!calls.has(id)) throw new CrmError('not_found')
    calls.set(id, { ...calls.get(id), ...Object.fromEntries(changed.map(name => [name, log[name]])) })
  },
  async logout() { /* There is no session to end. */ },
}

describeAdapter({
  adapter: notebook,
  crm: {
    origin: 'http://notebook.invalid',
    user: { connect: async () => ({ fields: { key: 'open-sesame' } }) },
    // They look at the Map itself, never through the adapter.
    probes: {
      async readActivity(id) {
        const log = calls.get(id)
        return log ? { id, contactId: log.contactId ?? null, subject: log.subject ?? 'A call', note: log.note ?? null, direction: log.direction } : null
      },
    },
  },
  limits: ['noRequests', 'sharedByEveryone', 'fixedHost'],
  runner: { describe, it, before, after },
})

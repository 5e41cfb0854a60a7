import { activityId, CrmError, crmUserId, oauth2, type Contact, type CrmAdapter } from '@linefinder/core'
import { listDispositions, listFields } from './activity-form.js'
import { addNumber } from './add-number.js'
import * as answers from './answers.js'
import { findActivity } from './find-activity.js'
import { listUsers } from './list-users.js'
import { allFields, fromCallLog, fromContactInput, toActivity, toContact, toContactPage, toContacts } from './mapping.js'
import { messageMembers } from './messages.js'
import { taskMembers } from './tasks.js'
import { uploadRecording } from './upload-recording.js'

/** Acme CRM: OAuth 2.0 with rotating refresh tokens, and a phone search that compares digits literally. */
export const acme: CrmAdapter = {
  id: 'acme',
  name: 'Acme CRM',
  contractVersion: 1,
  baseUrl: 'https://{hostname}/api/v1',
  phoneSearch: 'digits',
  contactLagMs: 60_000,
  // What else there is to tell has a field of its own in Acme.
  bodyFormat: 'plain',
  bodyDetails: ['note', 'queue', 'legs', 'fields', 'summary', 'transcript'],
  // Acme takes a million.
  bodyMaxLength: 500_000,
  auth: oauth2({
    authorizeUrl: 'https://{hostname}/oauth/auth',
    tokenUrl: 'https://{hostname}/oauth/token',
    revokeUrl: 'https://{hostname}/oauth/revoke',
    scopes: ['crm.read', 'crm.write', 'offline_access'],
  }),

  async getUserInfo({ http }) {
    const { id, name, email, timezone, account } = answers.user.parse((await http.get('/users/me')).data)
    return { id: crmUserId.parse(id), name, email, account, ...(timezone == null ? {} : { timezone }) }
  },

  listUsers: ctx => listUsers(ctx),

  async findContact({ http }, { variants }) {
    const pages = await Promise.all(variants.map(async phone =>
      answers.people.parse((await http.get('/people', { params: { phone } })).data)))
    return distinct(pages.flatMap(toContacts))
  },

  async searchContacts({ http }, name, limit) {
    return toContacts(answers.people.parse((await http.get('/people', { params: { name, limit } })).data))
  },

  // People only: a company has numbers too, but an activity cannot be on a company, so a call of one could not be logged.
  async listContacts({ http }, since, cursor) {
    const params = { limit: 500, updated_since: since, cursor }
    return toContactPage(answers.people.parse((await http.get('/people', { params })).data))
  },

  addContactNumber: (ctx, id, phone) => addNumber(ctx, id, phone),

  async createContact({ http }, input) {
    return toContact(answers.person.parse((await http.post('/people', fromContactInput(input))).data))
  },

  async createCallLog({ http }, log) {
    const { data } = await http.post('/activities', { type: 'call', ...fromCallLog(log, allFields) })
    return { id: activityId.parse(answers.activity.parse(data).id) }
  },

  async updateCallLog({ http }, ref, log, changed) {
    const changes = fromCallLog(log, changed)
    if (Object.keys(changes).length > 0) await http.patch(`/activities/${encodeURIComponent(ref.id)}`, changes)
  },

  async getCallLog({ http }, ref) {
    try {
      return toActivity(answers.activity.parse((await http.get(`/activities/${encodeURIComponent(ref.id)}`)).data))
    } catch (error) {
      if (error instanceof CrmError && error.code === 'not_found') return null
      throw error
    }
  },

  findCallLog: findActivity,

  ...messageMembers,
  ...taskMembers,

  fields: (ctx, about) => listFields(ctx, about),
  listDispositions: ctx => listDispositions(ctx),
  uploadRecording: (ctx, ref, recording) => uploadRecording(ctx, ref, recording),

  async logout() { /* Revoking the refresh token ends the grant, and Acme keeps nothing else. */ },

  contactUrl: ({ hostname }, id) => `https://${hostname}/people/${encodeURIComponent(id)}`,
}

export default acme

const distinct = (contacts: readonly Contact[]): Contact[] => [...new Map(contacts.map(contact => [contact.id, contact])).values()]

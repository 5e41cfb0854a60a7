import type { CallLog, CrmAdapter, MessageLog } from '@linefinder/core'
import { oneUser, userFields, users, whoAmI } from './answers.js'
import * as callText from './call-text.js'
import * as callbackText from './callback-text.js'
import { toUser } from './mapping.js'
import * as messageText from './message-text.js'
import { createNote, findByExternalId, partyOf, readActivity, updateNote } from './notes.js'
import { addNumber, createParty, findParties, listParties, searchParties } from './parties.js'
import { attachRecording, moveRecordings } from './recordings.js'
import { ask } from './rpc.js'
import { byLogin } from './session.js'
import { databaseOf, recordUrl } from './settings.js'

/** Tryton (tryton.org), by its JSON-RPC. Contacts are parties; calls, messages and callbacks are notes on them. */
export const tryton: CrmAdapter = {
  id: 'tryton',
  name: 'Tryton',
  contractVersion: 1,
  phoneSearch: 'lastDigits',
  contactLagMs: 60_000,
  bodyFormat: 'plain',
  // Without what the headline, the party and Tryton's own columns tell.
  bodyDetails: ['note', 'agent', 'number', 'result', 'disposition', 'started', 'duration', 'queue', 'legs', 'fields', 'recording', 'summary', 'transcript'],
  auth: byLogin,

  async getUserInfo(ctx) {
    // Tryton does not say whose a session is. It is the default of every field for "my own".
    const { user } = await ask(ctx, whoAmI, 'ir.ui.view_search.default_get', [['user']])
    const [me] = await ask(ctx, oneUser, 'res.user.read', [[user], userFields])
    return toUser(databaseOf(ctx.connection), me)
  },

  async listUsers(ctx) {
    const found = await ask(ctx, users, 'res.user.search_read', [[], 0, null, [['id', 'ASC']], userFields])
    return found.map(user => toUser(databaseOf(ctx.connection), user))
  },

  findContact: (ctx, { variants }) => findParties(ctx, variants),
  searchContacts: searchParties,
  listContacts: listParties,
  createContact: createParty,
  addContactNumber: addNumber,

  async createCallLog(ctx, log) {
    return createNote(ctx, partyOf(ctx, log), { headline: callText.headlineOf(log), body: bodyOf(log), externalId: log.externalId })
  },

  async updateCallLog(ctx, ref, log, changed) {
    const party = changed.includes('contactId') ? partyOf(ctx, log) : undefined
    const headline = hasAny(changed, callText.headlineMembers) ? callText.headlineOf(log) : undefined
    const note = await updateNote(ctx, ref, { party, headline, body: bodyIn(log, changed) })
    if (party !== undefined) await moveRecordings(ctx, note, party, log)
  },

  getCallLog: readActivity,
  findCallLog: findByExternalId,
  uploadRecording: attachRecording,

  async createMessageLog(ctx, log) {
    return createNote(ctx, partyOf(ctx, log), { headline: messageText.headlineOf(log), body: bodyOf(log), externalId: log.externalId })
  },

  async updateMessageLog(ctx, ref, log, changed) {
    await updateNote(ctx, ref, {
      party: changed.includes('contactId') ? partyOf(ctx, log) : undefined,
      headline: changed.includes('subject') ? messageText.headlineOf(log) : undefined,
      body: bodyIn(log, changed),
    })
  },

  getMessageLog: readActivity,
  findMessageLog: findByExternalId,

  async createTask(ctx, callback) {
    return createNote(ctx, partyOf(ctx, callback), { headline: callbackText.headlineOf(callback), body: callbackText.bodyOf(callback), externalId: callback.externalId })
  },

  async updateTask(ctx, ref, callback, changed) {
    await updateNote(ctx, ref, {
      party: changed.includes('contactId') ? partyOf(ctx, callback) : undefined,
      headline: hasAny(changed, callbackText.headlineMembers) ? callbackText.headlineOf(callback) : undefined,
      body: hasAny(changed, callbackText.bodyMembers) ? callbackText.bodyOf(callback) : undefined,
    })
  },

  findTask: findByExternalId,

  async logout() { /* The session is ended by `auth`, and Tryton keeps nothing else. */ },

  contactUrl: (installation, id) => recordUrl(installation, 'party.party', id),
  activityUrl: (installation, { id }) => recordUrl(installation, 'ir.note', id),
}

export default tryton

type Composed = Pick<CallLog & MessageLog, 'body' | 'note'>

const bodyOf = ({ body, note }: Composed): string => body ?? note ?? ''
const bodyIn = (log: Composed, changed: readonly string[]): string | undefined => changed.includes('body') ? bodyOf(log) : undefined

const hasAny = <Name>(names: readonly Name[], wanted: readonly Name[]): boolean => wanted.some(name => names.includes(name))

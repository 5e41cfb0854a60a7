import type { Mutation } from './mutation.js'

export const messageAndTaskMutations: readonly Mutation[] = [
  { name: 'last-message-only', bug: 'writes the newest message over the others', file: 'messages.ts',
    from: 'messages: log => ({ body: bodyOf(log) })', to: 'messages: log => ({ body: bodyOf({ ...log, messages: log.messages.slice(-1) }) })' },
  { name: 'first-message-only', bug: 'takes a day for one message', file: 'messages.ts', from: '...messages.map(lineOf)', to: '...messages.slice(0, 1).map(lineOf)' },
  { name: 'new-activity-each-time', bug: 'makes another activity for later messages', file: 'messages.ts',
    from: 'if (Object.keys(changes).length > 0) await http.patch(`/activities/${encodeURIComponent(ref.id)}`, changes)',
    to: "if (Object.keys(changes).length > 0) await http.post('/activities', { type: 'sms', person_id: log.contactId, ...changes })" },
  { name: 'message-note-forgotten', bug: 'leaves the note of a day out', file: 'messages.ts', from: '...(note === undefined ? [] : [note, \'\']), ', to: '' },
  { name: 'faxes-refused', bug: 'sends a kind that Acme does not know', file: 'messages.ts', from: "first.kind === 'mms' ? 'sms' : first.kind", to: 'first.kind' },
  { name: 'message-id-forgotten', bug: 'does not store our id with a day of messages', file: 'messages.ts', from: 'external_id: log.externalId, ...factsOf', to: '...factsOf' },
  { name: 'tasks-stay-open', bug: 'does not tell that a callback is done', file: 'tasks.ts', from: '  status: callback => ({ status: callback.status }),\n', to: '' },
  { name: 'due-by-the-clock', bug: 'takes the local time of a callback for UTC', file: 'tasks.ts',
    from: 'due_at: callback.dueAt', to: 'due_at: `${callback.dueAt.slice(0, 19)}Z`' },
  { name: 'task-rewritten', bug: 'writes the whole callback at each change', file: 'tasks.ts',
    from: 'const changes = fromCallback(callback, changed)', to: 'const changes = changed.length > 0 ? fromCallback(callback, allFields) : {}' },
]

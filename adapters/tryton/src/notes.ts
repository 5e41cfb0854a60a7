import { activityId, contactId, CrmError, type Activity, type ActivityRef, type CallLog, type ExternalId } from '@linefinder/core'
import { createdIds, noteFields, notes, nothing, type Note } from './answers.js'
import { markOf, readNote, writeNote, type NoteText } from './note-text.js'
import { isParty, literally, toRecordId } from './parties.js'
import { ask, type Caller } from './rpc.js'
import { partyForUnknownOf } from './settings.js'

/** Throws `CrmError('not_found')` when the contact is no longer there. */
export async function createNote(ctx: Caller, party: string, text: NoteText): Promise<ActivityRef> {
  const resource = resourceOf(party)
  try {
    const [id] = await ask(ctx, createdIds, 'ir.note.create', [[{ resource, message: writeNote(text) }]])
    return { id: activityId.parse(String(id)) }
  } catch (error) {
    // Of a party that is not there Tryton says that the field is empty.
    if (error instanceof CrmError && error.code === 'rejected' && !await isParty(ctx, party)) throw new CrmError('not_found', { cause: error })
    throw error
  }
}

/** What has become of a note's text and of the party that it is on. Throws `CrmError('not_found')`. */
export interface NoteChange {
  readonly headline?: string | undefined
  readonly body?: string | undefined
  readonly party?: string | undefined
}

export async function updateNote(ctx: Caller, ref: ActivityRef, { headline, body, party }: NoteChange): Promise<Note> {
  const note = await findNote(ctx, ref)
  if (!note) throw new CrmError('not_found')
  const before = readNote(note.message ?? '')
  const message = writeNote({ ...before, ...(headline !== undefined && { headline }), ...(body !== undefined && { body }) })
  const resource = party === undefined ? note.resource : resourceOf(party)
  if (message !== note.message || resource !== note.resource) await ask(ctx, nothing, 'ir.note.write', [[note.id], { message, resource }])
  return note
}

export async function findNote(ctx: Caller, ref: ActivityRef): Promise<Note | null> {
  const [note] = await readNotes(ctx, ['id', '=', toRecordId(ref.id)], 1)
  return note ?? null
}

/** `null` when the note was deleted. */
export async function readActivity(ctx: Caller, ref: ActivityRef): Promise<Activity | null> {
  const note = await findNote(ctx, ref)
  if (!note) return null
  const { headline, body } = readNote(note.message ?? '')
  const [model, party] = note.resource.split(',')
  return { ref, subject: headline, body, ...(model === partyModel && party ? { contactId: contactId.parse(party) } : {}) }
}

/** The note that holds our id. Tryton knows no hidden field for it, so it is in the text. */
export async function findByExternalId(ctx: Caller, externalId: ExternalId): Promise<ActivityRef | null> {
  const found = await readNotes(ctx, ['message', 'like', `%${literally(markOf(externalId))}%`], 10)
  const ours = found.find(({ message }) => readNote(message ?? '').externalId === externalId)
  return ours ? { id: activityId.parse(String(ours.id)) } : null
}

/** A note needs a record to be on. Throws `CrmError('rejected')` where there is none. */
export function partyOf(ctx: Caller, { contactId: chosen }: Pick<CallLog, 'contactId'>): string {
  const party = chosen ?? partyForUnknownOf(ctx.connection)
  if (party === null) throw new CrmError('rejected', { detail: 'Tryton keeps calls on a party. Choose one, or set `partyForUnknown` in the installation.' })
  return party
}

const readNotes = (ctx: Caller, condition: readonly unknown[], limit: number): Promise<Note[]> =>
  ask(ctx, notes, 'ir.note.search_read', [[condition], 0, limit, [['id', 'ASC']], noteFields])

const partyModel = 'party.party'

/** As Tryton names a record of any model. */
export const resourceOf = (party: string): string => `${partyModel},${String(toRecordId(party))}`

import { CrmError, type ActivityRef, type AdapterContext, type CallLog, type Recording } from '@linefinder/core'
import { attachments, nothing, type Note } from './answers.js'
import { withFile } from './attachment.js'
import { markOf } from './note-text.js'
import { findNote, resourceOf } from './notes.js'
import { literally } from './parties.js'
import { ask, post, type Caller } from './rpc.js'
import { databaseOf } from './settings.js'

/** An attachment of the record that the note is on: people look for files there. One that carries the name already is replaced. */
export async function attachRecording(ctx: AdapterContext, ref: ActivityRef, recording: Recording, log: CallLog): Promise<void> {
  const note = await findNote(ctx, ref)
  if (!note) throw new CrmError('not_found')
  const found = await findAttachments(ctx, note.resource, ['name', '=', recording.fileName])
  // Not a text that JSON writes in another way, and not one that is in anybody's file name.
  const placeholder = crypto.randomUUID()
  const data = { __class__: 'bytes', base64: placeholder }
  const created = { resource: note.resource, name: recording.fileName, type: 'data', data, description: `Call recording\n${markOf(log.externalId)}` }
  const [method, params] = found[0] === undefined ? ['create', [[created], {}]] : ['write', [[found[0].id], { data }, {}]]
  const request = { id: 0, method: `model.ir.attachment.${String(method)}`, params }
  const { stream, length } = await withFile(request, placeholder, recording)
  // A redirect would need the stream a second time.
  await post(ctx.http, databaseOf(ctx.connection), stream, { headers: { 'Content-Type': 'application/json', 'Content-Length': length }, maxRedirects: 0, maxBodyLength: Infinity })
}

/** The recording of a call goes with its note from one party to another. */
export async function moveRecordings(ctx: Caller, { resource: from }: Note, party: string, log: CallLog): Promise<void> {
  const found = await findAttachments(ctx, from, ['description', 'like', `%${literally(markOf(log.externalId))}%`])
  if (found.length > 0) await ask(ctx, nothing, 'ir.attachment.write', [found.map(({ id }) => id), { resource: resourceOf(party) }])
}

const findAttachments = (ctx: Caller, resource: string, condition: readonly unknown[]) =>
  ask(ctx, attachments, 'ir.attachment.search_read', [[['resource', '=', resource], condition], 0, 10, null, ['description']])

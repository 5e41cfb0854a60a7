import type { ContactId, ExternalId } from '@linefinder/core'
import { isOfKind, type Entry } from './entry.js'
import type { ToldOf } from './tellers.js'
import { withUnknowns } from './whole-call.js'

/** The entry as its adapter gets it, with the contact that was found for it. A wish for a new contact has been seen to by then. */
export function toldOf(entry: Entry, externalId: ExternalId): ToldOf[keyof ToldOf] {
  const { newContact: _seenTo, ...content } = knownOf(entry) as ToldOf['call']
  if (isOfKind(entry, 'message')) return { ...content, externalId, conversationId: entry.key, day: entry.part } as unknown as ToldOf['message']
  if (isOfKind(entry, 'call')) return { ...withUnknowns(content, entry.occursAt), externalId }
  return { ...content, externalId } as unknown as ToldOf['callback']
}

/** The content with the contact that was found for it, as the statements compare it with what the CRM was last told. */
export function knownOf(entry: Entry): object {
  const contactId = contactOf(entry)
  return contactId === undefined ? entry.content : { ...entry.content, contactId }
}

/** As its client says, else as it was found out. */
export const contactOf = ({ content, resolution }: Entry): ContactId | undefined => content.contactId ?? resolution?.contactId ?? undefined

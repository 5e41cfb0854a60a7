import type { ExternalId } from '@linefinder/core'
import { isOfKind, type Entry } from './entry.js'
import type { ToldOf } from './tellers.js'

/** The entry as its adapter gets it, with the contact that was found for it. */
export function toldOf(entry: Entry, externalId: ExternalId): ToldOf[keyof ToldOf] {
  const contact = entry.resolution?.contactId == null ? {} : { contactId: entry.resolution.contactId }
  if (isOfKind(entry, 'message')) return { ...contact, ...entry.content, externalId, conversationId: entry.key, day: entry.part }
  return { ...contact, ...entry.content, externalId } as ToldOf['call'] | ToldOf['callback']
}

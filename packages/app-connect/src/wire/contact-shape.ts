import type { ContactMatch } from '@linefinder/core/api'
import type { JsonObject } from '../extras.js'

/** The client's own id for "make a new one". */
export const newContactId = 'createNewContact'

/** What an adapter that names no kinds has. */
export const onlyType = 'contact'

/** `additionalInfo` has to be there, if only as null: the client looks into it unasked. */
export function toWireContact(contact: ContactMatch, additionalInfo: JsonObject | null, phoneNumber?: string): JsonObject {
  const { id, name, type = onlyType, title, companyName, email, createdAt, lastActivityAt, phones, matchedNumber, url } = contact
  return {
    id, name, type, phone: matchedNumber ?? phones[0]?.number ?? phoneNumber ?? '', additionalInfo, isNewContact: false,
    ...(title === undefined ? {} : { title }),
    ...(companyName === undefined ? {} : { company: companyName }),
    ...(email === undefined ? {} : { email }),
    ...(createdAt === undefined ? {} : { createdDate: createdAt }),
    ...(lastActivityAt === undefined ? {} : { mostRecentActivityDate: lastActivityAt }),
    ...(url === undefined ? {} : { contactUrl: url }),
  }
}

/** Stands behind the others, so that the client's page of a log is never without anybody to choose. */
export const newContactEntry = (additionalInfo: JsonObject | null): JsonObject =>
  ({ id: newContactId, name: 'Create new contact…', type: onlyType, phone: '', additionalInfo, isNewContact: true })

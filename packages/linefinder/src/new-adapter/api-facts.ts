import { bodyDetails, type BodyDetail, type Capability } from '@linefinder/core'
import type { LimitName } from '@linefinder/conformance'
import type { ActivityMember, ApiShape, ContactsShape } from './api-shape.js'

type Cursors = ContactsShape & { readonly listKey: string; readonly paging: { readonly kind: 'cursor' } }

/** A cursor for the next page comes beside the list. */
export const pagesByCursor = (contacts: ContactsShape): contacts is Cursors => contacts.paging.kind === 'cursor' && contacts.listKey !== null

const detailOf: { readonly [Name in BodyDetail]?: ActivityMember } = {
  contact: 'contactId', number: 'from', direction: 'direction', result: 'result', disposition: 'disposition', started: 'startedAt', duration: 'durationSeconds',
  recording: 'recordingUrl',
}
const alwaysTold: readonly BodyDetail[] = ['note', 'queue', 'legs', 'summary', 'transcript']

/** What of a call has no field of its own in the CRM, and so is told in its text. */
export const toldInBody = ({ activities: { fields } }: ApiShape, capabilities: ReadonlySet<Capability>): BodyDetail[] =>
  bodyDetails.filter(detail => {
    if (detail === 'fields') return !capabilities.has('fields')
    const member = detailOf[detail]
    return alwaysTold.includes(detail) || (member !== undefined && fields[member] === undefined)
  })

/** What a CRM with such an API cannot do. */
export function limitsOf({ user, contacts, activities }: ApiShape, capabilities: ReadonlySet<Capability>): LimitName[] {
  const lists = capabilities.has('listContacts')
  const isSo: readonly (readonly [LimitName, boolean])[] = [
    ['oneNumberPerContact', contacts.phones.kind === 'fields' && contacts.phones.fields.length < 3],
    ['noUserEmails', capabilities.has('listUsers') && user.email === null],
    ['noExternalId', activities.fields.externalId === undefined],
    ['sendsEverything', activities.update === 'put'],
    ['noSince', lists && contacts.sinceParam === null],
    ['noDeletion', lists && (contacts.deletedFlag === null || !pagesByCursor(contacts))],
  ]
  return isSo.filter(([, is]) => is).map(([name]) => name)
}

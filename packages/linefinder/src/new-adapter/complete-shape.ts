import type { Capability } from '@linefinder/core'
import { CommandError } from '../command-error.js'
import type { ActivityMember, ApiShape } from './api-shape.js'

const needed: { readonly [Name in Capability]?: Partial<Record<ActivityMember, string>> } = {
  findCallLog: { externalId: 'external_id' }, findMessageLog: { externalId: 'external_id' }, findTask: { externalId: 'external_id' },
  setDisposition: { disposition: 'disposition' },
  createMessageLog: { contactId: 'contact_id', subject: 'subject', body: 'note' }, createTask: { contactId: 'contact_id', subject: 'subject', body: 'note' },
}

/** The shape with the fields that wanted members cannot do without. Throws `CommandError` when a contact has no place for a further number. */
export function completeShape(shape: ApiShape, capabilities: ReadonlySet<Capability>): ApiShape {
  const { phones } = shape.contacts
  if (capabilities.has('addContactNumber') && phones.kind === 'fields' && phones.fields.length < 3) {
    throw new CommandError(`A contact has ${phones.fields.join(' and ')} only, and no list to add a number to: leave addContactNumber out.`)
  }
  const missing = Object.assign({}, ...[...capabilities].map(name => needed[name] ?? {}))
  return { ...shape, activities: { ...shape.activities, fields: { ...missing, ...shape.activities.fields } } }
}

import type { NewContact } from '@linefinder/core'
import { wrongField } from '../http/wrong-field.js'
import { logSettingsOf } from '../installations/log-settings.js'

/** Throws `invalid_fields` for a wish that the installation does not grant. */
export function refuseNewContact(settings: Readonly<Record<string, unknown>>, newContact: NewContact | null | undefined): void {
  if (newContact == null || logSettingsOf(settings).createContacts !== 'off') return
  throw wrongField('body', '/newContact', 'is not for this installation: its logs make no contacts')
}

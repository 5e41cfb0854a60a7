import type { AdapterContext, Disposition, FieldsAbout, LogField } from '@linefinder/core'
import * as answers from './answers.js'

/** Acme's projects are those of the person's company, so it is told whose record it is about. Its other activities have no fields. */
export async function listFields({ http }: AdapterContext, { kind, contactId }: FieldsAbout): Promise<LogField[]> {
  if (kind !== 'call') return []
  const { data } = await http.get('/activity-fields', { params: { person_id: contactId ?? undefined } })
  return answers.activityFields.parse(data).items.map(toField)
}

export async function listDispositions({ http }: AdapterContext): Promise<Disposition[]> {
  return answers.dispositions.parse((await http.get('/dispositions')).data).items
}

const toField = ({ name, label, type, options }: answers.ActivityField): LogField =>
  ({ name, label, type: type === 'boolean' ? 'checkbox' : type, ...(options === undefined ? {} : { options }) })

import { bodyDetails, type BodyDetail, type BodyFormat, type CrmAdapter, type LogField } from '@linefinder/core'
import { withLabel, withoutLabel } from '../composer/bare-note.js'
import { composeMessages } from '../composer/compose-messages.js'
import { composeBody, recomposeBody } from '../composer/compose.js'
import type { CrmConnection } from '../crm/crm-gateway.js'
import { logSettingsOf } from '../installations/log-settings.js'
import { fieldsInWords } from './activity-fields.js'
import { isOfKind, type Entry } from './entry.js'
import { isWholeCall, withUnknowns } from './whole-call.js'

/** The text of an activity, as composed from one version of an entry. */
export interface Composed {
  readonly text: string
  readonly format: BodyFormat
}

/** `null` where the CRM has no such text. */
export function composedBodyOf(entry: Entry, adapter: CrmAdapter, connection: CrmConnection, fields: readonly LogField[]): Composed | null {
  const { bodyFormat: format } = adapter
  if (!format) return null
  const { logDetails, timeZone: zone, locale, dateFormat } = logSettingsOf(connection.settings)
  const moments = { timeZone: zone ?? connection.crmUser?.timezone ?? 'UTC', locale, dateFormat }
  if (isOfKind(entry, 'message')) return { text: composeMessages(entry.content, { ...moments, format }), format }
  if (!isOfKind(entry, 'call')) return null
  const content = withUnknowns(entry.content, entry.occursAt)
  const wanted = logDetails ?? adapter.bodyDetails ?? bodyDetails
  const text = composeBody({ ...content, callId: entry.key, fields: content.fields && fieldsInWords(fields, content.fields) }, {
    ...moments, format,
    details: isWholeCall(entry.content) ? wanted : wanted.filter(detail => !ofTheWhole.has(detail)),
    maxLength: adapter.bodyMaxLength,
    fieldLabels: Object.fromEntries(fields.map(({ name, label }) => [name, label])),
  })
  return { text, format }
}

/** What is told of every call, from members that may be unknown of one that an import brought. */
const ofTheWhole: ReadonlySet<BodyDetail> = new Set(['contact', 'number', 'direction', 'started', 'call_id'])

/** As it is written into a new activity. */
export const newBody = ({ text, format }: Composed): string => withoutLabel(text, text, format)

/** What is in the CRM now, brought up to date; what people wrote into it stays. */
export function updatedBody({ text, format }: Composed, previous: string | null, current: string): string {
  const merged = recomposeBody({ previous, current: withLabel(current, previous, format), next: text, format })
  return withoutLabel(merged, text, format)
}

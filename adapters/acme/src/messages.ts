import { activityId, CrmError, type CrmAdapter, type MessageLog } from '@linefinder/core'
import * as answers from './answers.js'
import { findActivity } from './find-activity.js'
import { ownerOf, toActivity } from './mapping.js'

/** One activity for a day of a conversation, with the messages as its text, which the server writes. */
export const messageMembers = {
  async createMessageLog({ http }, log) {
    const { data } = await http.post('/activities', { external_id: log.externalId, ...factsOf(log), ...fromMessageLog(log, allFields) })
    return { id: activityId.parse(answers.activity.parse(data).id) }
  },

  async updateMessageLog({ http }, ref, log, changed) {
    const changes = fromMessageLog(log, changed)
    if (Object.keys(changes).length > 0) await http.patch(`/activities/${encodeURIComponent(ref.id)}`, changes)
  },

  async getMessageLog({ http }, ref) {
    try {
      return toActivity(answers.activity.parse((await http.get(`/activities/${encodeURIComponent(ref.id)}`)).data))
    } catch (error) {
      if (error instanceof CrmError && error.code === 'not_found') return null
      throw error
    }
  },

  findMessageLog: findActivity,
} satisfies Partial<CrmAdapter>

/** Of the day's first message: Acme has one of each for an activity. */
function factsOf({ messages: [first] }: MessageLog): Record<string, unknown> {
  if (!first) return { type: 'sms' }
  return {
    type: first.kind === 'mms' ? 'sms' : first.kind, direction: first.direction, from_number: first.from.number, to_number: first.to.number,
    started_at: first.sentAt,
  }
}

const fields: { readonly [Name in keyof MessageLog]?: (log: MessageLog) => Readonly<Record<string, unknown>> } = {
  contactId: log => ({ person_id: log.contactId ?? null }),
  agent: log => ownerOf(log),
  subject: log => ({ subject: subjectOf(log) }),
  body: log => ({ body: log.body ?? '' }),
}

const allFields = Object.keys(fields) as (keyof MessageLog)[]

const fromMessageLog = (log: MessageLog, names: readonly (keyof MessageLog)[]): Record<string, unknown> =>
  Object.assign({}, ...names.map(name => fields[name]?.(log)))

const subjects = { sms: 'Text messages', mms: 'Text messages', fax: 'Faxes', voicemail: 'Voicemails' } as const

function subjectOf({ subject, messages: [first] }: MessageLog): string {
  if (subject !== undefined || !first) return subject ?? ''
  const other = first.direction === 'inbound' ? first.from : first.to
  return `${subjects[first.kind]} with ${other.name ?? other.number}`
}

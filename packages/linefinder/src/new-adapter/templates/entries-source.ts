import type { AdapterPlan } from '../adapter-plan.js'
import type { ActivityMember } from '../api-shape.js'
import { keyOf, memberOf, quoted } from '../source-text.js'

/** Names by which messages and tasks are kept, as calls are. */
const fieldOf = ({ shape }: AdapterPlan, name: ActivityMember, usual: string): string => keyOf(shape.activities.fields[name] ?? usual)

/** `src/find-activity.ts` */
export function findActivitySource({ shape: { activities } }: AdapterPlan): string {
  const field = activities.fields.externalId ?? 'external_id'
  return `import { activityId, type ActivityRef, type AdapterContext, type ExternalId } from '@linefinder/core'
import * as answers from './answers.js'

export async function findActivity({ http }: AdapterContext, externalId: ExternalId): Promise<ActivityRef | null> {
  const { data } = await http.get(${quoted(activities.path)}, { params: { ${keyOf(activities.externalIdParam)}: externalId } })
  const found = answers.activities.parse(data).find(record => ${memberOf('record', field)} === externalId)
  return found ? { id: activityId.parse(${memberOf('found', activities.id.field)}) } : null
}
`
}

/** `src/messages.ts` */
export function messagesSource(plan: AdapterPlan): string {
  const { shape: { activities }, capabilities } = plan
  const reads = capabilities.has('getMessageLog')
  const finds = capabilities.has('findMessageLog')
  return `import { activityId, ${reads ? 'CrmError, ' : ''}type CrmAdapter, type MessageLog } from '@linefinder/core'
import * as answers from './answers.js'
${finds ? 'import { findActivity } from \'./find-activity.js\'\n' : ''}${reads ? 'import { toActivity } from \'./mapping.js\'\n' : ''}
/** One activity for a day of a conversation, with the messages as its text, which the server writes. */
export const messageMembers = {
  async createMessageLog({ http }, log) {
    const { data } = await http.post(${quoted(activities.path)}, { type: 'message', ${fieldOf(plan, 'externalId', 'external_id')}: log.externalId, ...fromMessageLog(log, allFields) })
    return { id: activityId.parse(${memberOf('answers.activity.parse(data)', activities.id.field)}) }
  },

  async updateMessageLog({ http }, ref, log, changed) {
    const changes = fromMessageLog(log, changed)
    if (Object.keys(changes).length > 0) await http.patch(pathOf(ref), changes)
  },
${reads ? `
  async getMessageLog({ http }, ref) {
    try {
      return toActivity(answers.activity.parse((await http.get(pathOf(ref))).data))
    } catch (error) {
      if (error instanceof CrmError && error.code === 'not_found') return null
      throw error
    }
  },
` : ''}${finds ? '\n  findMessageLog: findActivity,\n' : ''}} satisfies Partial<CrmAdapter>

const pathOf = (ref: { readonly id: string }): string => \`${activities.path}/\${encodeURIComponent(ref.id)}\`

const fields: { readonly [Name in keyof MessageLog]?: (log: MessageLog) => Readonly<Record<string, unknown>> } = {
  contactId: log => ({ ${fieldOf(plan, 'contactId', 'contact_id')}: log.contactId ?? null }),
  subject: log => ({ ${fieldOf(plan, 'subject', 'subject')}: subjectOf(log) }),
  body: log => ({ ${fieldOf(plan, 'body', 'note')}: log.body ?? '' }),
}

const allFields = Object.keys(fields) as (keyof MessageLog)[]

const fromMessageLog = (log: MessageLog, names: readonly (keyof MessageLog)[]): Record<string, unknown> =>
  Object.assign({}, ...names.map(name => fields[name]?.(log)))

const subjects = { sms: 'Text messages', mms: 'Text messages', fax: 'Faxes', voicemail: 'Voicemails' } as const

function subjectOf({ subject, messages: [first] }: MessageLog): string {
  if (subject !== undefined || !first) return subject ?? ''
  const other = first.direction === 'inbound' ? first.from : first.to
  return \`\${subjects[first.kind]} with \${other.name ?? other.number}\`
}
`
}

/** `src/tasks.ts` */
export function tasksSource(plan: AdapterPlan): string {
  const { shape: { activities }, capabilities } = plan
  const finds = capabilities.has('findTask')
  const subject = fieldOf(plan, 'subject', 'subject')
  return `import { activityId, type Callback, type CrmAdapter } from '@linefinder/core'
import * as answers from './answers.js'
${finds ? 'import { findActivity } from \'./find-activity.js\'\n' : ''}
/** A callback is an activity with a due time. */
export const taskMembers = {
  async createTask({ http }, callback) {
    const { data } = await http.post(${quoted(activities.path)}, { type: 'task', ${fieldOf(plan, 'externalId', 'external_id')}: callback.externalId, ...fromCallback(callback, allFields) })
    return { id: activityId.parse(${memberOf('answers.activity.parse(data)', activities.id.field)}) }
  },

  async updateTask({ http }, ref, callback, changed) {
    const changes = fromCallback(callback, changed)
    if (Object.keys(changes).length > 0) await http.patch(\`${activities.path}/\${encodeURIComponent(ref.id)}\`, changes)
  },
${finds ? '\n  findTask: findActivity,\n' : ''}} satisfies Partial<CrmAdapter>

const fields: { readonly [Name in keyof Callback]?: (callback: Callback) => Readonly<Record<string, unknown>> } = {
  number: callback => ({ ${fieldOf(plan, 'to', 'to_number')}: callback.number, ...madeSubject(callback) }),
  name: callback => madeSubject(callback),
  contactId: callback => ({ ${fieldOf(plan, 'contactId', 'contact_id')}: callback.contactId ?? null }),
  dueAt: callback => ({ due_at: callback.dueAt }),
  subject: callback => ({ ${subject}: subjectOf(callback) }),
  note: callback => ({ ${fieldOf(plan, 'body', 'note')}: callback.note ?? '' }),
  status: callback => ({ status: callback.status }),
}

const allFields = Object.keys(fields) as (keyof Callback)[]

const fromCallback = (callback: Callback, names: readonly (keyof Callback)[]): Record<string, unknown> =>
  Object.assign({}, ...names.map(name => fields[name]?.(callback)))

/** As with calls. */
const madeSubject = (callback: Callback): Record<string, string> => callback.subject === undefined ? { ${subject}: subjectOf(callback) } : {}

const subjectOf = ({ subject, name, number }: Callback): string => subject ?? \`Call back \${name ?? number}\`
`
}

import { activityId, type Callback, type CrmAdapter } from '@linefinder/core'
import * as answers from './answers.js'
import { findActivity } from './find-activity.js'

/** A callback is an activity of the type task. */
export const taskMembers = {
  async createTask({ http }, callback) {
    const { data } = await http.post('/activities', { type: 'task', direction: 'outbound', external_id: callback.externalId, ...fromCallback(callback, allFields) })
    return { id: activityId.parse(answers.activity.parse(data).id) }
  },

  async updateTask({ http }, ref, callback, changed) {
    const changes = fromCallback(callback, changed)
    if (Object.keys(changes).length > 0) await http.patch(`/activities/${encodeURIComponent(ref.id)}`, changes)
  },

  findTask: findActivity,
} satisfies Partial<CrmAdapter>

const fields: { readonly [Name in keyof Callback]?: (callback: Callback) => Readonly<Record<string, unknown>> } = {
  number: callback => ({ to_number: callback.number, ...madeSubject(callback) }),
  name: callback => madeSubject(callback),
  contactId: callback => ({ person_id: callback.contactId ?? null }),
  dueAt: callback => ({ due_at: callback.dueAt }),
  subject: callback => ({ subject: subjectOf(callback) }),
  note: callback => ({ body: callback.note ?? '' }),
  status: callback => ({ status: callback.status }),
}

const allFields = Object.keys(fields) as (keyof Callback)[]

const fromCallback = (callback: Callback, names: readonly (keyof Callback)[]): Record<string, unknown> =>
  Object.assign({}, ...names.map(name => fields[name]?.(callback)))

/** As with calls. */
const madeSubject = (callback: Callback): { subject?: string } => callback.subject === undefined ? { subject: subjectOf(callback) } : {}

const subjectOf = ({ subject, name, number }: Callback): string => subject ?? `Call back ${name ?? number}`

import { activityId, CrmError, type ActivityId, type ActivityRef, type Callback, type CrmAdapter } from '@linefinder/core'

/** Tasks for callbacks. Leave these members out when your CRM has no tasks: callbacks are kept by the server then. */
export function taskMembers(tasks: Map<ActivityId, Callback>) {
  return {
    async createTask(_ctx, callback) {
      const id = activityId.parse(crypto.randomUUID())
      tasks.set(id, callback)
      return { id }
    },

    // A task that is done or cancelled is told by its `status`.
    async updateTask(_ctx, ref, callback, changed) {
      const kept = tasks.get(ref.id)
      if (!kept) throw new CrmError('not_found')
      tasks.set(ref.id, { ...kept, ...Object.fromEntries(changed.map(name => [name, callback[name]])) })
    },

    async findTask(_ctx, externalId): Promise<ActivityRef | null> {
      for (const [id, callback] of tasks) if (callback.externalId === externalId) return { id }
      return null
    },
  } satisfies Partial<CrmAdapter>
}

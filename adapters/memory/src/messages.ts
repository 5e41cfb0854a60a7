import { activityId, CrmError, type ActivityId, type ActivityRef, type CrmAdapter, type MessageLog } from '@linefinder/core'

/** Days of conversations. Leave these members out when your CRM has no place for messages. */
export function messageMembers(logs: Map<ActivityId, MessageLog>) {
  return {
    async createMessageLog(_ctx, log) {
      const id = activityId.parse(crypto.randomUUID())
      logs.set(id, log)
      return { id }
    },

    // `messages` comes whole, those that the CRM has been told of included.
    async updateMessageLog(_ctx, ref, log, changed) {
      const kept = logs.get(ref.id)
      if (!kept) throw new CrmError('not_found')
      logs.set(ref.id, { ...kept, ...Object.fromEntries(changed.map(name => [name, log[name]])) })
    },

    async getMessageLog(_ctx, ref) {
      const log = logs.get(ref.id)
      return log ? { ref, subject: log.subject, note: log.note, contactId: log.contactId } : null
    },

    async findMessageLog(_ctx, externalId): Promise<ActivityRef | null> {
      for (const [id, log] of logs) if (log.externalId === externalId) return { id }
      return null
    },
  } satisfies Partial<CrmAdapter>
}

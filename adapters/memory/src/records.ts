import type { ActivityId, Callback, CallLog, Contact, ContactId, MessageLog } from '@linefinder/core'

/** What the CRM holds. Yours does so elsewhere: an adapter keeps nothing and asks for it through `ctx.http`. */
export interface Records {
  readonly contacts: Map<ContactId, Contact>
  readonly calls: Map<ActivityId, CallLog>
  readonly messages: Map<ActivityId, MessageLog>
  readonly tasks: Map<ActivityId, Callback>
}

export const newRecords = (): Records => ({ contacts: new Map(), calls: new Map(), messages: new Map(), tasks: new Map() })

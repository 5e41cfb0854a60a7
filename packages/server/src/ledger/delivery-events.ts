import type { WebhookEvent } from '@linefinder/core/api'
import { assertNever } from '@linefinder/core'
import type { Entry } from './entry.js'

/** What the tenant's own systems are told of an entry that has been delivered, or has failed; `null` of one that is neither. */
export function eventOf(entry: Entry, at: Date): WebhookEvent | null {
  const { status } = entry
  if (status !== 'delivered' && status !== 'failed') return null
  const timestamp = at.toISOString()
  const data = {
    connectionId: entry.connectionId, crmAccountId: entry.crmAccountId, phoneSystem: entry.phoneSystem, version: entry.version, status,
    activity: entry.activity, errorCode: entry.lastErrorCode,
  }
  switch (entry.kind) {
    case 'call': return { type: `call_log.${status}`, timestamp, data: { ...data, callId: entry.key, leg: entry.part } }
    case 'message': return { type: `message_log.${status}`, timestamp, data: { ...data, conversationId: entry.key, day: entry.part } }
    case 'callback': return { type: `callback.${status}`, timestamp, data: { ...data, callbackId: entry.key } }
    default: return assertNever(entry.kind)
  }
}

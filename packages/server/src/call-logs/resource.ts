import type { CallLogResource } from '@linefinder/core/api'
import type { CallLogRow } from './call-log-row.js'

/** What a client sees of a call log; `activityLink` is the page of its activity, where there is one. */
export function toResource(row: CallLogRow, activityLink: { url?: string }): CallLogResource {
  return {
    ...row.content,
    callId: row.callId,
    phoneSystem: row.phoneSystem,
    leg: row.leg,
    status: row.status,
    version: row.version,
    deliveredVersion: row.deliveredVersion,
    activity: row.activity && { ...row.activity, ...activityLink },
    lastError: row.lastErrorCode && row.lastErrorAt ? { code: row.lastErrorCode, at: row.lastErrorAt.toISOString() } : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  }
}

import type { CrmAdapter, InstallationFacts } from '@linefinder/core'
import type { CallLogResource } from '@linefinder/core/api'
import type { CallLogRow } from './call-log-row.js'

/** What a client sees of a call log. */
export function toResource(row: CallLogRow, adapter: CrmAdapter, installation: InstallationFacts): CallLogResource {
  return {
    ...row.content,
    callId: row.callId,
    phoneSystem: row.phoneSystem,
    leg: row.leg,
    status: row.status,
    version: row.version,
    deliveredVersion: row.deliveredVersion,
    activity: row.activity && {
      ...row.activity,
      ...(adapter.activityUrl ? { url: adapter.activityUrl(installation, row.activity) } : {}),
    },
    lastError: row.lastErrorCode && row.lastErrorAt ? { code: row.lastErrorCode, at: row.lastErrorAt.toISOString() } : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  }
}

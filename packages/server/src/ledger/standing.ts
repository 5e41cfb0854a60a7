import type { Standing } from '@linefinder/core/api'
import type { Entry } from './entry.js'

/** What a client sees of an entry beside its content; `activityLink` is the page of its activity, where there is one. */
export const standingOf = (row: Entry, activityLink: { url?: string }): Standing => ({
  status: row.status,
  version: row.version,
  deliveredVersion: row.deliveredVersion,
  activity: row.activity && { ...row.activity, ...activityLink },
  contact: contactStandingOf(row),
  lastError: row.lastErrorCode && row.lastErrorAt ? {
    code: row.lastErrorCode, ...(row.lastErrorDetail === null ? {} : { detail: row.lastErrorDetail }), at: row.lastErrorAt.toISOString(),
  } : null,
  nextAttemptAt: row.status === 'retrying' ? row.nextAttemptAt?.toISOString() ?? null : null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  deliveredAt: row.deliveredAt?.toISOString() ?? null,
})

function contactStandingOf({ content, resolution }: Entry): Standing['contact'] {
  const candidates = [...resolution?.candidates ?? []]
  if (content.contactId !== undefined) return { id: content.contactId, how: 'given', candidates }
  return resolution && { id: resolution.contactId, how: resolution.how, candidates }
}

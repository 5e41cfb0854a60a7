import type { DirectoryResource } from '@linefinder/core/api'
import { rateOf, type DirectoryRow } from './directory-row.js'

export const toResource = (row: DirectoryRow): DirectoryResource => ({
  id: String(row.id),
  scope: row.scope,
  connection: row.connectionId,
  state: row.state,
  isComplete: row.completeAt !== null,
  contacts: row.contactCount,
  numbers: row.numberCount,
  notValidNumbers: row.notValidCount,
  unreadableNumbers: [...row.unreadable],
  progress: row.run && {
    kind: row.run.kind,
    startedAt: row.run.startedAt.toISOString(),
    pages: row.run.pages,
    contacts: row.run.contacts,
    numbers: row.run.numbers,
    contactsPerSecond: rateOf(row.run),
  },
  lastResult: row.lastResult,
  syncedAt: row.syncedAt?.toISOString() ?? null,
  fullSyncedAt: row.fullSyncedAt?.toISOString() ?? null,
  nextSyncAt: row.nextSyncAt?.toISOString() ?? null,
  syncEveryMinutes: row.syncEveryMinutes,
  fullEveryHours: row.fullEveryHours,
  maxContacts: row.maxContacts,
})

import type { ApiErrorCode } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { ApiError } from '../http/api-error.js'
import type { Entry, EntryKey, EntryKind, EntryOwner } from './entry.js'
import { findEntry } from './find-statements.js'

const notFound: Readonly<Record<EntryKind, ApiErrorCode>> = {
  call: 'call_log_not_found', message: 'message_log_not_found', callback: 'callback_not_found',
}

/** The owner's, or one that no agent has yet. Throws the kind's `…_not_found`, or `owned_by_other`. */
export async function getOwnEntry<Kind extends EntryKind>(database: Database, owner: EntryOwner, kind: Kind, key: EntryKey): Promise<Entry<Kind>> {
  const row = await findEntry(database, owner, kind, key)
  if (!row) throw new ApiError(notFound[kind])
  if (row.agentId !== null && row.agentId !== owner.agentId) throw new ApiError('owned_by_other')
  return row
}

/** Throws `content_deleted` too. */
export async function getFilledEntry<Kind extends EntryKind>(database: Database, owner: EntryOwner, kind: Kind, key: EntryKey): Promise<Entry<Kind>> {
  const row = await getOwnEntry(database, owner, kind, key)
  if (row.contentDeletedAt !== null) throw new ApiError('content_deleted')
  return row
}

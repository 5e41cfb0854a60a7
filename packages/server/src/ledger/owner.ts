import { z } from 'zod'
import type { Caller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import type { Entry, EntryOwner } from './entry.js'
import type { ListFilter } from './find-statements.js'

export const ownerOf = ({ kind, tenantId, connection }: Caller): EntryOwner =>
  ({ tenantId, crmAccountId: connection.crmAccountId, agentId: kind === 'key' ? null : connection.agentId })

/** Time in milliseconds since the epoch, which has no odd years, and row id. */
const sortKey = z.tuple([z.string().regex(/^-?\d{1,15}$/), z.uuid()])

export function placeOf(cursor: string | undefined): ListFilter['after'] {
  const [ms, id] = decodeCursor(cursor, sortKey) ?? []
  return id === undefined ? undefined : { occursAt: new Date(Number(ms)), id }
}

/** A page of rows that were asked for one more than `limit`, and where the next begins. */
export function pageOfEntries<Row extends Entry>(rows: readonly Row[], limit: number): { page: readonly Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, nextCursor: last && rows.length > page.length ? encodeCursor([String(last.occursAt.getTime()), last.id]) : null }
}

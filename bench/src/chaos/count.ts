import type { StoredCall } from '../ledger-tables.js'
import type { CrmActivity } from './crm-process.js'
import { editsPerCall, subjectOf } from './writers.js'

export interface Counts {
  /** Calls that every edit of was acknowledged. */
  readonly acknowledged: number
  /** In the CRM, of these calls. */
  readonly activities: number
  /** Calls whose activity, or one of whose activities, says the last edit. */
  readonly withLastEdit: number
  /** Calls that the ledger or the CRM knows nothing of. */
  readonly lost: number
  /** Calls with more than one activity, and how many activities too many these are. */
  readonly doubled: number
  readonly tooMany: number
  /** Calls that the CRM knows, but not as they were last. */
  readonly outdated: number
}

/** What became of the calls 0 up to, not including, `calls`, all of which were acknowledged. */
export function countOutcome(calls: number, stored: ReadonlyMap<number, StoredCall>, activities: readonly CrmActivity[]): Counts {
  const byExternalId = new Map<string, CrmActivity[]>()
  for (const activity of activities) byExternalId.set(activity.external_id, [...byExternalId.get(activity.external_id) ?? [], activity])
  const outcomes = Array.from({ length: calls }, (_, n) => {
    const row = stored.get(n)
    const found = row ? byExternalId.get(`lf-${row.id}`) ?? [] : []
    return { count: found.length, isLast: found.some(({ subject }) => subject === subjectOf(n, editsPerCall)) }
  })
  const doubled = outcomes.filter(({ count }) => count > 1)
  return {
    acknowledged: calls,
    activities: outcomes.reduce((sum, { count }) => sum + count, 0),
    withLastEdit: outcomes.filter(({ isLast }) => isLast).length,
    lost: outcomes.filter(({ count }) => count === 0).length,
    doubled: doubled.length,
    tooMany: doubled.reduce((sum, { count }) => sum + count - 1, 0),
    outdated: outcomes.filter(({ count, isLast }) => count > 0 && !isLast).length,
  }
}

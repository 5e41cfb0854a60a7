import { callId } from '@linefinder/core'
import type { CallLogResource } from '@linefinder/core/api'
import type { Entry } from '../ledger/entry.js'
import { standingOf } from '../ledger/standing.js'

/** What a client sees of a call log; `activityLink` is the page of its activity, where there is one. */
export const toResource = (row: Entry<'call'>, activityLink: { url?: string }): CallLogResource => ({
  ...row.content,
  callId: callId.parse(row.key),
  phoneSystem: row.phoneSystem,
  leg: row.part,
  ...standingOf(row, activityLink),
})

import { callId } from '@linefinder/core'
import type { CallLogResource } from '@linefinder/core/api'
import type { Entry } from '../ledger/entry.js'
import { standingOf } from '../ledger/standing.js'

/** What a client sees of a call log; `activityLink` is the page of its activity, where there is one. */
export const toResource = (row: Entry<'call'>, activityLink: { url?: string }): CallLogResource => ({
  callId: callId.parse(row.key),
  phoneSystem: row.phoneSystem,
  leg: row.part,
  recording: recordingOf(row),
  ...standingOf(row, activityLink),
  ...row.content,
})

function recordingOf({ content, deliveredRecording, recordingIssue }: Entry<'call'>): CallLogResource['recording'] {
  const { recordingUrl } = content
  if (recordingUrl === undefined) return null
  if (recordingUrl === deliveredRecording) return { status: 'copied' }
  if (recordingIssue?.url !== recordingUrl) return null
  const { code, detail, isFinal } = recordingIssue
  return { status: isFinal ? 'failed' : 'retrying', code, detail }
}

import { bodyDetails, type BodyDetail, type CallLog, type CrmAdapter, type MessageLog } from '@linefinder/core'

/** What a server's body would tell of each detail, in fewer words. */
const lines: { readonly [Detail in BodyDetail]?: (log: CallLog) => string | undefined } = {
  note: ({ note }) => note,
  direction: ({ direction }) => `Direction: ${direction}`,
  number: ({ from, to }) => `Numbers: ${from.number}, ${to.number}`,
  result: ({ result }) => result && `Result: ${result}`,
  disposition: ({ disposition }) => disposition && `Outcome: ${disposition}`,
  started: ({ startedAt }) => `Started: ${startedAt}`,
  duration: ({ durationSeconds }) => durationSeconds === undefined ? undefined : `Duration: ${String(durationSeconds)} s`,
  queue: ({ queue }) => queue?.name && `Queue: ${queue.name}`,
  recording: ({ recordingUrl }) => recordingUrl && `Recording: ${recordingUrl}`,
  summary: ({ summary }) => summary && `Summary: ${summary}`,
  transcript: ({ transcript }) => transcript && `Transcript: ${transcript}`,
}

/** The member of the log that a detail tells, where it has another name. */
const members: { readonly [Detail in BodyDetail]?: keyof CallLog } = { started: 'startedAt', duration: 'durationSeconds', recording: 'recordingUrl' }

const detailsOf = ({ bodyDetails: chosen = bodyDetails }: CrmAdapter): readonly BodyDetail[] => chosen

/** As a server composes it for an adapter that keeps a call as one text; `undefined` for another one. */
export function sampleBody(adapter: CrmAdapter, log: CallLog): string | undefined {
  if (adapter.bodyFormat === undefined) return undefined
  return asText(adapter, detailsOf(adapter).flatMap(detail => lines[detail]?.(log) ?? []))
}

export const sampleDayBody = (adapter: CrmAdapter, { note, messages }: MessageLog): string | undefined =>
  adapter.bodyFormat === undefined ? undefined
    : asText(adapter, [...(note === undefined ? [] : [note]), ...messages.map(({ sentAt, text = '' }) => `${sentAt} ${text}`)])

/** Whether the body is another one when these have changed. */
export const changesBody = (adapter: CrmAdapter, changed: readonly (keyof CallLog)[]): boolean =>
  adapter.bodyFormat !== undefined
  && detailsOf(adapter).some(detail => lines[detail] && changed.includes(members[detail] ?? detail as keyof CallLog))

function asText({ bodyFormat }: CrmAdapter, texts: readonly string[]): string {
  if (bodyFormat === 'html') return texts.map(text => `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</p>`).join('')
  return texts.join(bodyFormat === 'markdown' ? '\n\n' : '\n')
}

import type { Attachment, Message, MessageLog } from '@linefinder/core'

export function headlineOf({ subject, messages: [first], day }: MessageLog): string {
  if (subject !== undefined && subject.trim() !== '') return subject
  const other = first?.direction === 'outbound' ? first.to : first?.from
  return `Messages ${first?.direction === 'outbound' ? 'to' : 'from'} ${other?.name ?? other?.number ?? 'somebody'}, ${day}`
}

/** The day as the server wrote it, else as it is written here: the agent's note, and then each message. */
export const bodyOf = ({ body, note, messages }: MessageLog): string =>
  body ?? [...(note ? [note, ''] : []), ...messages.map(linesOf)].join('\n')

const linesOf = ({ kind, direction, from, sentAt, text, attachments = [], durationSeconds, pageCount }: Message): string => [
  `${sentAt.slice(11, 16)} ${direction === 'inbound' ? from.name ?? from.number : 'We'}: ${text ?? ''}${aboutOf(kind, durationSeconds, pageCount)}`.trimEnd(),
  ...attachments.map(fileLine),
].join('\n')

function aboutOf(kind: Message['kind'], durationSeconds?: number, pageCount?: number): string {
  if (kind === 'voicemail') return ` (voicemail${durationSeconds === undefined ? '' : `, ${String(durationSeconds)} s`})`
  if (kind === 'fax') return ` (fax${pageCount === undefined ? '' : `, ${String(pageCount)} pages`})`
  return ''
}

const fileLine = ({ name, url }: Attachment): string => `  ${name === undefined ? '' : `${name}: `}${url}`

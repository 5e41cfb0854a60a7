import type { MessageLog } from '@linefinder/core'

export function headlineOf({ subject, messages: [first], day }: MessageLog): string {
  if (subject !== undefined && subject.trim() !== '') return subject
  const isOutbound = first?.direction === 'outbound'
  const other = isOutbound ? first.to : first?.from
  return `Messages ${isOutbound ? 'to' : 'from'} ${other?.name ?? other?.number ?? 'somebody'}, ${day}`
}

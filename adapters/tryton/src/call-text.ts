import type { CallLog } from '@linefinder/core'

/** The members of a call log that its headline tells. */
export const headlineMembers: readonly (keyof CallLog)[] = ['subject', 'direction', 'from', 'to', 'result']

export function headlineOf({ subject, direction, from, to, result }: CallLog): string {
  if (subject !== undefined && subject.trim() !== '') return subject
  if (direction === 'outbound') return `Outgoing call to ${to.name ?? to.number}`
  return `${result === 'missed' ? 'Missed' : 'Incoming'} call from ${from.name ?? from.number}`
}

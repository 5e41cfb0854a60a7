import type { AdapterContext, CallLog, CallResult, Party } from '@linefinder/core'
import type { Scalar } from '../scalar.js'
import { parametersFor } from './records.js'

/** A parameter that tells something of a call. */
interface LogParameter {
  /** The members of a call log that it comes from. */
  readonly from: readonly (keyof CallLog)[]
  value(log: CallLog, ctx: AdapterContext): Scalar | undefined
}

/** In the words of SIP (RFC 3261 §21): how the call ended. */
const causes: Readonly<Record<CallResult, string>> = {
  answered: '200', voicemail: '200', missed: '487', cancelled: '487', busy: '486', rejected: '603', no_answer: '480', failed: '500',
}

const partyOf = ({ direction, from, to }: CallLog): Party => direction === 'inbound' ? from : to
const ownOf = ({ direction, from, to }: CallLog): Party => direction === 'inbound' ? to : from
const userOf = ({ connection: { user } }: AdapterContext) => user?.id === 'installation' ? null : user

export const logParameters: Readonly<Record<string, LogParameter>> = {
  activity_type: { from: ['direction'], value: ({ direction }) => direction },
  party_number: { from: ['direction', 'from', 'to'], value: log => partyOf(log).number },
  party_name: { from: ['direction', 'from', 'to'], value: log => partyOf(log).name },
  contact_name: { from: ['direction', 'from', 'to'], value: log => partyOf(log).name ?? partyOf(log).number },
  phone: { from: ['direction', 'from', 'to'], value: log => partyOf(log).number },
  calling_number: { from: ['from'], value: ({ from }) => from.number },
  called_number: { from: ['to'], value: ({ to }) => to.number },
  user_number: { from: ['agent', 'direction', 'from', 'to'], value: log => log.agent?.extension ?? ownOf(log).extension ?? log.agent?.number ?? ownOf(log).number },
  user_id: { from: ['agent'], value: ({ agent }, ctx) => agent?.userId ?? userOf(ctx)?.id },
  user_name: { from: ['agent'], value: ({ agent }, ctx) => agent?.name ?? userOf(ctx)?.name },
  call_timestamp: { from: ['startedAt'], value: ({ startedAt }) => Date.parse(startedAt) },
  call_timestop: { from: ['endedAt'], value: ({ endedAt }) => endedAt === undefined ? undefined : Date.parse(endedAt) },
  call_duration: { from: ['durationSeconds'], value: log => log.durationSeconds ?? (isUnanswered(log) ? 0 : undefined) },
  call_cause: { from: ['result'], value: ({ result }) => result && causes[result] },
  call_result: { from: ['result'], value: ({ result }) => result },
  disposition: { from: ['disposition'], value: ({ disposition }) => disposition },
  contact_id: { from: ['contactId'], value: ({ contactId }) => contactId && parametersFor(contactId).contact_id },
  company_id: { from: ['contactId'], value: ({ contactId }) => contactId && parametersFor(contactId).company_id },
  call_url: { from: ['recordingUrl'], value: ({ recordingUrl }) => recordingUrl },
  content_url: { from: ['recordingUrl'], value: ({ recordingUrl }) => recordingUrl },
  connection_id: { from: ['direction', 'from', 'to'], value: log => ownOf(log).number },
  connection_name: { from: ['queue', 'direction', 'from', 'to'], value: log => log.queue?.name ?? ownOf(log).name ?? ownOf(log).number },
  subject: { from: ['subject', 'direction', 'from', 'to', 'result'], value: subjectOf },
  // With a body it is that; a note is then part of it.
  description: { from: ['body', 'note'], value: ({ body, note }) => body ?? note },
}

const isUnanswered = ({ result }: CallLog): boolean => result !== undefined && result !== 'answered' && result !== 'voicemail'

function subjectOf(log: CallLog): string {
  if (log.subject !== undefined) return log.subject
  const { name, number } = partyOf(log)
  const kind = log.result === 'missed' ? 'Missed call' : log.direction === 'inbound' ? 'Incoming call' : 'Outgoing call'
  return `${kind} ${log.direction === 'inbound' ? 'from' : 'to'} ${name ?? number}`
}

export interface TouchRules {
  /** The activity has the server's text, of which a note is a part. */
  readonly hasBody: boolean
  /** The activity was made with a subject that we made up where the log has none. */
  readonly hasMadeSubject: boolean
}

/** The parameters that tell something else than before. A subject of the log's own, or of the document's, does not change with the call. */
export function touchedBy(changed: readonly (keyof CallLog)[], log: CallLog, { hasBody, hasMadeSubject }: TouchRules): Set<string> {
  return new Set(Object.entries(logParameters).flatMap(([name, { from }]) => {
    const isKept = name === 'subject' && (log.subject !== undefined || !hasMadeSubject)
    const members = isKept ? ['subject' as const] : name === 'description' ? [hasBody ? 'body' as const : 'note' as const] : from
    return members.some(member => changed.includes(member)) ? [name] : []
  }))
}

/** Everything that the log tells, and the constants that a document may ask for. */
export function parametersOf(log: CallLog, ctx: AdapterContext): Record<string, Scalar | undefined> {
  const { domain = 'linefinder' } = ctx.connection.settings
  return {
    ...Object.fromEntries(Object.entries(logParameters).map(([name, parameter]) => [name, parameter.value(log, ctx)])),
    external_id: log.externalId, domain: typeof domain === 'string' ? domain : 'linefinder',
  }
}

import { assertNever, type CallLog, type CallResult, type Party } from '@linefinder/core'
import { wireExtraName, type JsonObject, type WireExtra } from '../extras.js'

/** RingCentral's words, inbound and outbound where they differ. */
const words: Readonly<Record<Exclude<CallResult, 'answered'>, string>> = {
  missed: 'Missed', voicemail: 'Voicemail', busy: 'Busy', rejected: 'Rejected', no_answer: 'No Answer', cancelled: 'Hang Up', failed: 'Call Failed',
}

export const resultWord = ({ result, direction }: Pick<CallLog, 'result' | 'direction'>): string | undefined => {
  if (result === undefined) return undefined
  return result === 'answered' ? (direction === 'inbound' ? 'Accepted' : 'Call connected') : words[result]
}

/** One of ours for RingCentral's word; `undefined` for one that is not known. */
export function resultOfWord(word: string): CallResult | undefined {
  const name = word.trim().toLowerCase()
  if (['accepted', 'call connected', 'call accepted', 'answered', 'connected'].includes(name)) return 'answered'
  if (['hang up', 'hangup', 'abandoned', 'stopped', 'disconnected'].includes(name)) return 'cancelled'
  return (Object.keys(words) as (keyof typeof words)[]).find(result => words[result].toLowerCase() === name)
}

/** What came over the App Connect wire with a log. */
export function wireExtraOf({ extra }: { readonly extra?: Readonly<Record<string, unknown>> | undefined }): WireExtra {
  const found = extra?.[wireExtraName]
  // Whoever put it there has checked it; a native client may put anything, which then is only passed on.
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found as WireExtra : {}
}

/** The call as RingCentral Embeddable tells it: as it came, where it did. */
export function logInfoOf(log: CallLog): Record<string, unknown> {
  const sent = wireExtraOf(log).logInfo
  const own = {
    id: log.externalId, sessionId: log.externalId, telephonySessionId: log.externalId,
    direction: log.direction === 'inbound' ? 'Inbound' : 'Outbound',
    from: partyOf(log.from), to: partyOf(log.to),
    startTime: Date.parse(log.startedAt),
    ...(log.durationSeconds !== undefined && { duration: log.durationSeconds }),
    ...(log.result !== undefined && { result: resultWord(log) }),
    ...(log.subject !== undefined && { customSubject: log.subject }),
    ...(log.recordingUrl !== undefined && { recording: recordingOf(log.recordingUrl) }),
    ...(log.legs !== undefined && { legs: legsOf(log) }),
    ...(log.queue !== undefined && { queueCall: true, delegationType: 'QueueForwarding' }),
  }
  if (!sent) return own
  // What the log says by now counts: the call went on after it was sent.
  const { id: _id, sessionId: _session, telephonySessionId: _telephony, from: _from, to: _to, legs: _legs, ...newer } = own
  const isSame = { startTime: instantOf(sent['startTime']) === own.startTime, result: typeof sent['result'] === 'string' && resultOfWord(sent['result']) === log.result }
  const { startTime, result, ...rest } = newer
  return { ...sent, ...rest, ...(!isSame.startTime && { startTime }), ...(!isSame.result && result !== undefined && { result }), ...(isObject(sent['recording']) && log.recordingUrl === linkOf(sent['recording']) && { recording: sent['recording'] }) }
}

export const legsOf = (log: CallLog): unknown => wireExtraOf(log).logInfo?.['legs'] ?? log.legs?.map(leg => ({
  startTime: leg.startedAt, duration: leg.durationSeconds, result: leg.result === undefined ? undefined : resultWord({ result: leg.result, direction: log.direction }),
  direction: log.direction === 'inbound' ? 'Inbound' : 'Outbound', action: actionOf(leg.kind),
  to: { name: leg.name, phoneNumber: leg.number, extensionNumber: leg.extension },
}))

export const recordingOf = (link: string): { link: string; contentUri: string; downloadUrl: string } => ({ link, contentUri: link, downloadUrl: link })

/** The party outside. */
export const otherParty = ({ direction, from, to }: Pick<CallLog, 'direction' | 'from' | 'to'>): Party => direction === 'inbound' ? from : to

export const partyOf = ({ number, name, extension }: Party): Record<string, string> => ({
  phoneNumber: number, ...(extension !== undefined && { extensionNumber: extension }), ...(name !== undefined && { name }),
})

const instantOf = (value: unknown): number => typeof value === 'number' || typeof value === 'string' ? new Date(value).getTime() : Number.NaN
const linkOf = (recording: JsonObject): unknown => recording['link']
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

function actionOf(kind: NonNullable<CallLog['legs']>[number]['kind']): string {
  switch (kind) {
    case 'ring': case 'agent': return 'Phone Call'
    case 'queue': return 'Phone Call'
    case 'transfer': return 'Call Transfer'
    case 'voicemail': return 'Voicemail'
    default: return assertNever(kind)
  }
}

import { constants } from './constants.js'
import { secondsToHoursMinutesSeconds } from './util.js'

const { PLAIN_TEXT, HTML, MARKDOWN } = constants.LOG_DETAILS_FORMAT_TYPE

interface Given extends Readonly<Record<string, unknown>> {
  readonly body?: string
  readonly logFormat?: string
}

const labels = {
  upsertCallSessionId: ['id', 'Session Id'], upsertRingCentralUserName: ['userName', 'RingCentral user name'], upsertCallSubject: ['subject', 'Summary'],
  upsertCallResult: ['result', 'Result'], upsertCallRecording: ['recordingLink', 'Call recording link'],
  upsertVoicemailRecording: ['voicemailLink', 'Voicemail recording link'], upsertRingSenseAIScore: ['score', 'Call score'], upsertRingSenseLink: ['link', 'ACE link'],
} as const

const blockLabels = {
  upsertAiNote: ['aiNote', 'AI Note'], upsertTranscript: ['transcript', 'Transcript'], upsertRingSenseTranscript: ['transcript', 'ACE transcript'],
  upsertRingSenseSummary: ['summary', 'ACE summary'], upsertRingSenseBulletedSummary: ['summary', 'ACE bulleted summary'],
} as const

type Upsert = (given: Given) => string

/**
 * `lib/callLogComposer`, for connectors that keep the text of a call themselves: each function puts one detail into a text, or another value in the
 * place of the one that is there. Lines and blocks look as App Connect writes them, so that a text of its making is gone on with.
 */
export const callLogComposer: Readonly<Record<string, Upsert>> = {
  ...Object.fromEntries(Object.entries(labels).map(([name, [member, label]]) => [name, given => withLine(given, label, given[member])])),
  ...Object.fromEntries(Object.entries(blockLabels).map(([name, [member, label]]) => [name, given => withBlock(given, label, given[member])])),
  upsertCallAgentNote: withNote,
  upsertRingCentralNumberAndExtension: given => withLine(given, 'RingCentral number and extension', [given['number'], given['extension']].filter(Boolean).join(' ')),
  upsertContactPhoneNumber: given => withLine(given, given.logFormat === HTML ? `${given['direction'] === 'Outbound' ? 'Recipient' : 'Caller'} phone number` : 'Contact Number', given['phoneNumber']),
  upsertCallDateTime: given => withLine(given, given.logFormat === HTML ? 'Date/time' : 'Date/Time', moment(given['startTime'], given['timezoneOffset'])),
  upsertCallDuration: given => withLine(given, 'Duration', given['duration'] === undefined ? undefined : secondsToHoursMinutesSeconds(given['duration'])),
  upsertLegs: given => withBlock(given, 'Call journey', legsOf(given['legs'])),
  composeCallLog,
}

/** A whole text, as the user's settings want it. */
function composeCallLog(given: Given): string {
  const { callLog = {}, user = {}, contactInfo = {}, logFormat = PLAIN_TEXT, existingBody = '' } = given as Record<string, Record<string, unknown>>
  const settings = (user['userSettings'] ?? {}) as Record<string, { value?: unknown } | undefined>
  const wants = (name: string, usually = true) => settings[name]?.value ?? usually
  const steps: readonly (readonly [string, boolean | unknown, Record<string, unknown>])[] = [
    ['upsertCallAgentNote', wants('addCallLogNote'), { note: given['note'] }],
    ['upsertCallSessionId', wants('addCallSessionId', false), { id: callLog['sessionId'] }],
    ['upsertCallSubject', wants('addCallLogSubject'), { subject: given['subject'] }],
    ['upsertContactPhoneNumber', wants('addCallLogContactNumber', false), { phoneNumber: contactInfo['phoneNumber'], direction: callLog['direction'] }],
    ['upsertCallDateTime', wants('addCallLogDateTime'), { startTime: given['startTime'] ?? callLog['startTime'], timezoneOffset: user['timezoneOffset'] }],
    ['upsertCallDuration', wants('addCallLogDuration'), { duration: given['duration'] }],
    ['upsertCallResult', wants('addCallLogResult'), { result: given['result'] }],
    ['upsertCallRecording', wants('addCallLogRecording'), { recordingLink: given['recordingLink'] }],
    ['upsertVoicemailRecording', wants('addCallLogRecording'), { voicemailLink: given['voicemailLink'] }],
    ['upsertAiNote', wants('addCallLogAiNote'), { aiNote: given['aiNote'] }],
    ['upsertTranscript', wants('addCallLogTranscript'), { transcript: given['transcript'] }],
    ['upsertLegs', wants('addCallLogLegs'), { legs: callLog['legs'] }],
  ]
  return steps.reduce((body, [name, isWanted, values]) => isWanted ? callLogComposer[name]?.({ ...values, body, logFormat: String(logFormat) }) ?? body : body, String(existingBody))
}

function withLine({ body = '', logFormat = PLAIN_TEXT }: Given, label: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return body
  const name = escapeExpression(label)
  if (logFormat === HTML) return put(body, new RegExp(`(?:<li>)?<b>${name}</b>:\\s*(?:<a[^>]*>[^<]*</a>|[^<\\n]*)(?:</li>)?`, 'i'), `<li><b>${label}</b>: ${inHtml(value)}</li>`)
  if (logFormat === MARKDOWN) return put(body, new RegExp(`\\*\\*${name}\\*\\*: [^\\n]*\\n*`, 'i'), `**${label}**: ${String(value)}\n`)
  return put(body, new RegExp(`- ${name}: [^\\n]*\\n*`, 'i'), `- ${label}: ${String(value)}\n`)
}

function withBlock({ body = '', logFormat = PLAIN_TEXT }: Given, label: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') return body
  const text = value.replace(/\n+$/, '')
  const name = escapeExpression(label)
  const end = label === 'Call journey' ? '--- JOURNEY END' : '--- END'
  if (logFormat === HTML) return put(body, new RegExp(`<div><b>${name}</b><br>[\\s\\S]*?</div>`), `<div><b>${label}</b><br>${escaped(text).replaceAll('\n', '<br>')}</div>`)
  if (logFormat === MARKDOWN) return put(body, new RegExp(`### ${name}\\n[\\s\\S]*?(?=\\n### |\\n$|$)`), `### ${label}\n${text}\n`)
  return put(body, new RegExp(`- ${name}:[\\s\\S]*?${end}`), `- ${label}:\n${text}\n${end}`)
}

function withNote(given: Given): string {
  const { body = '', logFormat = PLAIN_TEXT } = given
  const { note } = given
  if (typeof note !== 'string' || note === '') return body
  if (logFormat === HTML) {
    const block = `<b>Agent notes</b><br>${escaped(note).replaceAll('\n', '<br>')}<br><br><b>Call details</b>`
    const known = /<b>Agent notes<\/b>[\s\S]+?<b>Call details<\/b>/
    return known.test(body) ? body.replace(known, () => block) : `${block}<br>${body}`
  }
  if (logFormat === MARKDOWN) {
    const known = /## Agent notes\n[\s\S]*?\n## Call details/
    const block = `## Agent notes\n${note}\n\n## Call details`
    return known.test(body) ? body.replace(known, () => block) : `${block}\n${body}`
  }
  const known = /- (?:Note|Agent notes): [\s\S]*?(?=\n- [A-Z][a-zA-Z\s/]*:|\n$|$)/
  return known.test(body) ? body.replace(known, () => `- Note: ${note}`) : `- Note: ${note}\n${body}`
}

/** In the place of what is there, else at the end. */
function put(body: string, known: RegExp, text: string): string {
  if (known.test(body)) return body.replace(known, () => text)
  return `${body}${body === '' || body.endsWith('\n') || text.startsWith('<') ? '' : '\n'}${text}`
}

function moment(startTime: unknown, timezoneOffset: unknown): string | undefined {
  if (startTime === undefined || startTime === null) return undefined
  const instant = new Date(startTime as string | number)
  if (Number.isNaN(instant.getTime())) return undefined
  const minutes = offsetMinutes(timezoneOffset)
  return new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ')
}

/** `+02:00`, or minutes; hours where the number is that small, as moment reads it. */
function offsetMinutes(offset: unknown): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(String(offset)) ?? []
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const number = Number(offset)
  return Number.isFinite(number) ? (Math.abs(number) < 16 ? number * 60 : number) : 0
}

function legsOf(legs: unknown): string | undefined {
  if (!Array.isArray(legs) || legs.length === 0) return undefined
  return (legs as Record<string, Record<string, string> | string | undefined>[]).map(leg => {
    const partyOf = (party: unknown) => {
      const { name, phoneNumber, extensionNumber } = (party ?? {}) as Record<string, string | undefined>
      return [name, phoneNumber ?? extensionNumber].filter(Boolean).join(' ')
    }
    return `${String(leg['direction'] ?? '')} ${partyOf(leg['from'])} → ${partyOf(leg['to'])} ${String(leg['result'] ?? '')}`.trim()
  }).join('\n')
}

const inHtml = (value: unknown): string => /^https?:\/\/\S+$/.test(String(value)) ? `<a target="_blank" href="${escaped(String(value))}">open</a>` : escaped(String(value))
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const escapeExpression = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

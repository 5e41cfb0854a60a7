import type { BodyDetail, CallResult } from '@linefinder/core'
import { oneLine, textLines } from './clean-text.js'
import type { CallAgent, CallLeg, ComposableLog, FieldValue } from './composable-log.js'
import { durationInWords, momentsIn, type MomentOptions, type Moments } from './moments.js'

/** A label and its value, cleaned but not yet escaped for a format. */
export interface DetailLine {
  readonly detail: BodyDetail
  readonly label: string
  readonly value: DetailValue
}

export type DetailValue =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'link'; readonly url: string }

export interface LabelOptions {
  readonly details: readonly BodyDetail[]
  readonly labels?: Partial<Record<BodyDetail, string>> | undefined
  /** By the name of the field. Default: that name. */
  readonly fieldLabels?: Readonly<Record<string, string>> | undefined
}

/** In the order of `details`, each once; what the log does not say has no line. */
export function detailLines(log: ComposableLog, options: LabelOptions & MomentOptions): DetailLine[] {
  const moments = momentsIn(options)
  return [...new Set(options.details)].flatMap(detail => {
    if (detail === 'fields') return fieldLines(log.fields ?? {}, options.fieldLabels ?? {})
    const value = valueOf(detail, log, moments)
    return value === null ? [] : [{ detail, label: oneLine(options.labels?.[detail] ?? '') || englishLabels[detail], value }]
  })
}

const englishLabels: Readonly<Record<Exclude<BodyDetail, 'fields'>, string>> = {
  note: 'Note', agent: 'Agent', contact: 'Contact', number: 'Number', direction: 'Direction', result: 'Result', disposition: 'Disposition',
  started: 'Started', answered: 'Answered', ended: 'Ended', duration: 'Duration', queue: 'Queue', legs: 'Call path', recording: 'Recording',
  summary: 'Summary', transcript: 'Transcript', call_id: 'Call ID',
}

function valueOf(detail: Exclude<BodyDetail, 'fields'>, log: ComposableLog, moments: Moments): DetailValue | null {
  const customer = log.direction === 'inbound' ? log.from : log.to
  switch (detail) {
    case 'note': return text(log.note)
    case 'agent': return line(log.agent && person(log.agent))
    case 'contact': return line(log.contactName) ?? line(customer.name)
    case 'number': return line(customer.number === 'anonymous' ? 'Withheld' : person({ number: customer.number, extension: customer.extension }))
    case 'direction': return line(log.direction === 'inbound' ? 'Inbound' : 'Outbound')
    case 'result': return line(log.result && resultWords[log.result])
    case 'disposition': return line(log.disposition)
    case 'started': return line(moments.dateTime(log.startedAt))
    case 'answered': return line(log.answeredAt && moments.dateTime(log.answeredAt))
    case 'ended': return line(log.endedAt && moments.dateTime(log.endedAt))
    case 'duration': return line(log.durationSeconds === undefined ? null : durationInWords(log.durationSeconds))
    case 'queue': return line(log.queue && person(log.queue))
    case 'legs': return list((log.legs ?? []).map(leg => legInWords(leg, moments)))
    case 'recording': return link(log.recordingUrl)
    case 'summary': return text(log.summary)
    case 'transcript': return text(log.transcript)
    case 'call_id': return line(log.callId)
  }
}

const resultWords: Readonly<Record<CallResult, string>> = {
  answered: 'Answered', missed: 'Missed', voicemail: 'Voicemail', busy: 'Busy', rejected: 'Rejected', no_answer: 'No answer',
  cancelled: 'Cancelled', failed: 'Failed',
}

const legWords: Readonly<Record<CallLeg['kind'], string>> = {
  ring: 'Ringing', queue: 'Queue', agent: 'Agent', transfer: 'Transfer', voicemail: 'Voicemail',
}

function legInWords(leg: CallLeg, moments: Moments): string {
  const who = person(leg)
  const step = who === '' ? legWords[leg.kind] : `${legWords[leg.kind]}: ${who}`
  const seconds = leg.durationSeconds ?? (leg.endedAt === undefined ? undefined : (Date.parse(leg.endedAt) - Date.parse(leg.startedAt)) / 1000)
  return [
    [moments.time(leg.startedAt), step].filter(Boolean).join(' '),
    leg.result && resultWords[leg.result].toLowerCase(),
    seconds === undefined || Number.isNaN(seconds) ? undefined : durationInWords(seconds),
  ].filter(Boolean).join(', ')
}

/** `Anna (ext. 201, +31413741741)`; empty when nothing is known. */
export function person({ name, extension, number }: CallAgent): string {
  const reached = [number, extension && `ext. ${extension}`].filter(Boolean).join(', ')
  return name && reached ? `${name} (${reached})` : name || reached
}

function fieldLines(fields: Readonly<Record<string, FieldValue>>, labels: Readonly<Record<string, string>>): DetailLine[] {
  return Object.entries(fields).flatMap(([name, given]) => {
    const value = line(fieldInWords(given))
    const label = oneLine((Object.hasOwn(labels, name) && labels[name]) || name)
    return value === null || label === '' ? [] : [{ detail: 'fields' as const, label, value }]
  })
}

function fieldInWords(value: FieldValue): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'object' ? value.map(oneLine).filter(each => each !== '').join(', ') : String(value)
}

function line(value: string | null | undefined): DetailValue | null {
  const cleaned = oneLine(value ?? '')
  return cleaned === '' ? null : { kind: 'line', text: cleaned }
}

export function text(value: string | undefined): DetailValue | null {
  const lines = textLines(value ?? '')
  return lines.join('') === '' ? null : { kind: 'text', lines }
}

function list(values: readonly string[]): DetailValue | null {
  const items = values.map(oneLine).filter(each => each !== '')
  return items.length === 0 ? null : { kind: 'list', items }
}

/** Only web addresses: a `javascript:` one would run in the CRM's page. */
export function link(value: string | undefined): DetailValue | null {
  if (value === undefined || !URL.canParse(value)) return null
  const url = new URL(value)
  return /^https?:$/.test(url.protocol) ? { kind: 'link', url: url.href } : null
}

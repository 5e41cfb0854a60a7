import type { BodyFormat, Message, MessageLogInput } from '@linefinder/core'
import { oneLine } from './clean-text.js'
import { link, person, text, type DetailValue } from './detail-lines.js'
import { durationInWords, momentsIn, type MomentOptions, type Moments } from './moments.js'
import { separators, writers } from './write-body.js'

export interface ComposeMessagesOptions extends MomentOptions {
  readonly format: BodyFormat
}

interface Line {
  readonly label: string
  readonly value: DetailValue
}

/**
 * The text body of a day of messages, for a CRM that keeps it only as that: the note, then each message with its time, from whom and to whom,
 * and its attachments as links. `recomposeBody` takes it as it takes a call's.
 */
export function composeMessages({ note, messages }: Pick<MessageLogInput, 'note' | 'messages'>, options: ComposeMessagesOptions): string {
  const moments = momentsIn(options)
  const noted = text(note)
  const lines = [...(noted === null ? [] : [{ label: 'Note', value: noted }]), ...messages.flatMap(each => linesOf(each, moments))]
  return lines.map(writers[options.format]).join(separators[options.format])
}

function linesOf(message: Message, moments: Moments): Line[] {
  const { sentAt, from, to, attachments = [] } = message
  const label = oneLine([moments.dateTime(sentAt), person(from), '→', person(to)].filter(Boolean).join(' '))
  return [
    { label, value: text(saidIn(message)) ?? { kind: 'line', text: attachments.length === 0 ? '(empty)' : '(attached)' } },
    ...attachments.flatMap(({ url, name }): Line[] => {
      const value = link(url)
      return value === null ? [] : [{ label: oneLine(`Attachment ${name ?? ''}`), value }]
    }),
  ]
}

/** A voicemail's text is its transcript, a fax's what was read from it. */
function saidIn({ kind, text: said = '', durationSeconds, pageCount }: Message): string {
  switch (kind) {
    case 'sms': case 'mms': return said
    case 'voicemail': return withFacts('Voicemail', durationSeconds === undefined ? null : durationInWords(durationSeconds), said)
    case 'fax': return withFacts('Fax', pageCount === undefined ? null : pageCount === 1 ? '1 page' : `${String(pageCount)} pages`, said)
  }
}

const withFacts = (kind: string, fact: string | null, said: string): string =>
  `${fact === null ? kind : `${kind} (${fact})`}${said.trim() === '' ? '' : `\n${said}`}`

/** What stands in a note of ours: a headline, as Tryton's list of notes shows it, the text, and in the last line our id in brackets. */
export interface NoteText {
  readonly headline: string
  readonly body: string
  readonly externalId: string
}

export const writeNote = ({ headline, body, externalId }: NoteText): string =>
  [oneLine(headline), ...(body.trim() === '' ? [] : ['', body.trim()]), '', markOf(externalId)].join('\n')

/** Also of a note to which somebody has added lines below our id, by Tryton's API: its clients let nobody change a note. */
export function readNote(message: string): NoteText {
  const lines = message.split(/\r?\n/)
  const marked = lines.findLastIndex(line => mark.test(line))
  const [headline = '', ...rest] = lines.filter((_, index) => index !== marked)
  return { headline, body: rest.join('\n').trim(), externalId: mark.exec(lines[marked] ?? '')?.[1] ?? '' }
}

export const markOf = (externalId: string): string => `[${externalId}]`

const mark = /^\[([^[\]\s]+)\]\s*$/

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

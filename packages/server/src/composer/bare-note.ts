import type { BodyFormat } from '@linefinder/core'

const label = 'Note: '
const indent = '  '

/**
 * Plain text that tells a note and nothing else looks better as the note itself. These two change between how it stands in the CRM and
 * how it was composed; other bodies pass as they are.
 */
export function withoutLabel(body: string, composed: string, format: BodyFormat): string {
  const bare = bareNoteOf(composed, format)
  return bare === null ? body : replaceLines(body, composed, bare) ?? body
}

/** `previous` is what was composed for what stands there. */
export function withLabel(current: string, previous: string | null, format: BodyFormat): string {
  const bare = previous === null ? null : bareNoteOf(previous, format)
  return previous === null || bare === null ? current : replaceLines(current, bare, previous) ?? current
}

function bareNoteOf(composed: string, format: BodyFormat): string | null {
  if (format !== 'plain' || !composed.startsWith(label)) return null
  const [first = '', ...rest] = composed.slice(label.length).split('\n')
  if (!rest.every(line => line === '' || line.startsWith(indent))) return null
  return [first, ...rest.map(line => line.slice(indent.length))].join('\n')
}

/** The first place where these lines stand, whatever ends them there. `null` when there is none. */
function replaceLines(text: string, wanted: string, replacement: string): string | null {
  const [lines, sought] = [text.split(/\r?\n/), wanted.split('\n')]
  const at = lines.findIndex((_line, index) => sought.every((each, offset) => lines[index + offset]?.trimEnd() === each.trimEnd()))
  if (at < 0) return null
  return [...lines.slice(0, at), ...replacement.split('\n'), ...lines.slice(at + sought.length)].join(text.includes('\r\n') ? '\r\n' : '\n')
}

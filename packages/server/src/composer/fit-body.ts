import type { BodyDetail } from '@linefinder/core'
import type { DetailLine } from './detail-lines.js'

/** The texts that may be cut, the first of them first. */
const cutFirst: readonly BodyDetail[] = ['transcript', 'summary', 'note']

/**
 * The lines that fit in `maxLength` UTF-16 units, once written. A text is cut between characters as people see them and ends in an
 * ellipsis; one of which nothing would be left goes. When that is not enough, details go from the end.
 */
export function fitLines(lines: readonly DetailLine[], maxLength: number, write: (line: DetailLine) => string, separator: string): DetailLine[] {
  const lengths = new Map(lines.map(line => [line, write(line).length + separator.length]))
  const lengthOf = (some: readonly DetailLine[]): number => some.reduce((sum, line) => sum + (lengths.get(line) ?? 0), -separator.length)
  let kept = [...lines]
  for (const detail of cutFirst) {
    const index = kept.findIndex(line => line.detail === detail)
    const whole = kept[index]
    if (whole === undefined || lengthOf(kept) <= maxLength) continue
    const others = kept.filter(line => line !== whole)
    const cut = cutLine(whole, maxLength - lengthOf(others) - separator.length, write)
    if (cut !== null) lengths.set(cut, write(cut).length + separator.length)
    kept = cut === null ? others : kept.with(index, cut)
  }
  while (kept.length > 0 && lengthOf(kept) > maxLength) kept = kept.slice(0, -1)
  return kept
}

function cutLine(line: DetailLine, maxLength: number, write: (line: DetailLine) => string): DetailLine | null {
  if (line.value.kind !== 'text') return null
  const text = line.value.lines.join('\n')
  const characters = new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)
  let [fitting, low, high]: [DetailLine | null, number, number] = [null, 1, text.length - 1]
  while (low <= high) {
    const middle = Math.floor((low + high) / 2)
    const start = text.slice(0, characters.containing(middle)?.index).trimEnd()
    const cut: DetailLine = { ...line, value: { kind: 'text', lines: `${start}…`.split('\n') } }
    if (write(cut).length > maxLength) {
      high = middle - 1
    } else {
      fitting = start === '' ? null : cut
      low = middle + 1
    }
  }
  return fitting
}

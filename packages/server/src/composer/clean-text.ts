/**
 * In one line: blanks of any kind become one, control characters go, and so do the bidi embeddings, overrides and isolates, which would
 * reorder what comes after the value. Joiners and directional marks stay: emoji and right-to-left words need them.
 */
export const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').replace(hidden, '').replace(/ {2,}/g, ' ').trim()

const hidden = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu

/** Line by line, without blank lines at either end and never two of them in a row. */
export function textLines(text: string): string[] {
  const lines = text.split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/u).map(oneLine)
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n').trim().split('\n')
}

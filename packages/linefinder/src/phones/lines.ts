import { PhonesError } from './phones-error.js'

export interface TextLine {
  /** With its line end, as it stands in the file. */
  readonly bytes: Buffer
  /** Of the file, from 1. */
  readonly number: number
}

const maxLineBytes = 16 * 1024 * 1024

/** The lines of each chunk that end in it, together the whole file. Throws `PhonesError` for a line of over 16 MiB. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextLine[]> {
  let [rest, size, number] = [[] as Buffer[], 0, 0]
  for await (const chunk of chunks) {
    const lines: TextLine[] = []
    let start = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      lines.push({ bytes: Buffer.concat([...rest, chunk.subarray(start, end + 1)]), number: number += 1 })
      rest = []
      size = 0
      start = end + 1
    }
    rest.push(chunk.subarray(start))
    size += chunk.length - start
    if (size > maxLineBytes) throw new PhonesError(`Line ${String(number + 1)} has more than 16 MiB. Is this a file of one JSON value a line?`)
    yield lines
  }
  if (size > 0) yield [{ bytes: Buffer.concat(rest), number: number + 1 }]
}

import { extname } from 'node:path'
import { PhonesError } from './phones-error.js'

export const fileFormats = ['csv', 'ndjson'] as const
export type FileFormat = (typeof fileFormats)[number]

const byteOrderMark = Buffer.from([0xEF, 0xBB, 0xBF])
const utf16Marks = [Buffer.from([0xFF, 0xFE]), Buffer.from([0xFE, 0xFF])]

/** The start of a file, parted from its byte order mark. */
export interface Start {
  readonly mark: Buffer
  readonly chunks: AsyncIterable<Buffer>
  readonly format: FileFormat
}

/**
 * Looks at how a file begins. The format is the one asked for, else its name's, else JSON for a file that begins with a brace and
 * CSV for any other. Throws `PhonesError` for UTF-16 and for a JSON array.
 */
export async function readStart(chunks: AsyncIterable<Buffer>, path: string | undefined, asked: FileFormat | undefined): Promise<Start> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 4) {
    const { done, value } = await iterator.next()
    if (done) break
    head = Buffer.concat([head, value])
  }
  if (utf16Marks.some(utf16 => head.subarray(0, 2).equals(utf16))) throw new PhonesError('The file is UTF-16. Save it as UTF-8.')
  const mark = head.subarray(0, 3).equals(byteOrderMark) ? byteOrderMark : Buffer.alloc(0)
  const body = head.subarray(mark.length)
  const [first] = body.toString('latin1').trimStart()
  const format = asked ?? formatOfName(path) ?? (first === '{' || first === '[' ? 'ndjson' : 'csv')
  if (format === 'ndjson' && first === '[') throw new PhonesError(`The file is a JSON array. Send one object a line, as jq -c '.[]' makes of it.`)
  return { mark, format, chunks: rest(body, iterator) }
}

async function* rest(head: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  yield* { [Symbol.asyncIterator]: () => iterator }
}

const formatOfName = (path: string | undefined): FileFormat | undefined => formatsByName[extname(path ?? '').toLowerCase()]

const formatsByName: Readonly<Record<string, FileFormat>> = { '.csv': 'csv', '.tsv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson', '.json': 'ndjson' }

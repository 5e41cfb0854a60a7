import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { PhonesError } from './phones-error.js'

/** All text is one character a byte (latin1), so that a record can be written back byte by byte. */
export interface CsvRecord {
  /** As it stands in the file, with its line end. */
  readonly text: string
  readonly cells: readonly string[]
  /** Of the file, from 1; where it begins. */
  readonly line: number
}

const recordsPerBatch = 500
/** A quote that is never closed would otherwise make one record of the rest of the file. */
const maxRecordBytes = 1024 * 1024

/** Records in batches, together the whole file (RFC 4180; any mix of line ends). Throws `PhonesError` that names the line. */
export async function* readRecords(chunks: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<CsvRecord[]> {
  const written = new Written()
  // Where each record ends that nobody has taken yet.
  const ends: number[] = []
  const parser = parse({
    delimiter, encoding: 'latin1', relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'], max_record_size: maxRecordBytes,
    on_record: (cells, { bytes }) => {
      ends.push(bytes)
      return cells
    },
  })
  const source = Readable.from(written.copyOf(chunks), { objectMode: false })
  source.on('error', error => parser.destroy(error)).pipe(parser)
  let [batch, line] = [[] as CsvRecord[], 1]
  try {
    // Without `columns` a record is its fields.
    for await (const cells of parser as AsyncIterable<string[]>) {
      const text = written.upTo(ends.shift() ?? 0)
      batch.push({ text, cells, line })
      line += lineEnds(text)
      if (batch.length === recordsPerBatch) {
        yield batch
        batch = []
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // The parser drops good records that nobody has taken yet.
    line += lineEnds(written.upTo(ends.at(-1) ?? 0))
    throw new PhonesError(`${csvFailures[error.code] ?? 'The file is no good CSV'} in the record that begins at line ${String(line)}.`, { cause: error })
  } finally {
    source.destroy()
  }
  if (batch.length > 0) yield batch
}

const lineEnds = (text: string): number => text.match(/\r\n?|\n/g)?.length ?? 0

const csvFailures: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'A quote is closed in the middle of a field',
  INVALID_OPENING_QUOTE: 'A quote begins in the middle of a field',
  CSV_MAX_RECORD_SIZE: 'There is more than 1 MiB',
}

/** What was given to the parser and is not used yet. */
class Written {
  #text = ''
  #from = 0
  #used = 0

  async* copyOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#text = this.#text.slice(this.#used - this.#from) + chunk.toString('latin1')
      this.#from = this.#used
      yield chunk
    }
  }

  /** Everything before this place of the file that was not taken before. */
  upTo(place: number): string {
    const text = this.#text.slice(this.#used - this.#from, place - this.#from)
    this.#used = place
    return text
  }
}

/** Where each field stands in the record's text, its quotes included. */
export function spansOf({ text, cells }: CsvRecord): { start: number; end: number; isQuoted: boolean }[] {
  let start = 0
  return cells.map(cell => {
    const isQuoted = text[start] === '"'
    const end = start + cell.length + (isQuoted ? 2 + cell.split('"').length - 1 : 0)
    const span = { start, end, isQuoted }
    start = end + 1
    return span
  })
}

import { isUtf8 } from 'node:buffer'
import { cleanNumber, type CleanOptions } from './clean-number.js'
import { readRecords, spansOf, type CsvRecord } from './csv-records.js'
import { PhonesError } from './phones-error.js'
import type { Tally } from './tally.js'

export interface CsvOptions extends CleanOptions {
  readonly delimiter: string
  /** Names in the header row. */
  readonly columns: readonly string[]
  /** Added as the last one where there is none of that name. */
  readonly extensionColumn: string | undefined
}

/**
 * The file with its numbers cleaned; every other byte stays, quotes, line ends and unknown characters too. A row whose number of
 * fields is not the header's is left: which of its fields is the number is anybody's guess.
 */
export async function* cleanCsv(chunks: AsyncIterable<Buffer>, options: CsvOptions, tally: Tally): AsyncGenerator<Buffer> {
  let columns: Columns | undefined
  for await (const records of readRecords(chunks, options.delimiter)) {
    let out = ''
    for (const record of records) {
      if (columns) out += cleanRow(record, columns, options, tally)
      else {
        columns = findColumns(record, options)
        out += columns.addsExtension ? withField(record, options.extensionColumn ?? '', options) : record.text
      }
    }
    yield Buffer.from(out, 'latin1')
  }
  if (!columns) throw new PhonesError('The file is empty: its first row must name the columns.')
}

interface Columns {
  readonly count: number
  readonly numbers: readonly { readonly index: number; readonly name: string }[]
  readonly extension: number
  readonly addsExtension: boolean
}

function findColumns({ cells }: CsvRecord, { columns, extensionColumn, delimiter }: CsvOptions): Columns {
  const names = cells.map(decode)
  const indexOf = (name: string): number => {
    const index = names.indexOf(name)
    if (index !== names.lastIndexOf(name)) throw new PhonesError(`The column "${name}" is there twice, so it is not clear which is meant.`)
    return index
  }
  const numbers = columns.map(name => ({ name, index: indexOf(name) }))
  const missing = numbers.find(({ index }) => index === -1)
  if (missing) throw new PhonesError(`There is no column "${missing.name}". The columns are: ${names.join(', ')}.${otherDelimiter(names, delimiter)}`)
  const extension = extensionColumn === undefined ? -1 : indexOf(extensionColumn)
  const addsExtension = extensionColumn !== undefined && extension === -1
  return { count: names.length, numbers, extension: addsExtension ? names.length : extension, addsExtension }
}

/** The likely reason why a column is not found. */
function otherDelimiter(names: readonly string[], delimiter: string): string {
  const found = [';', '\t', ',', '|'].find(each => each !== delimiter && names.length === 1 && names[0]?.includes(each))
  return found === undefined ? '' : ` If they are parted by something else: --delimiter ${found === '\t' ? 'tab' : `"${found}"`}`
}

function cleanRow(record: CsvRecord, columns: Columns, options: CsvOptions, tally: Tally): string {
  const { cells, line } = record
  tally.rows += 1
  if (cells.length !== columns.count) {
    const isBlank = cells.length === 1 && cells[0] === ''
    if (!isBlank) tally.leave({ line, column: '', value: '', reason: 'wrong_field_count' })
    return record.text
  }
  const changed = new Map<number, string>()
  for (const { index, name } of columns.numbers) {
    const value = decode(cells[index] ?? '')
    const taken = cells[columns.extension] ?? ''
    const result = cleanNumber(value, options)
    if (result.state === 'left') tally.leave({ line, column: name, value, reason: result.reason })
    else if (result.state !== 'cleaned') tally.count(result.state)
    else if (result.extension !== null && taken !== '' && taken !== result.extension) tally.leave({ line, column: name, value, reason: 'extension_taken' })
    else {
      tally.count('cleaned')
      changed.set(index, result.text)
      if (result.extension !== null && taken === '') changed.set(columns.extension, result.extension)
    }
  }
  const text = changed.size === 0 ? record.text : withCells(record, changed, options)
  return columns.addsExtension ? withField({ ...record, text }, changed.get(columns.count) ?? '', options) : text
}

function withCells(record: CsvRecord, changed: ReadonlyMap<number, string>, options: CsvOptions): string {
  let [out, copied] = ['', 0]
  for (const [index, { start, end, isQuoted }] of spansOf(record).entries()) {
    const text = changed.get(index)
    if (text === undefined) continue
    out += record.text.slice(copied, start) + field(text, isQuoted, options)
    copied = end
  }
  return out + record.text.slice(copied)
}

/** With one more field at its end, before the line end. */
const withField = ({ text }: CsvRecord, value: string, options: CsvOptions): string =>
  text.replace(/(?:\r\n|\n|\r)?$/, lineEnd => `${options.delimiter}${field(encode(value), false, options)}${lineEnd}`)

const field = (text: string, isQuoted: boolean, { delimiter }: CsvOptions): string =>
  isQuoted || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** Text is kept byte by byte, so that nothing is lost in whatever encoding; only what is looked at is decoded, as UTF-8 if it is. */
function decode(bytes: string): string {
  if (!/[\x80-\xFF]/.test(bytes)) return bytes
  const buffer = Buffer.from(bytes, 'latin1')
  return isUtf8(buffer) ? buffer.toString('utf8') : bytes
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

import { isUtf8 } from 'node:buffer'
import { cleanNumber, type CleanOptions } from './clean-number.js'
import { membersOf, type Span } from './json-members.js'
import { readLines, type TextLine } from './lines.js'
import { PhonesError } from './phones-error.js'
import type { Tally } from './tally.js'

export interface JsonLinesOptions extends CleanOptions {
  /** Names of members at the top of each object. One that is missing or null holds no number. */
  readonly columns: readonly string[]
  /** Added behind the number where there is none of that name. */
  readonly extensionColumn: string | undefined
}

/** The file with its numbers cleaned; every other byte stays, and so do lines that are no JSON object. */
export async function* cleanJsonLines(chunks: AsyncIterable<Buffer>, options: JsonLinesOptions, tally: Tally): AsyncGenerator<Buffer> {
  const unseen = new Set(options.columns)
  let names: string[] | undefined
  for await (const lines of readLines(chunks)) {
    yield Buffer.concat(lines.map(line => {
      const object = readObject(line, tally)
      if (!object) return line.bytes
      names ??= [...object.members.keys()]
      for (const name of unseen) if (object.members.has(name)) unseen.delete(name)
      const text = cleanObject(object, options, tally)
      return text === object.text ? line.bytes : Buffer.from(text, 'utf8')
    }))
  }
  const [missing] = unseen
  if (missing !== undefined && names) throw new PhonesError(`No line has a member "${missing}". The first one has: ${names.join(', ')}.`)
}

interface JsonObject {
  readonly line: number
  readonly text: string
  readonly values: Readonly<Record<string, unknown>>
  readonly members: ReadonlyMap<string, Span>
}

function readObject({ bytes, number: line }: TextLine, tally: Tally): JsonObject | undefined {
  const text = bytes.toString('utf8')
  if (text.trim() === '') return undefined
  tally.rows += 1
  const values = isUtf8(bytes) ? parseJson(text) : undefined
  if (isObject(values)) return { line, text, values, members: membersOf(text) }
  tally.leave({ line, column: '', value: '', reason: values === undefined ? 'invalid_json' : 'not_an_object' })
  return undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

interface Change extends Span {
  readonly text: string
}

function cleanObject({ line, text, values, members }: JsonObject, options: JsonLinesOptions, tally: Tally): string {
  const changes: Change[] = []
  for (const column of options.columns) {
    const place = members.get(column)
    const value = place === undefined ? '' : numberText(values[column], text.slice(place.start, place.end))
    if (place === undefined || value === '') {
      tally.count('empty')
      continue
    }
    if (value === undefined) {
      tally.leave({ line, column, value: text.slice(place.start, place.end), reason: 'not_text' })
      continue
    }
    const result = cleanNumber(value, options)
    const isAmount = typeof values[column] === 'number'
    if (result.state === 'left') tally.leave({ line, column, value, reason: result.reason })
    else if (result.state !== 'cleaned') tally.count(result.state)
    else {
      const extension = extensionChange(result.extension, place, { values, members }, options)
      if (extension === 'taken') tally.leave({ line, column, value, reason: 'extension_taken' })
      else {
        tally.count('cleaned')
        changes.push({ ...place, text: isAmount && options.output === 'digits' ? result.text : JSON.stringify(result.text) }, ...extension)
      }
    }
  }
  return withChanges(text, changes)
}

/** What to read as a number; `undefined` for a value that cannot hold one. A whole number is taken as it is written, digit by digit. */
function numberText(value: unknown, written: string): string | undefined {
  if (value === null) return ''
  if (typeof value === 'string') return value
  return typeof value === 'number' && /^\d+$/.test(written) ? written : undefined
}

function extensionChange(
  extension: string | null, place: Span, { values, members }: Pick<JsonObject, 'values' | 'members'>, { extensionColumn }: JsonLinesOptions,
): Change[] | 'taken' {
  if (extension === null || extensionColumn === undefined) return []
  const text = JSON.stringify(extension)
  const there = members.get(extensionColumn)
  if (!there) return [{ start: place.end, end: place.end, text: `,${JSON.stringify(extensionColumn)}:${text}` }]
  const value = values[extensionColumn]
  if (value === extension) return []
  return value === null || value === '' ? [{ ...there, text }] : 'taken'
}

function withChanges(text: string, changes: readonly Change[]): string {
  let [out, copied] = ['', 0]
  for (const change of [...changes].sort((a, b) => a.start - b.start)) {
    out += text.slice(copied, change.start) + change.text
    copied = change.end
  }
  return out + text.slice(copied)
}

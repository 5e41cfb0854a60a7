import { isUtf8 } from 'node:buffer'
import { numberLine, type lineFailures, type NormalizedNumber, type phoneOutputs } from '@linefinder/core/api'
import { formatPhone, parsePhone, parsePhones, type ParsedPhone, type PhoneOptions, type ReadPhone } from '@linefinder/core/phone'
import { withCountry } from '../crm/phone-options.js'
import { readLines, type Line } from './read-lines.js'

type Output = (typeof phoneOutputs)[number]

export interface NormalizeOptions {
  /** By what numbers are read that name no country. A line's own country comes first. */
  readonly phone: PhoneOptions
  readonly output: Output
}

const maxLineBytes = 64 * 1024
/** A millisecond's work or two: whoever waits for a lookup meanwhile does not notice. */
const linesPerBatch = 100

/** Answers to a body of JSON values, one a line, in order and as they come. Throws only what reading `body` throws. */
export async function* normalizeLines(body: AsyncIterable<Buffer>, options: NormalizeOptions): AsyncGenerator<NormalizedNumber[]> {
  for await (const lines of readLines(body, { maxBytes: maxLineBytes, perBatch: linesPerBatch })) {
    yield lines.flatMap(line => normalizeLine(line, options) ?? [])
  }
}

/** `null` for an empty line. */
function normalizeLine({ number: line, bytes }: Line, { phone, output }: NormalizeOptions): NormalizedNumber | null {
  if (bytes === null) return failed(line, 'line_too_long')
  // `trim` takes the byte order mark away as well.
  const text = bytes.toString('utf8').trim()
  if (text === '') return null
  const json = isUtf8(bytes) ? parseJson(text) : undefined
  if (json === undefined) return failed(line, 'invalid_json')
  const asked = numberLine.safeParse(json)
  if (!asked.success) return failed(line, 'invalid_fields')
  const { number, country, id = undefined } = typeof asked.data === 'string' ? { number: asked.data, country: undefined } : asked.data
  const input = String(number ?? '')
  return {
    line,
    ...(id === undefined ? {} : { id }),
    ...(number === null ? {} : { input }),
    ...normalize(input, withCountry(phone, country), output),
  }
}

const failed = (line: number, reason: (typeof lineFailures)[number]): NormalizedNumber => ({ line, number: null, reason })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Normalized = Omit<NormalizedNumber, 'line' | 'id' | 'input'>

function normalize(text: string, options: PhoneOptions, output: Output): Normalized {
  const parsed = parsePhone(text, options)
  if (!parsed.ok) {
    return {
      number: null,
      reason: parsed.reason,
      ...(parsed.extension === undefined ? {} : { extension: parsed.extension }),
      ...(parsed.reason === 'several_numbers' ? { numbers: parsePhones(text, options).filter(isUsable).map(each => formatPhone(each, output)) } : {}),
    }
  }
  return {
    ...(isUsable(parsed) ? { number: formatPhone(parsed, output) } : { number: null, reason: 'wrong_length' }),
    ...(parsed.extension === null ? {} : { extension: parsed.extension }),
    ...(parsed.country === undefined ? {} : { country: parsed.country }),
    isValid: parsed.isValid,
    ...(parsed.assumed.length === 0 ? {} : { assumed: [...parsed.assumed] }),
  }
}

const isUsable = (parsed: ParsedPhone): parsed is ReadPhone => parsed.ok && parsed.isPossible

import type { Answer, Captured } from '@linefinder/declarative'
import type { Answered, Sent } from './exchanges.js'
import type { Secrets } from './secrets.js'

/** A longer text is shown in part. */
const shownLength = 4000

export const requestLines = ({ method, url, headers, body }: Sent, secrets: Secrets): string[] => [
  `${method} ${secrets.without(url)}`,
  ...Object.entries(secrets.headers(headers)).map(([name, value]) => `  ${name}: ${value}`),
  ...bodyLines(body, secrets),
]

export const answerLines = ({ status, headers, body }: Answered, secrets: Secrets): string[] => [
  `answered ${String(status)}${headers['content-type'] === undefined ? '' : `, ${headers['content-type']}`}`,
  ...bodyLines(body, secrets),
]

/** What the document makes of an answer: fields, and each record. */
export function mappedLines({ fields, records }: Answer): string[] {
  const found = fields.isEmpty ? [] : ['mapped', ...capturedLines(fields)]
  if (records === null) return found.length === 0 ? ['mapped nothing'] : found
  if (records.length === 0) return [...found, 'mapped no records']
  return [...found, ...records.flatMap((record, index) => [`record ${String(index + 1)}`, ...capturedLines(record)])]
}

function capturedLines(captured: Captured): string[] {
  return Object.keys(captured.toObject()).map(name => `  ${name}: ${captured.all(name).map(value => JSON.stringify(value)).join(', ')}`)
}

function bodyLines(body: string | null, secrets: Secrets): string[] {
  if (body === null || body === '') return []
  const text = secrets.without(pretty(body))
  const shown = text.length > shownLength ? `${text.slice(0, shownLength)}\n… ${String(text.length - shownLength)} characters more` : text
  return ['', ...shown.split('\n').map(line => `  ${line}`)]
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

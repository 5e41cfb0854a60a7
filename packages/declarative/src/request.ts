import { Readable } from 'node:stream'
import { CrmError } from '@linefinder/core'
import { Address, type FilledAddress } from './address.js'
import { asQuery, fieldsOf, fillBody, type BodyRules, type Filled } from './body.js'
import type { Method, ValueTemplate } from './description.js'
import { multipartOf, typeOfFile, wholeFile, type FilePart, type Part } from './multipart.js'
import { fillText } from './text.js'
import type { Values } from './values.js'

/** What goes to the CRM, but for the credentials. */
export interface BuiltRequest {
  readonly verb: Method['verb']
  readonly address: FilledAddress
  readonly headers: Readonly<Record<string, string>>
  readonly data: string | Readable | undefined
}

export interface RequestRules extends BodyRules {
  /** A further field, in the query of a GET and in the body of another: the page that is asked for. */
  readonly page?: readonly [name: string, value: string | number]
  /** For `$file$`. Without it `file` is a parameter like others: Base64. */
  readonly file?: FilePart
}

/** How a method's requests are built, found once. */
export class RequestPlan {
  readonly #address: Address

  constructor(readonly method: Method) {
    this.#address = new Address(method.url)
  }

  /** Throws `CrmError` when a value is missing that the address or a header needs. Nothing is sent then. */
  build(values: Values, rules: RequestRules = {}): BuiltRequest {
    const { method } = this
    const address = this.#address.fill(values)
    const inQuery = method.query === null ? [] : fieldsOf(fillBody(method.query, values, rules))
    const page = rules.page && method.verb === 'GET' ? [[rules.page[0], String(rules.page[1])] as const] : []
    const query = asQuery([...inQuery, ...page])
    const { data, headers } = this.#body(values, rules)
    return {
      verb: method.verb,
      address: query === '' ? address : { ...address, path: `${address.path}${address.path.includes('?') ? '&' : '?'}${query}` },
      headers: { ...headers, ...this.#headers(values) },
      data,
    }
  }

  #headers(values: Values): Record<string, string> {
    return Object.fromEntries(this.method.headers.flatMap(([name, template]) => {
      const value = fillText(template, values)
      if (value === null) return []
      if (/[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/.test(value)) throw new CrmError('rejected', { detail: `The header ${name} cannot hold the value.` })
      return [[name, value]]
    }))
  }

  #body(values: Values, rules: RequestRules): { data: string | Readable | undefined; headers: Record<string, string> } {
    const { body, contentType } = this.method
    if (body === null) return { data: undefined, headers: {} }
    switch (contentType) {
      case 'file': {
        const file = fileOf(values, rules)
        return { data: Readable.from(wholeFile(file), { objectMode: false }), headers: headersOf(file.contentType, file.sizeBytes) }
      }
      case 'multipart': {
        const { stream, contentType: type, lengthBytes } = multipartOf(partsOf(body, values, rules))
        return { data: stream, headers: headersOf(type, lengthBytes) }
      }
      case 'form': {
        const filled = withPage(fillBody(body, values, rules), rules)
        return { data: asForm(filled), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
      }
      case 'json': {
        const filled = withPage(fillBody(body, values, rules), rules)
        return filled === undefined ? { data: undefined, headers: {} } : { data: JSON.stringify(filled), headers: { 'Content-Type': 'application/json' } }
      }
    }
  }
}

const withPage = (filled: Filled | undefined, { page }: RequestRules): Filled | undefined =>
  page && (filled === undefined || (typeof filled === 'object' && filled !== null && !Array.isArray(filled))) ? { ...filled, [page[0]]: page[1] } : filled

const headersOf = (type: string, lengthBytes: number | null): Record<string, string> =>
  ({ 'Content-Type': type, ...(lengthBytes === null ? {} : { 'Content-Length': String(lengthBytes) }) })

const asForm = (filled: Filled | undefined): string => new URLSearchParams(fieldsOf(filled).map(([name, value]): [string, string] => [name, value])).toString()

/** The members of the body in order; the one that is `$file$` is the file. */
function partsOf(body: ValueTemplate, values: Values, rules: RequestRules): Part[] {
  const members = body.kind === 'object' ? body.members : []
  return members.flatMap(([name, template]): Part[] => {
    if (template.kind === 'value' && template.name === 'file') return [{ name, file: fileOf(values, rules) }]
    return fieldsOf({ [name]: fillBody(template, values, rules) ?? [] }).map(([field, value]) => ({ name: field, value }))
  })
}

function fileOf(values: Values, { file }: RequestRules): FilePart {
  if (file) return file
  const [text, name] = [values.valueOf('file'), values.valueOf('filename')]
  if (typeof text !== 'string') throw new CrmError('rejected', { detail: 'There is no value for file.' })
  const content = Buffer.from(text, 'base64')
  const fileName = typeof name === 'string' ? name : 'recording'
  return { content, fileName, contentType: typeOfFile(fileName), sizeBytes: content.length }
}

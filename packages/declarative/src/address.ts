import { CrmError } from '@linefinder/core'
import type { Template } from './description.js'
import { encodeLiteral, encodeValue } from './encode.js'
import { checkQuoted } from './quoted.js'
import type { Scalar } from './scalar.js'
import { guarded, quotesOf } from './text.js'
import type { Values } from './values.js'

export interface FilledAddress {
  /** Such as `https://crm.example.com:8443`. */
  readonly origin: string
  readonly host: string
  /** From the first slash, query included. */
  readonly path: string
}

/** A URL with placeholders, taken apart once: in front of the first slash other rules hold. */
export class Address {
  readonly #head: Template
  readonly #rest: Template
  readonly #isAlone: readonly boolean[]
  /** The last one; it changes with the installation only. */
  #base: { readonly text: string; readonly url: URL } | undefined

  constructor(template: Template) {
    const [head, rest] = split(template)
    this.#head = head
    this.#rest = rest
    this.#isAlone = rest.map((_, index) => standsAlone(rest, index))
  }

  /** Throws `CrmError` when a value is missing, or is none that may stand where it does; then nothing may be sent. */
  fill(values: Values): FilledAddress {
    const base = this.#filledHead(values)
    const quotes = quotesOf(this.#rest)
    const rest = this.#rest.map((part, index) => {
      if (typeof part === 'string') return encodeLiteral(part)
      const value = guarded(values.valueOf(part.name), quotes[index] ?? null, part.name, values)
      const isInText = quotes[index] === null && this.#isAlone[index] === false && !values.allowsQuotes
      return encodeValue(required(isInText && value !== null && isPhone(part.name) ? checkQuoted(value, '\'', part.name) : value, part.name))
    }).join('')
    const path = `${base.pathname.replace(/\/+$/, '')}${rest}`.replace(/^\/*(?=\?|$)|^\/+/, '/')
    checkSegments(path)
    return { origin: base.origin, host: base.host, path }
  }

  #filledHead(values: Values): URL {
    const [first] = this.#head
    const text = this.#head.map((part, index) => {
      if (typeof part === 'string') return part
      const value = required(values.valueOf(part.name), part.name)
      if (index > 0 && !/^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.test(value)) throw refused(`${part.name} is no part of a host name.`)
      return value
    }).join('')
    if (this.#base?.text === text) return this.#base.url
    const base = URL.canParse(text) ? new URL(text) : null
    if (!base || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '' || /[?#\s]/.test(text)) {
      throw refused(`${typeof first === 'object' ? first.name : 'The address'} is no address such as https://crm.example.com.`)
    }
    this.#base = { text, url: base }
    return base
  }
}

const refused = (detail: string): CrmError => new CrmError('address_refused', { detail })

const isPhone = (name: string): boolean => name === 'phone' || name === 'mobile' || name.endsWith('_number')

/** An empty value would lead to another record, or to all of them. */
function required(value: Scalar | null, name: string): string {
  if (value === null || value === '') throw new CrmError('rejected', { detail: `There is no value for ${name}, which the address needs.` })
  return String(value)
}

/** `.` and `..`, encoded too, would lead out of where the document wants to go. */
function checkSegments(path: string): void {
  const [beforeQuery = ''] = path.split(/[?#]/, 1)
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(beforeQuery)) throw new CrmError('rejected', { detail: 'A value must not be . or .. in an address.' })
}

/** Behind the scheme, everything up to the first slash, question mark or hash. */
function split(template: Template): [head: Template, rest: Template] {
  for (const [index, part] of template.entries()) {
    if (typeof part !== 'string') continue
    const from = index === 0 ? Math.max(0, part.indexOf('://') + 3) : 0
    const end = part.slice(from).search(/[/?#]/)
    if (end === -1) continue
    const at = from + end
    return [nonEmpty([...template.slice(0, index), part.slice(0, at)]), nonEmpty([part.slice(at), ...template.slice(index + 1)])]
  }
  return [template, []]
}

const nonEmpty = (template: Template): Template => template.filter(part => part !== '')

/** It is a whole segment of the path, or the whole value of a parameter in the query. */
function standsAlone(template: Template, index: number): boolean {
  const before = template[index - 1] ?? '/'
  const after = template[index + 1] ?? '&'
  return typeof before === 'string' && typeof after === 'string' && /[/=]$/.test(before) && /^[/&?#]/.test(after)
}

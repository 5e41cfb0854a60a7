import { CrmError } from '@linefinder/core'
import type { ResponseTemplate } from './description.js'
import { matchPattern } from './pattern.js'
import { toCaptured, type Scalar } from './scalar.js'
import type { Names } from './values.js'

/** What an answer gave for each name. */
export class Captured {
  readonly #lists = new Map<string, Scalar[]>()

  /** The first value that there was. */
  get(name: string): Scalar | undefined {
    return this.#lists.get(name)?.[0]
  }

  /** As text, and without what is only blank. */
  text(name: string): string | undefined {
    const value = this.get(name)
    if (value === undefined) return undefined
    const text = String(value)
    return text.trim() === '' ? undefined : text
  }

  /** All of them, in the order of the answer. */
  all(name: string): readonly Scalar[] {
    return this.#lists.get(name) ?? []
  }

  get isEmpty(): boolean {
    return this.#lists.size === 0
  }

  add(name: string, value: Scalar): void {
    const list = this.#lists.get(name)
    if (!list) this.#lists.set(name, [value])
    else if (list.length < maxRepeats) list.push(value)
  }

  /** The first value of each name. */
  toObject(): Record<string, Scalar> {
    return Object.fromEntries([...this.#lists].flatMap(([name, [value]]) => value === undefined ? [] : [[name, value]]))
  }
}

/** An answer, as the document understands it. */
export interface Answer {
  readonly fields: Captured
  /** `null`: the document's answer has no list. */
  readonly records: readonly Captured[] | null
}

/** More values of one name in one record are not kept. */
const maxRepeats = 1000
/** A longer list is refused: it would fill the memory of a server that many work with. */
export const maxRecords = 10_000

/** How a method's answers are read, found once. */
export class ResponsePlan {
  readonly #listPath: readonly string[] | null
  readonly #listItem: ResponseTemplate | undefined
  readonly #captured: ReadonlySet<string>

  constructor(private readonly template: ResponseTemplate, private readonly names: Names) {
    const list = findList(template, [])
    this.#listPath = list?.path ?? null
    this.#listItem = list?.item
    this.#captured = new Set(namesIn(template))
  }

  get hasList(): boolean {
    return this.#listPath !== null
  }

  /** Whether answers can give a value for the name. */
  captures(name: string): boolean {
    return this.#captured.has(name)
  }

  /** Throws `CrmError('bad_response')` for an answer that is not built as the document says. An empty answer, and `null` for a list, have nothing. */
  read(data: unknown): Answer {
    const fields = new Captured()
    const isNothing = data === undefined || data === null || data === ''
    if (isNothing) return { fields, records: this.hasList ? [] : null }
    if (typeof data !== 'object') throw new CrmError('bad_response', { detail: 'The CRM’s answer is neither an object nor a list.' })
    this.#match(this.template, data, fields, true)
    return { fields, records: this.#records(data) }
  }

  #records(data: unknown): Captured[] | null {
    const item = this.#listItem
    if (this.#listPath === null || item === undefined) return null
    const list = this.#listPath.reduce<unknown>(memberOf, data)
    if (list === null) return []
    if (!Array.isArray(list)) throw new CrmError('bad_response', { detail: `The CRM’s answer has no list at /${this.#listPath.join('/')}.` })
    if (list.length > maxRecords) throw new CrmError('bad_response', { detail: `The CRM’s answer has more than ${String(maxRecords)} records.` })
    return list.flatMap(element => {
      const captured = new Captured()
      if (!holds(item, element)) return []
      this.#match(item, element, captured, false)
      return [captured]
    })
  }

  /** `isOutside`: of the record list, which is read apart. */
  #match(template: ResponseTemplate, value: unknown, sink: Captured, isOutside: boolean): void {
    switch (template.kind) {
      case 'constant': return
      case 'capture':
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') this.#capture(template.template, value, sink)
        return
      case 'object':
        for (const [key, member] of template.members) this.#match(member, memberOf(value, key), sink, isOutside)
        return
      case 'array':
        if (isOutside && template.items.length === 1 && template.items[0] === this.#listItem) return
        if (!Array.isArray(value)) return
        for (const item of template.items) {
          for (const element of value.slice(0, maxRecords) as readonly unknown[]) if (holds(item, element)) this.#match(item, element, sink, isOutside)
        }
    }
  }

  #capture(template: Extract<ResponseTemplate, { kind: 'capture' }>['template'], value: Scalar, sink: Captured): void {
    const [only] = template
    if (template.length === 1 && typeof only === 'object') {
      sink.add(only.name, toCaptured(value, this.names.typeOf(only.name)))
      return
    }
    for (const [name, text] of matchPattern(template, String(value)) ?? []) sink.add(name, toCaptured(text, this.names.typeOf(name)))
  }
}

function namesIn(template: ResponseTemplate): string[] {
  switch (template.kind) {
    case 'constant': return []
    case 'capture': return template.template.flatMap(part => typeof part === 'string' ? [] : [part.name])
    case 'array': return template.items.flatMap(namesIn)
    case 'object': return template.members.flatMap(([, member]) => namesIn(member))
  }
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined
  // True because it is an object that has the member itself.
  return (value as Record<string, unknown>)[key]
}

/** The first array, from above, whose template is one object. */
function findList(template: ResponseTemplate, path: readonly string[]): { path: readonly string[]; item: ResponseTemplate } | null {
  if (template.kind === 'array') {
    const [item] = template.items
    return template.items.length === 1 && item?.kind === 'object' ? { path, item } : null
  }
  if (template.kind !== 'object') return null
  for (const [key, member] of template.members) {
    const list = findList(member, [...path, key])
    if (list) return list
  }
  return null
}

/** Whether the constants in an item of a list are as in the document. Lists in it are looked at by themselves. */
function holds(template: ResponseTemplate, value: unknown): boolean {
  if (template.kind === 'constant') return template.value === null ? value === null || value === undefined : isSame(template.value, value)
  return template.kind === 'object' ? template.members.every(([key, member]) => holds(member, memberOf(value, key))) : true
}

const isSame = (wanted: Scalar, value: unknown): boolean =>
  (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && String(wanted) === String(value)

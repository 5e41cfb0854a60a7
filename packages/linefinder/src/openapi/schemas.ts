/** A JSON Schema as it stands in a document. Nothing of it is known before it is looked at. */
export type JsonSchema = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Looks into schemas: follows references inside the document, and takes what is put together of several as one. */
export class Schemas {
  constructor(private readonly document: unknown) {}

  /** What a reference leads to; anything else as it is. `undefined` when it leads nowhere, to another file, or in a circle. */
  resolve(value: unknown, seen: ReadonlySet<string> = new Set()): unknown {
    if (!isObject(value) || typeof value['$ref'] !== 'string') return value
    const reference = value['$ref']
    if (!reference.startsWith('#/') || seen.has(reference)) return undefined
    let found: unknown = this.document
    for (const part of reference.slice(2).split('/')) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
      found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
    }
    return this.resolve(found, new Set([...seen, reference]))
  }

  properties(schema: unknown, depth = 0): ReadonlyMap<string, JsonSchema> {
    const found = new Map<string, JsonSchema>()
    for (const part of this.#parts(schema, depth)) {
      const properties = part['properties']
      if (!isObject(properties)) continue
      for (const [name, value] of Object.entries(properties)) {
        const resolved = this.resolve(value)
        found.set(name, isObject(resolved) ? resolved : {})
      }
    }
    return found
  }

  required(schema: unknown): string[] {
    return this.#parts(schema, 0).flatMap(part => Array.isArray(part['required']) ? part['required'].map(String) : [])
  }

  /** The kind of value, without `null`. */
  typeOf(schema: unknown): string {
    for (const part of this.#parts(schema, 0)) {
      const type = Array.isArray(part['type']) ? part['type'].find(each => each !== 'null') : part['type']
      if (typeof type === 'string') return type
      if (isObject(part['properties'])) return 'object'
    }
    return ''
  }

  /** What an array holds; `null` for what is none. */
  items(schema: unknown): JsonSchema | null {
    for (const part of this.#parts(schema, 0)) {
      const items = this.resolve(part['items'])
      if (isObject(items)) return items
    }
    return null
  }

  /** The texts that are allowed; empty when any is. */
  choices(schema: unknown): string[] {
    return this.#parts(schema, 0).flatMap(part => Array.isArray(part['enum']) ? part['enum'].filter(each => typeof each === 'string') : [])
  }

  /** The schema itself, everything of `allOf`, and the first of `oneOf` or `anyOf` that is more than `null`. */
  #parts(value: unknown, depth: number): JsonSchema[] {
    const schema = this.resolve(value)
    if (!isObject(schema) || depth > 5) return []
    const list = (name: string): unknown[] => Array.isArray(schema[name]) ? schema[name] : []
    const [choice] = [...list('oneOf'), ...list('anyOf')].map(each => this.resolve(each)).filter(each => isObject(each) && each['type'] !== 'null')
    return [schema, ...[...list('allOf'), ...(choice === undefined ? [] : [choice])].flatMap(each => this.#parts(each, depth + 1))]
  }
}

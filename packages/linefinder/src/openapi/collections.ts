import type { ApiDocument, Operation } from './read-document.js'
import type { JsonSchema } from './schemas.js'

/** A path whose GET answers with a list of records, or whose POST makes one. */
export interface Collection {
  readonly path: string
  /** The last part of the path, such as `contacts`. */
  readonly noun: string
  readonly list: Operation | null
  readonly create: Operation | null
  readonly readOne: Operation | null
  readonly patch: Operation | null
  readonly put: Operation | null
  /** The member of the answer that holds the list; `null` for a bare one. */
  readonly listKey: string | null
  readonly record: JsonSchema | null
}

/** Collections at fixed addresses. What is below another record, such as `/accounts/{id}/contacts`, is none. */
export function collectionsOf({ operations, schemas }: ApiDocument): Collection[] {
  const paths = [...new Set(operations.map(({ path }) => path))].filter(isPlainPath)
  return paths.flatMap(path => {
    const at = (method: string, isItem: boolean) => operations.find(each => each.method === method
      && (isItem ? each.path.startsWith(`${path}/`) && /^\/\{[^/]+\}$/.test(each.path.slice(path.length)) : each.path === path)) ?? null
    const list = at('get', false)
    const create = at('post', false)
    const found = list?.answer ? listIn(list.answer, schemas) : null
    if (found === null && create === null) return []
    const noun = path.split('/').at(-1) ?? ''
    return [{
      path, noun, create, list: found === null ? null : list, readOne: at('get', true), patch: at('patch', true), put: at('put', true),
      listKey: found?.key ?? null, record: found?.record ?? null,
    }]
  })
}

/** Of letters, digits and what usually stands between them: code is written with it. */
export const isPlainPath = (path: string): boolean => /^(\/[\w.~-]+)+$/.test(path)

const usualListKeys = ['items', 'data', 'results', 'records', 'value', 'list', 'content', 'entries']

function listIn(answer: JsonSchema, schemas: ApiDocument['schemas']): { key: string | null; record: JsonSchema } | null {
  const bare = schemas.items(answer)
  if (bare !== null) return { key: null, record: bare }
  const lists = [...schemas.properties(answer)].flatMap(([key, schema]) => {
    const record = schemas.items(schema)
    return record !== null && schemas.properties(record).size > 0 ? [{ key, record }] : []
  })
  return lists.find(({ key }) => usualListKeys.includes(key)) ?? lists[0] ?? null
}

/** The member of an answer that holds the one record; `null` when the answer is the record. */
export function recordIn(answer: JsonSchema | null, { schemas }: ApiDocument): { readonly key: string | null; readonly record: JsonSchema } | null {
  if (answer === null) return null
  const properties = schemas.properties(answer)
  if (properties.has('id')) return { key: null, record: answer }
  for (const [key, schema] of properties) if (schemas.properties(schema).has('id')) return { key, record: schema }
  return { key: null, record: answer }
}

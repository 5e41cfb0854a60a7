import type { z } from 'zod'
import { wrongField } from './wrong-field.js'

/** Where the next page begins: the sort key of the last item of this one, opaque to clients. */
export const encodeCursor = (sortKey: readonly string[]): string =>
  Buffer.from(JSON.stringify(sortKey)).toString('base64url')

/**
 * The sort key that `encodeCursor` was given, or `undefined` for the first page. `schema` says what it holds, so that a
 * cursor of another list never reaches a statement. Throws `invalid_fields`.
 */
export function decodeCursor<SortKey extends readonly string[]>(cursor: string | undefined, schema: z.ZodType<SortKey>): SortKey | undefined {
  if (cursor === undefined) return undefined
  const sortKey = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()))
  if (!sortKey.success) throw wrongField('query', '/cursor', 'is not a cursor of this list')
  return sortKey.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

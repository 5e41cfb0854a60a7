import { z } from 'zod'
import type { Problem } from '@linefinder/core/api'
import { ApiError } from './api-error.js'

type Part = NonNullable<Problem['errors']>[number]['in']
type PlaceIn = NonNullable<Problem['errors']>[number]

/**
 * Parses each part of a request by its schema. Throws `invalid_fields` that names every wrong place of every part at once.
 * Unknown members are wrong too, unless the schema says how to take them: a misspelt one would otherwise be lost in silence.
 */
export function validate(parts: readonly { in: Part; schema: z.ZodType | undefined; value: unknown }[]): unknown[] {
  const places: PlaceIn[] = []
  const values = parts.map(({ in: part, schema, value }) => {
    if (!schema) return undefined
    const result = closed(schema).safeParse(value)
    if (result.success) {
      places.push(...unstorablePlaces(result.data, part))
      return result.data
    }
    for (const issue of result.error.issues) places.push(...placesOf(issue, part))
    return undefined
  })
  if (places.length > 0) throw new ApiError('invalid_fields', { errors: places })
  return values
}

const closedSchemas = new WeakMap<z.ZodType, z.ZodType>()

/** Made once for each schema: zod compiles a schema at its first use. */
function closed(schema: z.ZodType): z.ZodType {
  const known = closedSchemas.get(schema)
  if (known) return known
  const made = isClosed(schema) ? schema.strict() : schema
  closedSchemas.set(schema, made)
  return made
}

const isClosed = (schema: z.ZodType): schema is z.ZodObject => schema instanceof z.ZodObject && schema.def.catchall === undefined

function placesOf(issue: z.core.$ZodIssue, part: Part): PlaceIn[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ in: part, pointer: pointerOf([...issue.path, key]), message: 'is not known here' }))
  }
  return [{ in: part, pointer: pointerOf(issue.path), message: issue.message }]
}

/** U+0000, which PostgreSQL cannot store, and half of a surrogate pair, which no encoding can. */
const unstorable = /[\u0000\p{Cs}]/u

function unstorablePlaces(value: unknown, part: Part, path: readonly string[] = []): PlaceIn[] {
  if (typeof value === 'string') return unstorable.test(value) ? [{ in: part, pointer: pointerOf(path), message: 'holds a character that cannot be stored' }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [...unstorablePlaces(name, part, path), ...unstorablePlaces(inner, part, [...path, name])])
}

/** RFC 6901. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

import { z } from 'zod'
import type { Problem } from '@linefinder/core/api'
import { ApiError } from './api-error.js'

type Part = NonNullable<Problem['errors']>[number]['in']
type PlaceIn = NonNullable<Problem['errors']>[number]

/**
 * Parses each part of a request by its schema. Throws `invalid_fields` that names every wrong place of every part at once.
 * Unknown members are wrong too: a misspelt one would otherwise be lost in silence.
 */
export function validate(parts: readonly { in: Part; schema: z.ZodType | undefined; value: unknown }[]): unknown[] {
  const places: PlaceIn[] = []
  const values = parts.map(({ in: part, schema, value }) => {
    if (!schema) return undefined
    const result = (schema instanceof z.ZodObject ? schema.strict() : schema).safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) places.push(...placesOf(issue, part))
    return undefined
  })
  if (places.length > 0) throw new ApiError('invalid_fields', { errors: places })
  return values
}

function placesOf(issue: z.core.$ZodIssue, part: Part): PlaceIn[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ in: part, pointer: pointerOf([...issue.path, key]), message: 'is not known here' }))
  }
  return [{ in: part, pointer: pointerOf(issue.path), message: issue.message }]
}

/** RFC 6901. */
const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

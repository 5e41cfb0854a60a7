import * as z from 'zod'

/** What JSON can say (RFC 8259). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** As JSON, in UTF-8. */
export const maxExtraBytes = 65_536
const maxDepth = 32

// True because whatever else it may be is refused. `z.custom` has no form in JSON Schema.
export const jsonValue = z.unknown().refine(value => isJson(value, maxDepth), { error: `must be JSON, at most ${String(maxDepth)} deep`, abort: true }) as z.ZodType as z.ZodType<JsonValue>

/**
 * What a surface and an adapter of one foreign format have to tell each other and no member of ours says. It is kept and given to the adapter as it
 * came, and is never composed into a body.
 */
export const extra = z.record(z.string().min(1).max(200), jsonValue)
  .refine(values => new TextEncoder().encode(JSON.stringify(values)).length <= maxExtraBytes, { error: `must be at most ${String(maxExtraBytes)} bytes as JSON`, abort: true })
export type Extra = z.infer<typeof extra>

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === 0) return false
  if (Array.isArray(value)) return value.every(each => isJson(each, depth - 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(each => isJson(each, depth - 1))
}

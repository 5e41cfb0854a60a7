import { z } from 'zod'

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * Turns the declared schemas into JSON Schema. Those with an `id` are collected and referred to. Input and output differ: a
 * member with a default may be left out of a request, and is always in an answer.
 */
export class ComponentSchemas {
  readonly #schemas = new Map<string, JsonSchema>()

  /** What a caller may send. */
  input(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'input')
  }

  /** What we answer. Members may be added to it one day, so that none is forbidden. */
  output(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'output')
  }

  /** Everything that was referred to, by name. */
  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => a.localeCompare(b)))
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _, $defs = {}, ...converted } = z.toJSONSchema(schema, {
      io,
      // Brands and transforms have no JSON form of their own; what goes in or comes out does.
      unrepresentable: 'any',
      override: ({ jsonSchema }) => { simplify(jsonSchema, io) },
    })
    for (const [id, component] of Object.entries($defs)) this.#add(id, withComponentRefs(component) as JsonSchema)
    return withComponentRefs(converted) as JsonSchema
  }

  #add(id: string, component: JsonSchema): void {
    const known = this.#schemas.get(id)
    if (known && JSON.stringify(known) !== JSON.stringify(component)) throw new Error(`two schemas have the id "${id}", or one is used for input and output`)
    this.#schemas.set(id, component)
  }
}

/** The formats say what these patterns say at length. */
const formatsWithPattern = ['date-time', 'uuid', 'email']

function simplify(schema: JsonSchema, io: 'input' | 'output'): void {
  if (schema.format !== undefined && formatsWithPattern.includes(schema.format)) delete schema.pattern
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties
}

const withComponentRefs = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withComponentRefs)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [
    name, name === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : withComponentRefs(value),
  ]))
}

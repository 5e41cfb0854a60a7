import { parseDocument } from 'yaml'
import { z } from 'zod'
import { CommandError } from '../command-error.js'
import { Schemas, type JsonSchema } from './schemas.js'

export interface Operation {
  /** `get`, `post` and so on. */
  readonly method: string
  readonly path: string
  readonly queryParams: readonly string[]
  readonly body: JsonSchema | null
  /** Of the first answer that is a success. */
  readonly answer: JsonSchema | null
}

export type SecurityScheme = z.infer<typeof securityScheme>

/** An OpenAPI document, as far as it tells what an API can do. */
export interface ApiDocument {
  readonly title: string
  readonly version: string
  /** The first server's address, which may be relative; empty when none is named. */
  readonly server: string
  readonly operations: readonly Operation[]
  readonly securitySchemes: readonly SecurityScheme[]
  readonly schemas: Schemas
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

const flow = z.looseObject({ authorizationUrl: z.string(), tokenUrl: z.string(), scopes: z.record(z.string(), z.string()).default({}) })
const securityScheme = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('oauth2'), flows: z.looseObject({ authorizationCode: flow.optional() }) }),
  z.looseObject({ type: z.literal('apiKey'), in: z.enum(['header', 'query', 'cookie']), name: z.string() }),
  z.looseObject({ type: z.literal('http'), scheme: z.string() }),
  z.looseObject({ type: z.literal('openIdConnect') }),
  z.looseObject({ type: z.literal('mutualTLS') }),
])

const document = z.looseObject({
  openapi: z.string().regex(/^3\./, 'must be 3.x'),
  info: z.looseObject({ title: z.string(), version: z.coerce.string() }),
  servers: z.array(z.looseObject({ url: z.string() })).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.unknown()).optional() }).optional(),
})

const content = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })).optional() })
const parameter = z.looseObject({ name: z.string(), in: z.string() })
const operation = z.looseObject({
  parameters: z.array(z.unknown()).default([]), requestBody: z.unknown().optional(), responses: z.record(z.string(), z.unknown()).default({}),
})

/** @param name for messages. Throws `CommandError` that says what is wrong with the text. */
export function readDocument(text: string, name: string): ApiDocument {
  const value = parsed(text, name)
  if (typeof value === 'object' && value !== null && 'swagger' in value) throw new CommandError(`${name} is Swagger ${String(value.swagger)}. Convert it to OpenAPI 3 first.`)
  const read = document.safeParse(value)
  if (!read.success) throw new CommandError(`${name} is no OpenAPI document:\n${linesOf(read.error)}`)
  const { info, servers = [], paths, components } = read.data
  const schemas = new Schemas(value)
  if (Object.keys(paths).length === 0) throw new CommandError(`${name} has no paths: there is nothing to propose from it.`)
  return {
    title: info.title, version: info.version, server: servers[0]?.url ?? '', schemas,
    operations: Object.entries(paths).flatMap(([path, item]) => operationsOf(path, item, schemas, name)),
    securitySchemes: Object.entries(components?.securitySchemes ?? {}).map(([key, scheme]) => {
      const checked = securityScheme.safeParse(schemas.resolve(scheme))
      if (!checked.success) throw new CommandError(`${name} has a security scheme ${key} that cannot be read:\n${linesOf(checked.error)}`)
      return checked.data
    }),
  }
}

function parsed(text: string, name: string): unknown {
  const yaml = parseDocument(text, { logLevel: 'error' })
  const [wrong] = yaml.errors
  if (wrong) throw new CommandError(`${name} is neither JSON nor YAML: ${wrong.message.split('\n')[0] ?? ''}`)
  try {
    return yaml.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new CommandError(`${name} is neither JSON nor YAML: ${error instanceof Error ? error.message : 'it cannot be read'}`, { cause: error })
  }
}

function operationsOf(path: string, item: Readonly<Record<string, unknown>>, schemas: Schemas, name: string): Operation[] {
  const shared = z.array(z.unknown()).catch([]).parse(item['parameters'])
  return methods.flatMap(method => {
    if (item[method] === undefined) return []
    const read = operation.safeParse(item[method])
    if (!read.success) throw new CommandError(`${name}: ${method.toUpperCase()} ${path} cannot be read:\n${linesOf(read.error)}`)
    const params = [...shared, ...read.data.parameters].flatMap(each => {
      const { success, data } = parameter.safeParse(schemas.resolve(each))
      return success && data.in === 'query' ? [data.name] : []
    })
    const good = Object.entries(read.data.responses).find(([status]) => /^2/.test(status))?.[1]
    return [{ method, path, queryParams: [...new Set(params)], body: schemaIn(schemas.resolve(read.data.requestBody)), answer: schemaIn(schemas.resolve(good)) }]
  })
}

function schemaIn(value: unknown): JsonSchema | null {
  const { success, data } = content.safeParse(value)
  const [, media] = (success ? Object.entries(data.content ?? {}) : []).find(([type]) => /json/.test(type)) ?? []
  // Any value stands for a schema; what is read of it is looked at where it is read.
  return media?.schema === undefined ? null : media.schema as JsonSchema
}

const linesOf = (error: z.ZodError): string => error.issues.slice(0, 5).map(({ path, message }) => `  /${path.join('/')}: ${message}`).join('\n')

import { z } from 'zod'
import { factsOf, type ProblemCode } from '@linefinder/core'
import { statusesOf, type Access, type Endpoint } from '@linefinder/core/api'
import { problemHeader } from '../http/plain-text.js'
import type { ComponentSchemas, JsonSchema } from './component-schemas.js'
import { problemCodesOf } from './problem-codes.js'

type Part = Record<string, unknown>

/** An endpoint's OpenAPI operation object. `operationId` is its place in `api`, such as `callLogs.put`. */
export function operationOf(operationId: string, endpoint: Endpoint, schemas: ComponentSchemas): Part {
  const { tag, summary, description, access, params, query, body } = endpoint
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf[access],
    parameters: [
      ...parametersOf('path', params, schemas),
      ...parametersOf('query', query, schemas),
      ...(access === 'lookup' || access === 'log' ? [{ $ref: '#/components/parameters/Connection' }] : []),
      ...(endpoint.canWait ? [{ $ref: '#/components/parameters/Prefer' }] : []),
      { $ref: '#/components/parameters/RequestId' },
    ],
    ...(body ? { requestBody: { required: true, ...contentOf(endpoint, endpoint.takesText ? { type: 'object' } : schemas.input(strict(body))) } } : {}),
    responses: { ...answersOf(endpoint, schemas), ...problemsOf(endpoint) },
  }
}

/** OpenAPI 3.1 has no word for a sequence of values, so of lines the schema is that of each. */
const contentOf = ({ format }: Endpoint, schema: JsonSchema): Part => ({
  ...(format === 'ndjson' ? { description: 'One JSON value a line, each by this schema.' } : {}),
  content: { [mediaTypes[format ?? 'json']]: { schema } },
})

const mediaTypes = { json: 'application/json', text: 'text/plain', ndjson: 'application/x-ndjson', form: 'application/x-www-form-urlencoded' } as const

/** An API key's scope is told as a role (OpenAPI 3.1 §4.8.30). */
const securityOf: Readonly<Record<Access, readonly Record<string, readonly string[]>[]>> = {
  public: [],
  session: [{ session: [] }],
  lookup: [{ session: [] }, { apiKey: ['lookup'] }, { apiKeyAsBasic: ['lookup'] }],
  log: [{ session: [] }, { apiKey: ['log'] }],
  admin: [{ apiKey: ['admin'] }],
  owner: [{ session: [] }, { apiKey: ['admin'] }],
}

/** As requests are validated: what is not known is wrong. */
const strict = (schema: z.ZodType): z.ZodType => schema instanceof z.ZodObject ? schema.strict() : schema

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined, schemas: ComponentSchemas): Part[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemas.input(schema)
  return Object.entries(properties).map(([name, property]) => {
    // The conversion of an object schema yields schemas as properties, never `true` or `false`.
    const { description, ...rest } = property as JsonSchema
    return { name, in: place, required: required.includes(name), ...(description === undefined ? {} : { description }), schema: rest }
  })
}

function answersOf(endpoint: Endpoint, schemas: ComponentSchemas): Part {
  return Object.fromEntries(statusesOf(endpoint).map(status => [String(status), {
    description: answers[status] ?? 'Done',
    ...(endpoint.output === null ? {} : contentOf(endpoint, schemas.output(endpoint.output))),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
      ...(status === 302 ? { Location: { description: 'Where the browser goes on.', schema: { type: 'string', format: 'uri-reference' } } } : {}),
    },
  }]))
}

const answers: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'Done, without a body', 302: 'The browser goes on' }

/** One response per status, which names its codes. */
function problemsOf(endpoint: Endpoint): Part {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of problemCodesOf(endpoint)) {
    const { status } = factsOf(code)
    byStatus.set(status, [...byStatus.get(status) ?? [], code])
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), {
    description: codes.map(code => `\`${code}\`: ${factsOf(code).title}.`).join('\n\n'),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
      ...(status === 401 ? { 'WWW-Authenticate': { $ref: '#/components/headers/WwwAuthenticate' } } : {}),
      ...(status === 429 || status === 503 ? { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } : {}),
      ...(endpoint.format === 'text' ? { [problemHeader]: { description: 'The code. There is no body.', schema: { enum: codes } } } : {}),
    },
    ...(endpoint.format === 'text' ? {} : { content: problemContent(endpoint, codes) }),
  }]))
}

const problemContent = (endpoint: Endpoint, codes: readonly ProblemCode[]): Part => ({
  'application/problem+json': {
    schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] },
  },
  ...(endpoint.isBrowserPage ? { 'text/html': { schema: { type: 'string' } } } : {}),
})

import { describe, expect, it } from '@jest/globals'
import { factsOf, problemCodes } from '@linefinder/core'
import { endpoints } from '@linefinder/core/api'
import { createOpenApiDocument } from './document.js'

interface Parameter { name: string; in: string; required: boolean; $ref?: string }
interface Answer { headers?: Record<string, unknown>; content?: Record<string, { schema: { allOf?: [unknown, { properties: { code: { enum: string[] } } }] } }> }
interface Operation { operationId: string; tags: string[]; security: Record<string, string[]>[]; parameters: Parameter[]; requestBody?: { content: Record<string, { schema: object }> }; responses: Record<string, Answer> }
interface Document {
  openapi: string
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { required?: string[]; additionalProperties?: unknown }>; securitySchemes: Record<string, { type: string; scheme: string }> }
}

const document = createOpenApiDocument('https://calls.example.test') as unknown as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })))
const operation = (id: string) => operations.find(({ operationId }) => operationId === id)!
const codesOf = ({ responses }: Operation) => Object.values(responses).flatMap(({ content }) =>
  content?.['application/problem+json']?.schema.allOf?.[1].properties.code.enum ?? [])

/** Every object in the document, with its place. */
function* nodes(node: unknown, place = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof node !== 'object' || node === null) return
  yield [place, node as Record<string, unknown>]
  for (const [name, value] of Object.entries(node)) yield* nodes(value, `${place}/${name}`)
}

function resolve(reference: string): unknown {
  return reference.replace(/^#\//, '').split('/').reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document)
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and names the public address', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(document.servers).toEqual([{ url: 'https://calls.example.test' }])
  })

  it('has every declared endpoint and no other', () => {
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort())
      .toEqual(endpoints.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it('names each operation once, by its place in the declarations', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['callLogs.put', 'contacts.find', 'connecting.createSession', 'admin.installations.update', 'health.live']))
  })

  it('refers to nothing that is not there', () => {
    const missing = [...nodes(document)].flatMap(([place, { $ref }]) => typeof $ref === 'string' && resolve($ref) === undefined ? [`${place}: ${$ref}`] : [])
    expect(missing).toEqual([])
  })

  it.each(operations.map(each => [each.operationId, each] as const))('declares every path parameter of %s', (_, { path, parameters }) => {
    const declared = parameters.filter(each => each.in === 'path')
    expect(declared.map(({ name }) => name).sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
    expect(declared.every(({ required }) => required)).toBe(true)
  })

  it('declares every tag and security scheme that it uses', () => {
    const tags = document.tags.map(({ name }) => name)
    const schemes = Object.keys(document.components.securitySchemes)
    for (const { tags: used, security } of operations) {
      expect(tags).toEqual(expect.arrayContaining(used))
      expect(schemes).toEqual(expect.arrayContaining(security.flatMap(each => Object.keys(each))))
    }
  })

  it('has a schema for every body, without what only the library understands', () => {
    for (const [place, node] of nodes(document)) {
      expect(`${place} ${Object.keys(node).filter(name => name === '$defs' || name === '$schema').join()}`).toBe(`${place} `)
    }
    for (const { requestBody } of operations) {
      if (requestBody) for (const { schema } of Object.values(requestBody.content)) expect(Object.keys(schema)).not.toEqual([])
    }
  })
})

describe('an operation', () => {
  it('says who may call', () => {
    expect(operation('health.live').security).toEqual([])
    expect(operation('me.get').security).toEqual([{ session: [] }])
    expect(operation('contacts.find').security).toEqual([{ session: [] }, { apiKey: ['lookup'] }, { apiKeyAsBasic: ['lookup'] }])
    expect(operation('admin.agents.join').security).toEqual([{ apiKey: ['admin'] }])
  })

  it('lists every code it can fail with, under its status', () => {
    const { responses } = operation('callLogs.put')
    for (const [status, { content }] of Object.entries(responses)) {
      const codes = content?.['application/problem+json']?.schema.allOf?.[1].properties.code.enum ?? []
      for (const code of codes) expect(`${code} ${String(factsOf(code as never).status)}`).toBe(`${code} ${status}`)
    }
    expect(codesOf(operation('callLogs.put'))).toEqual(expect.arrayContaining(['owned_by_other', 'invalid_json', 'invalid_fields', 'unauthenticated', 'missing_scope', 'internal']))
    expect(codesOf(operation('callLogs.get'))).toEqual(expect.arrayContaining(['call_log_not_found', 'crm_unsupported']))
    expect(codesOf(operation('contacts.find'))).toEqual(expect.arrayContaining(['crm_rate_limited']))
    expect(codesOf(operation('health.live'))).toEqual(['internal'])
  })

  it('in plain text fails without a body, and names its codes in a header', () => {
    const { responses } = operation('contacts.callerId')
    expect(Object.keys(responses['200']!.content!)).toEqual(['text/plain'])
    expect(responses['504']!.content).toBeUndefined()
    expect(responses['504']!.headers).toMatchObject({ 'Linefinder-Problem': { schema: { enum: ['crm_timeout'] } } })
  })

  it('of lines reads and answers one JSON value a line', () => {
    const { requestBody, responses } = operation('phoneNumbers.normalize')
    expect(requestBody).toMatchObject({ content: { 'application/x-ndjson': { schema: { $ref: '#/components/schemas/NumberLine' } } } })
    expect(responses['200']).toMatchObject({ content: { 'application/x-ndjson': { schema: { $ref: '#/components/schemas/NormalizedNumber' } } } })
    expect(codesOf(operation('phoneNumbers.normalize'))).toEqual(expect.arrayContaining(['unsupported_media_type', 'invalid_fields']))
    expect(codesOf(operation('phoneNumbers.normalize'))).not.toContain('body_too_large')
  })

  it('knows only codes that exist', () => {
    for (const each of operations) expect(problemCodes).toEqual(expect.arrayContaining(codesOf(each)))
  })

  it('takes a body without what has a default, and refuses what is unknown', () => {
    const schema = operation('admin.installations.create').requestBody!.content['application/json']!.schema
    expect(schema).toMatchObject({ required: ['name', 'adapter'], additionalProperties: false })
    expect(document.components.schemas['AdminInstallation']!.required).toEqual(expect.arrayContaining(['host', 'settings', 'enabled']))
    expect(document.components.schemas['AdminInstallation']!.additionalProperties).toBeUndefined()
  })
})

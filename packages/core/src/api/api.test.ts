import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { problemCodes } from '../errors/code-names.js'
import { api, endpoints, pageOf, problem, statusesOf } from './index.js'

const named = endpoints.map(endpoint => [`${endpoint.method} ${endpoint.path}`, endpoint] as const)

describe('the flat list', () => {
  it('holds every endpoint of the tree', () => {
    const leavesOf = (tree: object): object[] => Object.values(tree).flatMap((member: object) => 'path' in member ? [member] : leavesOf(member))
    expect(new Set(endpoints)).toEqual(new Set(leavesOf(api)))
    expect(endpoints).toHaveLength(leavesOf(api).length)
  })

  it('has every method and path once, whatever the parameters are called', () => {
    const places = named.map(([name]) => name.replace(/\{\w+\}/g, '{}'))
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([])
  })
})

describe.each(named)('%s', (_, endpoint) => {
  it('declares the parameters of its path and no others', () => {
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(endpoint.params?.shape ?? {})).toEqual(inPath)
  })

  it('has a body only where its method carries one', () => {
    if (endpoint.body !== undefined) expect(['POST', 'PUT', 'PATCH']).toContain(endpoint.method)
  })

  it('answers with success or a redirect, and without a body only where it has none', () => {
    for (const status of statusesOf(endpoint)) expect([200, 201, 202, 204, 302]).toContain(status)
    if (endpoint.output === null && !endpoint.isBrowserPage) expect(statusesOf(endpoint)).toEqual([204])
    else expect(statusesOf(endpoint)).not.toContain(204)
  })

  it('names only known errors, each once', () => {
    expect(endpoint.errors.filter(code => !problemCodes.includes(code))).toEqual([])
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length)
  })

  it('is public only where nobody can have a credential yet', () => {
    const mayBePublic = ['Adapters', 'Connecting', 'Health']
    expect(endpoint.access === 'public').toBe(mayBePublic.includes(endpoint.tag))
    expect(endpoint.access === 'admin').toBe(endpoint.path.startsWith('/v1/admin/'))
  })

  it('can be written as JSON Schema, for OpenAPI', () => {
    for (const schema of [endpoint.params, endpoint.query, endpoint.body]) if (schema) expect(() => z.toJSONSchema(schema, { io: 'input' })).not.toThrow()
    if (endpoint.output) expect(() => z.toJSONSchema(endpoint.output!, { io: 'output' })).not.toThrow()
  })
})

describe('contacts.find', () => {
  const { query } = api.contacts.find

  it('takes exactly one of phone and name', () => {
    expect(query.safeParse({ phone: '1' }).success).toBe(true)
    expect(query.safeParse({ name: 'Jan' }).success).toBe(true)
    expect(query.safeParse({}).success).toBe(false)
    expect(query.safeParse({ phone: '1', name: 'Jan' }).success).toBe(false)
    expect(query.safeParse({ phone: '' }).success).toBe(false)
  })

  it('waits two seconds for the CRM and takes what is known, unless asked otherwise', () => {
    expect(query.parse({ phone: '1' })).toEqual({ phone: '1', deadline_ms: 2000, fresh: false })
    expect(query.parse({ phone: '1', deadline_ms: '0', fresh: 'true' })).toEqual({ phone: '1', deadline_ms: 0, fresh: true })
    for (const wrong of [{ deadline_ms: '-1' }, { deadline_ms: '30001' }, { fresh: 'maybe' }, { extension: 'x1' }]) expect(query.safeParse({ phone: '1', ...wrong }).success).toBe(false)
  })

  it('reads the space that an unescaped plus becomes as a plus', () => {
    expect(query.parse({ phone: ' 31413741741' })).toMatchObject({ phone: '+31413741741' })
    expect(query.parse({ phone: '+31413741741' })).toMatchObject({ phone: '+31413741741' })
  })
})

describe('lists', () => {
  it('page by 50 unless asked otherwise, at most 200', () => {
    const { query } = api.admin.agents.list
    expect(query.parse({})).toEqual({ limit: 50 })
    expect(query.parse({ limit: '200' })).toEqual({ limit: 200 })
    for (const limit of ['0', '201', '1.5', 'all']) expect(query.safeParse({ limit }).success).toBe(false)
  })

  it('end with a null cursor', () => {
    expect(pageOf(z.string()).parse({ items: ['a'], nextCursor: null })).toEqual({ items: ['a'], nextCursor: null })
  })
})

describe('problem', () => {
  it('takes every code of the table', () => {
    const facts = { type: '', title: '', status: 500, retryable: false, advice: '', requestId: '' }
    for (const code of problemCodes) expect(problem.safeParse({ ...facts, code }).success).toBe(true)
    expect(problem.safeParse({ ...facts, code: 'else' }).success).toBe(false)
  })
})

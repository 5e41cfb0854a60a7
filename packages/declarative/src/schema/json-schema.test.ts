import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { ringotelSchema } from './json-schema.js'

const packageFolder = new URL('../../', import.meta.url)
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, packageFolder), 'utf8'))
const validate = new Ajv({ allowUnionTypes: true }).compile(read('schema/ringotel.schema.json') as object)

const examples = new URL('../../examples/no-code/', packageFolder)
const own = readdirSync(examples).filter(name => name.endsWith('.json') && name !== 'package.json').map(name => new URL(name, examples).href)

describe('the schema for editors', () => {
  it('is the one that the tables make: npx tsc -b && node packages/declarative/dist/schema/write-schema.js', () => {
    expect(read('schema/ringotel.schema.json')).toEqual(JSON.parse(JSON.stringify(ringotelSchema())))
  })

  it.each(['test-data/01-oauth2-northwind.json', 'test-data/02-bearer-odata-braces.json', ...own])('takes %s', document => {
    validate(read(document))
    expect(validate.errors).toBeNull()
  })

  it.each([
    'wrong-class', 'bad-id', 'id-missing', 'unknown-var-char', 'properties-no-list', 'property-key-misspelt', 'unknown-type', 'wrong-type', 'auth-type-unknown', 'auth-key-misspelt',
    'oauth2-flow', 'oauth2-endpoint-missing', 'api-missing', 'method-misspelt', 'request-method-misspelt-key', 'request-method-unknown', 'path-and-url', 'path-missing',
    'content-type-unknown', 'parameters-text', 'page-without-param', 'spellings-too-many', 'traits-misspelt', 'a-list',
  ])('marks %s', name => {
    expect(validate(read(`test-data/broken/${name}.json`))).toBe(false)
  })

  it('is a door of the package', () => {
    const { exports, files } = read('package.json') as { exports: Record<string, unknown>; files: string[] }
    expect(exports['./schema.json']).toBe('./schema/ringotel.schema.json')
    expect(files).toContain('schema')
  })
})

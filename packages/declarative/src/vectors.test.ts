import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import type { MethodName } from './description.js'
import { RequestPlan } from './request.js'
import { ResponsePlan } from './response.js'
import { buildDescription, type TestDocument } from './testing/build-description.js'
import { Names, Values, type Parameters } from './values.js'

interface Vector {
  readonly doc: '01' | '02'
  readonly kind: 'request' | 'response'
  readonly method: MethodName
  readonly properties?: Record<string, string>
  readonly parameters?: Parameters
  readonly body?: unknown
  readonly expect: {
    readonly method?: string
    readonly url?: string
    readonly content_type?: string
    readonly body_json?: unknown
    readonly parts?: readonly { name: string; value?: string; filename?: string; bytes_base64?: string }[]
    readonly fields?: unknown
    readonly records?: unknown
  }
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../test-data/${name}.json`, import.meta.url), 'utf8'))
const documents = { '01': read('01-oauth2-northwind') as TestDocument, '02': read('02-bearer-odata-braces') as TestDocument }
const vectors = (read('vectors') as Vector[]).map((vector, index) => ({ ...vector, title: `${String(index)}: ${vector.doc} ${vector.method}` }))

describe('a request', () => {
  it.each(vectors.filter(({ kind }) => kind === 'request'))('$title is as the vector says', async ({ doc, method, properties = {}, parameters = {}, expect: wanted }) => {
    const description = buildDescription(documents[doc])
    const values = new Values(new Names(description), { parameters, properties, hostname: 'not.used' })
    const { verb, address, headers, data } = new RequestPlan(description.methods[method]!).build(values)
    expect([verb, `${address.origin}${address.path}`]).toEqual([wanted.method, wanted.url])
    if (wanted.body_json !== undefined) {
      expect(headers['Content-Type']).toBe(wanted.content_type)
      expect(JSON.parse(data as string)).toEqual(wanted.body_json)
    }
    if (wanted.parts) {
      const form = await new Response(await buffer(data as Readable), { headers }).formData()
      // The types of this Node do not say that it can be gone through.
      const parts = await Promise.all([...form as unknown as Iterable<[string, string | File]>].map(async ([name, value]) => typeof value === 'string' ? { name, value }
        : { name, filename: value.name, bytes_base64: Buffer.from(await value.arrayBuffer()).toString('base64') }))
      expect(parts).toEqual(wanted.parts)
      expect(headers['Content-Type']).toContain(`${wanted.content_type!};`)
    }
    if (wanted.body_json === undefined && !wanted.parts) expect(data).toBeUndefined()
  })
})

describe('an answer', () => {
  it.each(vectors.filter(({ kind }) => kind === 'response'))('$title is as the vector says', ({ doc, method, body, expect: wanted }) => {
    const description = buildDescription(documents[doc])
    const { fields, records } = new ResponsePlan(description.methods[method]!.response!, new Names(description)).read(body)
    expect(fields.toObject()).toEqual(wanted.fields)
    expect(records?.map(record => record.toObject())).toEqual(wanted.records)
  })
})

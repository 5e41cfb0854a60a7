import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CrmError } from '@linefinder/core'
import type { ResponseTemplate } from './description.js'
import { toContact } from './adapter/records.js'
import { matchPattern } from './pattern.js'
import { maxRecords, ResponsePlan } from './response.js'
import { buildDescription } from './testing/build-description.js'
import { parseTemplate } from './template.js'
import { Names } from './values.js'

const description = buildDescription({
  id: 'x', name: 'X', parameters: { contact_id: 'number', phone: 'string' }, resource_url: 'https://crm.example',
  api: {
    Contacts: {
      request_method: 'GET', request_path: '/', response_map: {
        total: '$next_page$', ok: true,
        list: [{ id: '$contact_id$', kind: 'person', name: '$lastname$, $firstname$', phones: ['tel:$phone$'], more: [{ kind: 'work', n: '$phone$' }, { kind: 'cell', n: '$mobile$' }] }],
      },
    },
  },
})
const plan = new ResponsePlan(description.methods.Contacts!.response as ResponseTemplate, new Names(description))
const read = (body: unknown) => plan.read(body)
const record = (item: object) => read({ list: [{ kind: 'person', ...item }] }).records?.[0]

describe('a record', () => {
  it('keeps the first of several values, and the others in their order', () => {
    const found = record({ phones: ['tel:1', 'tel:2', '3', null, { a: 1 }], more: [{ kind: 'cell', n: '4' }, { kind: 'work', n: '5' }, { kind: 'fax', n: '6' }] })
    expect(found?.get('phone')).toBe('1')
    expect(found?.all('phone')).toEqual(['1', '2', '3', '5'])
    expect(found?.all('mobile')).toEqual(['4'])
  })

  it('counts only with the constants of the document', () => {
    expect(read({ ok: false, list: [{ kind: 'company', id: 1 }, { id: 2 }, { kind: 'person', id: 3 }] }).records?.map(each => each.get('contact_id'))).toEqual([3])
  })

  it.each([['12', 12], [12, 12], ['12345678901234567890', '12345678901234567890'], ['p_1', 'p_1'], [1.5, 1.5], [true, true]])('has the id %j as %j', (id, wanted) => {
    expect(record({ id })?.get('contact_id')).toEqual(wanted)
  })

  it('has nothing of a text that does not fit several placeholders', () => {
    expect(record({ name: 'de Vries, Ann' })?.toObject()).toEqual({ lastname: 'de Vries', firstname: 'Ann' })
    expect(record({ name: 'Ann' })?.toObject()).toEqual({})
  })

  it('reads no member that an object has from elsewhere', () => {
    const strange = new ResponsePlan({ kind: 'object', members: [['constructor', { kind: 'object', members: [['name', { kind: 'capture', template: [{ name: 'subject' }] }]] }]] }, new Names(description))
    expect(strange.read({ a: 1 }).fields.isEmpty).toBe(true)
  })
})

describe('a pattern', () => {
  it.each([
    ['$lastname$, $firstname$', 'a, b, c', { lastname: 'a', firstname: 'b, c' }], ['<$phone$>', '<<1>>', { phone: '<1>' }], ['<$phone$>', '1', { phone: '1' }],
    ['$firstname$-$lastname$.', 'a-b', null], ['$firstname$$lastname$', 'ab', { firstname: '', lastname: 'ab' }], ['ab$phone$bc', 'abc', { phone: 'abc' }],
  ])('%s of %s gives %j', (template, text, wanted) => {
    const found = matchPattern(parseTemplate(template, new Set(['phone', 'firstname', 'lastname'])), text)
    expect(found && Object.fromEntries(found)).toEqual(wanted)
  })
})

describe('an answer', () => {
  it.each([['no object', 'a text'], ['a number', 17], ['no list', { unexpected: true }], ['an object for a list', { list: {} }], ['too many records', { list: Array.from({ length: maxRecords + 1 }, () => ({})) }]])(
    'with %s is a bad response', (_what, body) => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: 'bad_response' }))
    })

  it.each([[''], [null], [{ list: null }], [{ list: [] }]])('%j has no records', body => {
    expect(read(body).records).toEqual([])
  })

  it('of a million lists in each other is read like any other', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)
    expect(() => read(deep)).toThrow(expect.objectContaining({ code: 'bad_response' }))
    expect(record({ id: deep, phones: deep, name: deep, more: [deep, { kind: deep, n: deep }] })?.toObject()).toEqual({})
  })

  it('of any form makes contacts, or is refused', () => {
    const anything = fc.jsonValue({ maxDepth: 6 })
    const odd = fc.record({ total: anything, list: fc.array(fc.record({ id: anything, kind: fc.constant('person'), name: anything, phones: anything, more: anything }, { requiredKeys: [] })) }, { requiredKeys: [] })
    fc.assert(fc.property(fc.oneof(anything, odd), body => {
      try {
        for (const each of read(body).records ?? []) toContact(each)
      } catch (error) {
        expect(error).toBeInstanceOf(CrmError)
      }
    }), { numRuns: 500 })
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CrmError } from '@linefinder/core'
import { RequestPlan } from './request.js'
import { buildDescription } from './testing/build-description.js'
import { Names, Values } from './values.js'

const description = buildDescription({
  id: 'x', name: 'X', properties: ['Base'], resource_url: '$Base$/api', parameters: { contact_id: 'string', subject: 'string' },
  api: {
    GetActivity: { request_method: 'GET', request_path: '/things/$contact_id$/parts?a=$subject$&b=2', request_parameters: { c: '$subject$', d: ['$subject$', 'x $subject$'] }, request_headers: { 'X-Subject': '$subject$' } },
    CreateActivity: { request_method: 'POST', request_path: '/things', request_parameters: { a: '$subject$', b: { c: ['$contact_id$', 'is $subject$'] }, e: 1 } },
    UpdateActivity: { request_method: 'POST', request_path: '/things', request_content_type: 'application/x-www-form-urlencoded', request_parameters: { a: '$subject$', b: { c: '$contact_id$' } } },
    FindContact: { request_method: 'GET', request_path: '/q?q=SELECT Id FROM C WHERE P = \'$phone$\' AND N = \'$subject$\'' },
  },
})
const names = new Names(description)
const build = (method: keyof typeof description.methods, parameters: Record<string, string>, properties = { Base: 'https://crm.example' }) =>
  new RequestPlan(description.methods[method]!).build(new Values(names, { parameters, properties, hostname: 'crm.example' }))

/** A lone surrogate is no character, and has no bytes to be sent as. */
const whole = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('../..', '..', '%2e%2e', '/', '//evil.example', '?x=1', '#', '\r\nX: 1', '$subject$', '__proto__', '\0', '"}', '\',', '&a=b', 'javascript:x'))

describe('whatever a value is', () => {
  it('the address keeps its form', () => {
    fc.assert(fc.property(hostile, hostile, (contactId, subject) => {
      let built
      try {
        built = build('GetActivity', { contact_id: contactId, subject })
      } catch (error) {
        // Refused: nothing is sent.
        expect(error).toBeInstanceOf(CrmError)
        return
      }
      const url = new URL(`${built.address.origin}${built.address.path}`)
      expect(url.origin).toBe('https://crm.example')
      expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'api', 'things', whole(contactId), 'parts'])
      expect([...url.searchParams]).toEqual([['a', whole(subject)], ['b', '2'], ['c', whole(subject)], ['d', whole(subject)], ['d', `x ${whole(subject)}`]])
      expect(url.hash).toBe('')
      expect(built.headers['X-Subject']).not.toMatch(/[\r\n]/)
    }))
  })

  it('a JSON body keeps its form', () => {
    fc.assert(fc.property(hostile, hostile, (contactId, subject) => {
      const { data } = build('CreateActivity', { contact_id: contactId, subject })
      expect(JSON.parse(data as string)).toEqual({ a: subject, b: { c: [contactId, `is ${subject}`] }, e: 1 })
    }))
  })

  it('a form keeps its fields', () => {
    fc.assert(fc.property(hostile, hostile, (contactId, subject) => {
      const { data } = build('UpdateActivity', { contact_id: contactId, subject })
      expect([...new URLSearchParams(data as string)]).toEqual([['a', whole(subject)], ['b[c]', whole(contactId)]])
    }))
  })

  it('a quoted literal of a query language ends where the document ends it', () => {
    fc.assert(fc.property(hostile, hostile, (phone, subject) => {
      try {
        const query = new URL(`https://x${build('FindContact', { phone, subject }).address.path}`).searchParams.get('q')
        expect(query).toMatch(/^SELECT Id FROM C WHERE P = '[+0-9*#]*' AND N = '[^'\\]*'$/)
      } catch (error) {
        if (!(error instanceof CrmError)) throw error
        expect(error.code).toBe('rejected')
      }
    }))
  })
})

describe('an attack', () => {
  it.each([
    ['an SQL literal', 'FindContact', { phone: '+316', subject: '\' OR 1=1' }, 'rejected', 'subject must not hold \' or \\ here.'],
    ['a way out of the path', 'GetActivity', { contact_id: '..', subject: 'x' }, 'rejected', 'A value must not be . or .. in an address.'],
    ['a header’s end', 'GetActivity', { contact_id: '1', subject: 'a\r\nX-Evil: 1' }, 'rejected', 'The header X-Subject cannot hold the value.'],
    ['an empty id', 'GetActivity', { contact_id: '', subject: 'x' }, 'rejected', 'There is no value for contact_id, which the address needs.'],
    ['a missing id', 'GetActivity', { subject: 'x' }, 'rejected', 'There is no value for contact_id, which the address needs.'],
  ] as const)('by %s is refused, and told without the value', (_what, method, parameters, code, detail) => {
    expect(() => build(method, { ...parameters })).toThrow(expect.objectContaining({ code, detail }))
  })

  it.each(['ftp://crm.example', 'https://user:pw@crm.example', 'https://crm.example?x=', 'https://crm.example#', 'crm.example', 'javascript:alert(1)', ''])('by the property %j is refused', base => {
    expect(() => build('CreateActivity', { subject: 'x' }, { Base: base })).toThrow(expect.objectContaining({ name: 'CrmError' }))
  })

  it('by __proto__ gives no object another prototype', () => {
    const polluted = buildDescription({ id: 'x', name: 'X', resource_url: 'https://crm.example', api: { CreateActivity: { request_method: 'POST', request_path: '/', request_parameters: JSON.parse('{"__proto__": {"isAdmin": "$subject$"}, "a": "$constructor$"}') } } })
    const { data } = new RequestPlan(polluted.methods.CreateActivity!).build(new Values(new Names(polluted), { parameters: JSON.parse('{"__proto__": "x", "subject": "y"}'), properties: {}, hostname: 'x' }))
    expect(data).toBe('{"__proto__":{"isAdmin":"y"},"a":"$constructor$"}')
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  })

  it('by size is refused', () => {
    expect(() => build('CreateActivity', { subject: 'x'.repeat(2_000_001) })).toThrow(expect.objectContaining({ code: 'rejected', detail: 'The request would be too long.' }))
  })
})

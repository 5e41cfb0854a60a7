import { describe, expect, it } from '@jest/globals'
import { callLogInput } from '../call-log.js'
import { api, callLogPatch } from './index.js'

const required = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00' }
const optional = {
  answeredAt: '2026-03-02T09:15:07+01:00', endedAt: '2026-03-02T08:17:05Z', durationSeconds: 118, result: 'answered', contactId: 'c1',
  subject: 'Roof', note: 'Wants a quote.', disposition: 'Lead', recordingUrl: 'https://pbx.example.test/r/1',
  agent: { name: 'Ann', extension: '204' }, queue: { name: 'Sales' }, legs: [{ kind: 'queue', name: 'Sales', startedAt: '2026-03-02T09:15:00+01:00', durationSeconds: 7 }],
  newContact: { name: 'Jan' }, fields: { source: 'web', urgent: true }, transcript: 'Hello.', summary: 'A quote.', extra: { form: { kind: 'quote' } },
}

describe('a call log', () => {
  it('needs only who called whom and when', () => {
    expect(callLogInput.parse(required)).toEqual(required)
    for (const name of Object.keys(required)) expect(callLogInput.safeParse({ ...required, [name]: undefined }).success).toBe(false)
  })

  it('keeps every optional field as it came', () => {
    expect(callLogInput.parse({ ...required, ...optional })).toEqual({ ...required, ...optional })
    expect(Object.keys(callLogInput.shape)).toEqual(expect.arrayContaining([...Object.keys(required), ...Object.keys(optional)]))
    expect(Object.keys(callLogInput.shape)).toHaveLength(Object.keys(required).length + Object.keys(optional).length)
  })

  it.each([
    ['a time without offset', { startedAt: '2026-03-02T09:15:00' }],
    ['a date', { startedAt: '2026-03-02' }],
    ['an empty number', { from: { number: ' ' } }],
    ['half a second', { durationSeconds: 1.5 }],
    ['a negative duration', { durationSeconds: -1 }],
    ['another direction', { direction: 'sideways' }],
    ['another result', { result: 'fine' }],
    ['a recording that a browser would run', { recordingUrl: 'javascript:alert(1)' }],
    ['an empty contact id', { contactId: '' }],
    ['null', { note: null }],
  ])('refuses %s', (_, change) => {
    expect(callLogInput.safeParse({ ...required, ...change }).success).toBe(false)
  })
})

describe('a patch of a call log', () => {
  it('holds what was given and nothing else', () => {
    expect(callLogPatch.parse({ note: 'New' })).toEqual({ note: 'New' })
    expect(Object.keys(callLogPatch.parse({ note: 'New' }))).toEqual(['note'])
  })

  it.each(Object.keys(optional))('may remove %s by null', name => {
    expect(callLogPatch.parse({ [name]: null })).toEqual({ [name]: null })
  })

  it.each(Object.keys(required))('may change %s, but not remove it', name => {
    const value = required[name as keyof typeof required]
    expect(callLogPatch.parse({ [name]: value })).toEqual({ [name]: value })
    expect(callLogPatch.safeParse({ [name]: null }).success).toBe(false)
  })

  it('checks the new value as a whole call log would', () => {
    expect(callLogPatch.safeParse({ durationSeconds: -1 }).success).toBe(false)
    expect(callLogPatch.safeParse({ recordingUrl: 'javascript:alert(1)' }).success).toBe(false)
  })

  it('that changes nothing is refused', () => {
    expect(callLogPatch.safeParse({}).success).toBe(false)
  })
})

describe('addressing a call log', () => {
  it('takes any text of 1 to 255 characters as its id', () => {
    const { params } = api.callLogs.get
    expect(params.parse({ callId: 'a/b c?' })).toEqual({ callId: 'a/b c?' })
    expect(params.safeParse({ callId: '' }).success).toBe(false)
    expect(params.safeParse({ callId: 'x'.repeat(256) }).success).toBe(false)
  })

  it('means the whole call when no leg is named', () => {
    expect(api.callLogs.put.query.parse({})).toEqual({ leg: '' })
  })

  it('lists by up to 100 ids', () => {
    const { query } = api.callLogs.list
    expect(query.parse({ ids: 'a,b,,c' }).ids).toEqual(['a', 'b', 'c'])
    expect(query.safeParse({ ids: ',' }).success).toBe(false)
    expect(query.safeParse({ ids: Array.from({ length: 101 }, (_, i) => `c${String(i)}`).join(',') }).success).toBe(false)
    expect(query.parse({})).toEqual({ limit: 50 })
  })
})

import { describe, expect, it } from '@jest/globals'
import { callLogInput, extra, maxExtraBytes, messageLogInput } from './index.js'

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00' }
const nested = (depth: number): unknown => depth === 0 ? 'x' : [nested(depth - 1)]

describe('extra', () => {
  it('is kept as it came, on a call log and on a message log', () => {
    const values = { logInfo: { sessionId: '1', legs: [{ n: 1.5 }, null], ok: false }, text: '' }
    expect(callLogInput.parse({ ...call, extra: values }).extra).toEqual(values)
    const messages = [{ id: 'm1', kind: 'sms', direction: 'inbound', from: call.from, to: call.to, sentAt: call.startedAt }]
    expect(messageLogInput.parse({ messages, extra: values }).extra).toEqual(values)
  })

  it('may be 64 kB as JSON, counted in UTF-8, and no more', () => {
    const frame = '{"a":""}'.length
    expect(extra.safeParse({ a: 'x'.repeat(maxExtraBytes - frame) }).success).toBe(true)
    expect(extra.safeParse({ a: 'x'.repeat(maxExtraBytes - frame + 1) }).success).toBe(false)
    expect(extra.safeParse({ a: 'é'.repeat(maxExtraBytes / 2 - frame / 2) }).success).toBe(true)
    expect(extra.safeParse({ a: 'é'.repeat(maxExtraBytes / 2) }).success).toBe(false)
  })

  it('may be 32 deep and no more', () => {
    expect(extra.safeParse({ a: nested(32) }).success).toBe(true)
    expect(extra.safeParse({ a: nested(33) }).success).toBe(false)
    expect(extra.safeParse({ a: nested(5000) }).success).toBe(false)
  })

  it.each([
    ['a list', []], ['a text', 'x'], ['null', null], ['an empty name', { '': 1 }], ['what JSON cannot say', { a: undefined }],
    ['a number without end', { a: Infinity }], ['a function', { a: () => 1 }], ['an object of a class', { a: new Date(0) }],
  ])('refuses %s', (_, value) => {
    expect(extra.safeParse(value).success).toBe(false)
  })
})

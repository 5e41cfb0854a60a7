import { describe, expect, it } from '@jest/globals'
import { api, callbackPatch } from './index.js'

const required = { number: '+31612345678', dueAt: '2026-03-02T09:15:00+01:00' }

describe('a callback', () => {
  it('needs only a number and a time, and is open then', () => {
    expect(api.callbacks.put.body.parse(required)).toEqual({ ...required, status: 'open' })
    for (const name of Object.keys(required)) expect(api.callbacks.put.body.safeParse({ ...required, [name]: undefined }).success).toBe(false)
  })
})

describe('a patch of a callback', () => {
  it('holds what was given and nothing else, not even the status that a new one has', () => {
    expect(Object.keys(callbackPatch.parse({ note: 'New' }))).toEqual(['note'])
  })

  it.each(['name', 'contactId', 'subject', 'note'])('may remove %s by null', name => {
    expect(callbackPatch.parse({ [name]: null })).toEqual({ [name]: null })
  })

  it.each(['number', 'dueAt', 'status'])('may not remove %s', name => {
    expect(callbackPatch.safeParse({ [name]: null }).success).toBe(false)
  })

  it('that changes nothing is refused', () => {
    expect(callbackPatch.safeParse({}).success).toBe(false)
  })
})

it('lists open callbacks of the caller when nothing else is asked for', () => {
  expect(api.callbacks.list.query.parse({})).toEqual({ status: 'open', unassigned: false, limit: 50 })
})

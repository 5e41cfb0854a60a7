import { expect, it } from '@jest/globals'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from './cursor.js'

const sortKey = z.tuple([z.iso.datetime(), z.string()])

it('gives back the sort key it was made of', () => {
  const cursor = encodeCursor(['2026-01-05T10:00:00.000Z', 'ü/1'])
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
  expect(decodeCursor(cursor, sortKey)).toEqual(['2026-01-05T10:00:00.000Z', 'ü/1'])
})

it('is nothing for the first page', () => {
  expect(decodeCursor(undefined, sortKey)).toBeUndefined()
})

it.each(['', '!', encodeCursor([]), encodeCursor(['yesterday', 'x'])])('refuses "%s" by pointer', cursor => {
  expect(() => decodeCursor(cursor, sortKey)).toThrow(expect.objectContaining({
    code: 'invalid_fields', details: { errors: [{ in: 'query', pointer: '/cursor', message: 'is not a cursor of this list' }] },
  }))
})

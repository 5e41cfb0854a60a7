import { expect, it } from '@jest/globals'
import { people } from './answers.js'
import { toContactPage, toContacts } from './mapping.js'

const ann = { id: 'p_1', name: 'Ann', phones: [], created_at: '2026-01-05T10:00:00.000Z' }
const gone = { id: 'p_2', deleted_at: '2026-01-06T10:00:00.000Z', updated_at: '2026-01-06T10:00:00.000Z' }

it('takes a page apart into who is there and who was deleted', () => {
  expect(toContactPage(people.parse({ items: [gone, ann], next_cursor: 'abc' }))).toMatchObject({
    contacts: [{ id: 'p_1', name: 'Ann' }], deleted: ['p_2'], nextCursor: 'abc',
  })
})

it('finds nobody in what is left of a deleted person', () => {
  expect(toContacts(people.parse({ items: [gone], next_cursor: null }))).toEqual([])
})

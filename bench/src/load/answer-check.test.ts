import { expect, it } from '@jest/globals'
import { createAnswerCheck } from './answer-check.js'

const answer = (changes: object) => JSON.stringify({ status: 'complete', contacts: [{ id: 'c1', name: 'Ann' }], source: 'directory', ...changes })

it('accepts the contact that has the number', () => {
  const check = createAnswerCheck(['directory'])
  expect([1, 2, 3].map(() => check(200, answer({}), 'c1'))).toEqual([null, null, null])
})

it('accepts nobody where nobody has it', () => {
  const check = createAnswerCheck(['directory'])
  expect([1, 2].map(() => check(200, answer({ contacts: [] }), null))).toEqual([null, null])
})

it.each([
  [503, answer({}), 'c1'],
  [200, answer({}), 'c2'],
  [200, answer({}), null],
  [200, answer({ contacts: [] }), 'c1'],
  [200, answer({ status: 'pending' }), 'c1'],
  [200, answer({ source: 'crm' }), 'c1'],
])('refuses %s %s where %s is expected', (status, body, expected) => {
  expect(createAnswerCheck(['directory'])(status, body, expected)).toMatch(/status 503|expected/)
})

it('refuses another contact also in answers that it does not parse', () => {
  const check = createAnswerCheck(['directory'])
  check(200, answer({}), 'c1')
  expect(check(200, answer({ contacts: [{ id: 'c10', name: 'Ann' }] }), 'c1')).toMatch(/expected c1/)
})

it('asks the floor for no source', () => {
  expect(createAnswerCheck(null)(200, '{"contacts":[{"id":"c1","name":"Ann"}]}', 'c1')).toBeNull()
})

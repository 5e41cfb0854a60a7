import { expect, it } from '@jest/globals'
import { originalText } from './copy-adapter.js'
import { mutated } from './mutation.js'
import { mutations } from './mutations.js'

it('has at least 30 mutations, each of its own name', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(30)
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length)
})

it.each(mutations.map(mutation => [mutation.name, mutation] as const))('%s fits the adapter’s source in one place', async (_name, mutation) => {
  const text = await originalText(mutation.file)
  expect(mutated(text, mutation)).not.toBe(text)
})

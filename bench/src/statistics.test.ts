import { expect, it } from '@jest/globals'
import { median, percentile } from './statistics.js'

it('takes the middle, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1])).toBe(2.5)
  expect(median([])).toBeNaN()
})

it('takes the value that the share does not exceed', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, n) => n + 1)
  expect([0, 0.5, 0.99, 1].map(share => percentile(hundred, share))).toEqual([1, 50, 99, 100])
})

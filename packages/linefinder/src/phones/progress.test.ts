import { expect, it } from '@jest/globals'
import { Progress, progressLine } from './progress.js'

it('tells how much of a file is done and how fast, and of a pipe how much came', () => {
  expect(progressLine({ bytes: 5_000_000, totalBytes: 20_000_000, rows: 100_000, elapsedMs: 2000 })).toBe('[#####...............] 25 % of 20.0 MB, 100,000 rows, 50,000 rows/s')
  expect(progressLine({ bytes: 5_000_000, totalBytes: null, rows: 100_000, elapsedMs: 2000 })).toBe('5.0 MB, 100,000 rows, 50,000 rows/s')
  expect(progressLine({ bytes: 0, totalBytes: 0, rows: 0, elapsedMs: 0 })).toBe('[####################] 100 % of 0.0 MB, 0 rows, 0 rows/s')
})

it('writes to a terminal only, and wipes its line', () => {
  for (const isTTY of [true, false]) {
    const written: string[] = []
    const progress = new Progress({ isTTY, write: text => written.push(text) })
    progress.show({ bytes: 1, totalBytes: 2, rows: 1 })
    progress.clear()
    expect(written.map(text => text.slice(-3))).toEqual(isTTY ? ['\u001B[K', '\u001B[K'] : [])
  }
})

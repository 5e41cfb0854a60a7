import { expect, it } from '@jest/globals'
import { readConfig } from '../config.js'
import { runTour } from './run-tour.js'

it('tells the whole story, and shows no token', async () => {
  const lines: string[] = []
  await runTour(readConfig({}), { print: line => { lines.push(line) } })
  const text = lines.join('\n')
  expect(text).toContain('"name":"Jan de Vries"')
  expect(text).toContain('"matchedNumber":"(0413) 741-741"')
  expect(text).toContain('Exactly one activity, with the note.')
  expect(text).toContain('DELETE /v1/connection')
  expect(text).not.toMatch(/lfs_\w{10}|lfk_\w{10}/)
}, 60_000)

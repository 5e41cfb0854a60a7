import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { describeAdapter, isMatrixFresh, writeMatrix } from '@linefinder/conformance'
import { ringotelAdapter } from '@linefinder/declarative'
import { legacyUnderTest } from './testing/legacy-under-test.js'

const adapter = ringotelAdapter(readFileSync(new URL('../acme-legacy.json', import.meta.url), 'utf8'))
const { report } = describeAdapter({ adapter, crm: legacyUnderTest, limits: ['createOnlyActivities', 'needsContact', 'coarseTimes', 'repeatedHour', 'fewAtOnce', 'fullNumbersOnly'] })

const readme = new URL('../acme-legacy.md', import.meta.url).pathname

// UPDATE_MATRIX=1 writes it.
it('is as the page says', async () => {
  if (process.env['UPDATE_MATRIX']) await writeMatrix(report(), readme)
  expect(await isMatrixFresh(report(), readme)).toBe(true)
})

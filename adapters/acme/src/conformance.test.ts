import { expect, it } from '@jest/globals'
import { describeAdapter, isMatrixFresh, writeMatrix } from '@linefinder/conformance'
import acme from './index.js'
import { crmUnderTest, limits } from './testing/under-test.js'

const { report } = describeAdapter({ adapter: acme, crm: crmUnderTest, limits })

const readme = new URL('../README.md', import.meta.url).pathname

// UPDATE_MATRIX=1 writes it.
it('is as the README says', async () => {
  if (process.env['UPDATE_MATRIX']) await writeMatrix(report(), readme)
  expect(await isMatrixFresh(report(), readme)).toBe(true)
})

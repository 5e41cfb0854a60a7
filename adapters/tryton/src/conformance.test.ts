import { expect, it } from '@jest/globals'
import { describeAdapter, isMatrixFresh, writeMatrix } from '@linefinder/conformance'
import tryton from './index.js'
import { installed } from './testing/start-tryton.js'
import { crmUnderTest, limits } from './testing/under-test.js'

const readme = new URL('../README.md', import.meta.url).pathname

if (installed === '') it.skip('passes the conformance kit: there is no Tryton', () => undefined)
else {
  const { report } = describeAdapter({ adapter: tryton, crm: crmUnderTest, limits })

  // UPDATE_MATRIX=1 writes it.
  it('is as the README says', async () => {
    if (process.env['UPDATE_MATRIX']) await writeMatrix(report(), readme)
    expect(await isMatrixFresh(report(), readme)).toBe(true)
  })
}

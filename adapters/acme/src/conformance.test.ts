import { expect, it } from '@jest/globals'
import { describeAdapter, isMatrixFresh } from '@linefinder/conformance'
import acme from './index.js'
import { acmeUnderTest } from './testing/acme-under-test.js'

const { report } = describeAdapter({ adapter: acme, crm: acmeUnderTest })

it('is as the README says', async () => {
  expect(await isMatrixFresh(report(), new URL('../README.md', import.meta.url).pathname)).toBe(true)
})

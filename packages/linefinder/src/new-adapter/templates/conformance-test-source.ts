import type { AdapterPlan } from '../adapter-plan.js'

/** `src/conformance.test.ts`, for Jest beside this project's own adapters, for `node:test` elsewhere. */
export function conformanceTestSource({ identifier, isInRepository }: AdapterPlan): string {
  const runner = isInRepository ? 'import { expect, it } from \'@jest/globals\'\n' : 'import assert from \'node:assert/strict\'\nimport { after, before, describe, it } from \'node:test\'\n'
  const order = isInRepository ? 'import { readFile } from \'node:fs/promises\'\n' + runner : runner.replace('import { after', 'import { readFile } from \'node:fs/promises\'\nimport { after')
  const given = isInRepository ? `describeAdapter({ adapter: ${identifier}, crm: crmUnderTest, limits })` : `describeAdapter({
  adapter: ${identifier}, crm: crmUnderTest, limits,
  runner: { describe: (name, work) => { void describe(name, work) }, it: (name, work) => { void it(name, work) }, before: work => { before(work) }, after: work => { after(work) } },
})`
  return `${order}import { describeAdapter, isMatrixFresh, writeMatrix } from '@linefinder/conformance'
import ${identifier} from './index.js'
import { crmUnderTest, limits } from './testing/under-test.js'

const { report } = ${given}

const readme = new URL('../README.md', import.meta.url).pathname

// UPDATE_MATRIX=1 writes it anew.
it('is as the README says', async () => {
  const isNew = (await readFile(readme, 'utf8')).includes('Not proved yet.')
  if (isNew || process.env['UPDATE_MATRIX']) await writeMatrix(report(), readme)
  ${isInRepository ? 'expect(await isMatrixFresh(report(), readme)).toBe(true)' : 'assert.ok(await isMatrixFresh(report(), readme), \'run it once more with UPDATE_MATRIX=1\')'}
})
`
}

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { describeAdapter, type Runner } from './describe-adapter.js'
import { isMatrixFresh, matrixOf, writeMatrix } from './matrix.js'
import { cardAdapter, schemes } from './testing/card-adapter.js'
import { cardsUnderTest } from './testing/cards-under-test.js'

const example = fileURLToPath(new URL('../examples/notebook.test.mjs', import.meta.url))

/** A test runner that keeps what it is given, to run it later. */
function keepingRunner() {
  const befores: (() => Promise<void>)[] = []
  const afters: (() => Promise<void>)[] = []
  const tests: { name: string; run: () => Promise<void> }[] = []
  const runner: Runner = {
    describe: (_name, work) => { work() },
    it: (name, run) => { tests.push({ name, run }) },
    beforeAll: work => { befores.push(work) },
    afterAll: work => { afters.push(work) },
  }
  return {
    runner,
    async run() {
      const failed: string[] = []
      for (const before of befores) await before()
      for (const { name, run } of tests) await run().catch(() => failed.push(name))
      for (const after of afters) await after()
      return failed
    },
  }
}

const crm = () => cardsUnderTest(key => ({ key }))

it('makes a test of each check for any runner, and reports those that could not tell', async () => {
  const { runner, run } = keepingRunner()
  const wrong = { ...cardAdapter(schemes.apiKey), listUsers: async () => [] }
  const { report } = describeAdapter({ adapter: wrong, crm, topics: ['getUserInfo', 'messages'], runner })
  expect(await run()).toEqual(['lists the users of the CRM, the connected one among them'])
  expect(report().counts).toMatchObject({ passed: 4, failed: 1, limited: 0 })
  expect(report().checks.filter(({ status }) => status === 'absent').every(({ reason }) => reason === 'no createMessageLog')).toBe(true)
})

it('refuses a runner that cannot start a CRM', () => {
  const { runner } = keepingRunner()
  expect(() => describeAdapter({ adapter: cardAdapter(schemes.apiKey), crm, runner: { describe: runner.describe, it: runner.it } })).toThrow(/beforeAll/)
})

it('runs under node:test, as the example shows', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', example], { env: { ...process.env, NODE_OPTIONS: '' } })
  expect(stdout).toMatch(/^# pass 1[0-9]{2}$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
}, 60_000)

it('puts the matrix between its markers, and knows whether it is fresh', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  const readme = join(folder, 'README.md')
  const { runner, run } = keepingRunner()
  const { report } = describeAdapter({ adapter: cardAdapter(schemes.apiKey), crm, limits: ['needsContact'], topics: ['contract'], runner })
  await run()
  try {
    await writeFile(readme, '# Cards\n\nWords before.\n')
    expect(await isMatrixFresh(report(), readme)).toBe(false)
    await writeMatrix(report(), readme)
    await writeFile(readme, `${await readFile(readme, 'utf8')}\nWords behind.\n`)
    expect(await isMatrixFresh(report(), readme)).toBe(true)
    const text = await readFile(readme, 'utf8')
    expect(text).toContain(matrixOf(report()))
    expect(text).toMatch(/^# Cards\n\nWords before\.\n[^]*Words behind\.\n$/)
    expect(text).toContain('| limit `needsContact` |')
  } finally {
    await rm(folder, { recursive: true })
  }
})

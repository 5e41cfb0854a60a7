import type { Bench } from './bench.js'
import { topics } from './check.js'
import { reportOf, type Report, type Result } from './report.js'
import { runCheck } from './run-check.js'
import { checksOf, openBench, type ConformanceOptions } from './run-conformance.js'

type Hook = (work: () => Promise<void>, timeoutMs?: number) => void

/** What a test runner gives: Jest and Vitest by these names, `node:test` with `before` and `after`. */
export interface Runner {
  describe(name: string, work: () => void): void
  it(name: string, work: () => Promise<void>, timeoutMs?: number): void
  readonly beforeAll?: Hook
  readonly afterAll?: Hook
  readonly before?: Hook
  readonly after?: Hook
}

export interface DescribeOptions extends ConformanceOptions {
  /** Default the runner's globals. */
  readonly runner?: Runner
}

const patienceMs = 150_000

/**
 * Registers a test for each check. A check that is limited or absent passes, and is named in the report, which is complete when the
 * last of them has run.
 */
export function describeAdapter(options: DescribeOptions): { report(): Report } {
  const runner = options.runner ?? globalRunner()
  const before = runner.beforeAll ?? runner.before
  const after = runner.afterAll ?? runner.after
  if (!before || !after) throw new Error('the runner has neither beforeAll and afterAll nor before and after')
  const results: Result[] = []
  let bench: Bench | undefined

  runner.describe(`the adapter ${options.adapter.id}`, () => {
    before(async () => { bench = await openBench(options) }, patienceMs)
    after(async () => { await bench?.close() }, patienceMs)
    const checks = checksOf(options)
    for (const topic of topics.filter(each => checks.some(check => check.topic === each))) {
      runner.describe(topic, () => {
        for (const check of checks.filter(each => each.topic === topic)) {
          runner.it(check.name, async () => {
            if (!bench) throw new Error('the CRM under test could not be started')
            const outcome = await runCheck(check, bench)
            results.push({ check, outcome })
            if (outcome.status === 'failed') throw outcome.error
          }, patienceMs)
        }
      })
    }
  })
  return { report: () => reportOf(options.adapter, bench?.scheme.type ?? '', options.limits ?? [], results) }
}

function globalRunner(): Runner {
  // Runners put these there; what is missing is told below.
  const runner = globalThis as unknown as Partial<Runner>
  if (!runner.describe || !runner.it) throw new Error('this test runner has no globals: pass { describe, it, beforeAll, afterAll } as runner')
  return runner as Runner
}

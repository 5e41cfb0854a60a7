import type { CrmAdapter } from '@linefinder/core'
import { Bench } from './bench.js'
import { checks as allChecks } from './checks/index.js'
import type { Check, Topic } from './check.js'
import type { CrmUnderTest } from './crm-under-test.js'
import type { LimitName } from './limits.js'
import { reportOf, type Report, type Result } from './report.js'
import { runCheck } from './run-check.js'

export interface ConformanceOptions {
  readonly adapter: CrmAdapter
  /** Started when it is needed, and stopped by its `stop`. */
  readonly crm: CrmUnderTest | (() => Promise<CrmUnderTest>)
  /** What the CRM cannot do. Default nothing. */
  readonly limits?: readonly LimitName[]
  /** Only these. Default all. */
  readonly topics?: readonly Topic[]
}

export interface RunOptions extends ConformanceOptions {
  /** Called after each check. */
  onResult?(result: Result): void
  /** Default false. */
  readonly isOverAtFirstFailure?: boolean
}

/** Those about credentials are for an adapter that handles them itself: no other one gets to see any. */
export const checksOf = ({ adapter, topics }: Pick<ConformanceOptions, 'adapter' | 'topics'>): readonly Check[] => allChecks.filter(({ topic }) =>
  (topics === undefined || topics.includes(topic)) && (topic !== 'credentials' || adapter.needsCredentials === true))

export const openBench = async ({ adapter, crm, limits = [] }: ConformanceOptions): Promise<Bench> =>
  Bench.open(adapter, typeof crm === 'function' ? await crm() : crm, limits)

/** Runs every check, without a test runner. An adapter that fails makes no throw: look at `counts.failed`. */
export async function runConformance(options: RunOptions): Promise<Report> {
  const bench = await openBench(options)
  const results: Result[] = []
  try {
    for (const check of checksOf(options)) {
      const result = { check, outcome: await runCheck(check, bench) }
      results.push(result)
      options.onResult?.(result)
      if (options.isOverAtFirstFailure === true && result.outcome.status === 'failed') break
    }
  } finally {
    await bench.close()
  }
  return reportOf(options.adapter, bench.scheme.type, options.limits ?? [], results)
}

import { runConformance, type CrmUnderTest } from '@linefinder/conformance'
import { loadMutant, startAcmeUnderTest } from './copy-adapter.js'
import type { Mutation } from './mutation.js'

export interface Catch {
  readonly name: string
  readonly bug: string
  /** The first check that failed; `null` when none did. */
  readonly caughtBy: string | null
  readonly reason: string
}

/** People pile up in an Acme, and long lists take long. */
const huntsPerAcme = 12

/** Tries the adapter with each of the bugs, one at a time. */
export async function hunt(mutations: readonly Mutation[], onCatch: (caught: Catch) => void = () => undefined): Promise<Catch[]> {
  const catches: Catch[] = []
  let acme: CrmUnderTest | undefined
  try {
    for (const [index, mutation] of mutations.entries()) {
      if (index % huntsPerAcme === 0) {
        await acme?.stop?.()
        acme = await startAcmeUnderTest()
      }
      if (!acme) continue
      const caught = await huntOne(mutation, acme)
      catches.push(caught)
      onCatch(caught)
    }
  } finally {
    await acme?.stop?.()
  }
  return catches
}

async function huntOne(mutation: Mutation, acme: CrmUnderTest): Promise<Catch> {
  const { stop: _later, ...crm } = acme
  const report = await runConformance({ adapter: await loadMutant(mutation), crm, isOverAtFirstFailure: true })
  const failed = report.checks.find(({ status }) => status === 'failed')
  return {
    name: mutation.name, bug: mutation.bug, caughtBy: failed ? `${failed.topic}: ${failed.name}` : null,
    reason: failed?.reason?.split('\n')[0] ?? '',
  }
}

import type { LoadClient } from './load/load-client.js'
import type { LoadJob, LoadResult } from './load/load-job.js'
import { median } from './statistics.js'

export interface Side {
  readonly who: string
  readonly job: LoadJob
  /** Runs before each of its rounds, unmeasured. */
  prepare?(): Promise<void>
}

/** One side's rounds. */
export interface Measured {
  readonly case: string
  readonly connections: number
  readonly who: string
  readonly rounds: readonly LoadResult[]
}

/** Measures the sides in turn (ABAB), every round with other questions. */
export async function compare(load: LoadClient, name: string, rounds: number, sides: readonly Side[]): Promise<Measured[]> {
  const results = sides.map((): LoadResult[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, { job, prepare }] of sides.entries()) {
      await prepare?.()
      const questions = { ...job.questions, seed: job.questions.seed + round * sides.length + index }
      results[index]?.push(await load.run({ ...job, questions }))
    }
  }
  return sides.map(({ who, job: { connections } }, index) => ({ case: name, connections, who, rounds: results[index] ?? [] }))
}

/** Medians of the rounds; `NaN` for what the system does not tell. Failures are added up. */
export function summarise({ rounds }: Measured) {
  const of = (figure: (round: LoadResult) => number | null) => median(rounds.map(round => figure(round) ?? NaN))
  return {
    requestsPerSecond: of(round => round.requestsPerSecond),
    p50Ms: of(round => round.p50Ms),
    p99Ms: of(round => round.p99Ms),
    serverCpuMsPerRequest: of(({ serverCpuMs, requests }) => serverCpuMs === null ? null : serverCpuMs / requests),
    clientCpuMsPerRequest: of(({ clientCpuMs, requests }) => clientCpuMs / requests),
    serverRssMb: of(({ serverRssBytes }) => serverRssBytes === null ? null : serverRssBytes / 2 ** 20),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
    firstFailure: rounds.find(({ firstFailure }) => firstFailure !== null)?.firstFailure ?? null,
  }
}

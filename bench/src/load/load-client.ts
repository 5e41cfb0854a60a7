import { forkProgram, nextMessage, stopChild } from '../parts/forked-part.js'
import { loadResult, type LoadJob, type LoadResult } from './load-job.js'

/** autocannon in a process of its own; one job at a time. */
export interface LoadClient {
  run(job: LoadJob): Promise<LoadResult>
  stop(): Promise<void>
}

const program = 'load/worker.js'

export async function startLoadClient(seed: number): Promise<LoadClient> {
  const child = forkProgram(program, [JSON.stringify({ seed })])
  await nextMessage(child, program)
  return {
    async run(job) {
      const answer = nextMessage(child, program)
      child.send(job)
      return loadResult.parse(await answer)
    },
    stop: () => stopChild(child),
  }
}

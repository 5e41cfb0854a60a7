import * as z from 'zod'
import { BenchError } from '../bench-error.js'
import { forkProgram, nextMessage, stopChild } from '../parts/forked-part.js'
import { loadResult, type LoadJob, type LoadResult } from './load-job.js'

/** autocannon in a process of its own; one job at a time. */
export interface LoadClient {
  /** Throws `wrong_answer` when nothing was answered, `part_ended` when it has been stopped. */
  run(job: LoadJob): Promise<LoadResult>
  stop(): Promise<void>
}

const program = 'load/worker.js'

export async function startLoadClient(seed: number): Promise<LoadClient> {
  const child = forkProgram(program, [JSON.stringify({ seed })])
  await nextMessage(child, program)
  return {
    async run(job) {
      if (!child.connected) throw new BenchError('part_ended', `${program} has ended`)
      const answer = nextMessage(child, program)
      child.send(job)
      const told = z.union([loadResult, z.object({ error: z.string() })]).parse(await answer)
      if ('error' in told) throw new BenchError('wrong_answer', `${job.url}${job.path}: ${told.error}`)
      return told
    },
    stop: () => stopChild(child),
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Dependencies } from '../dependencies.js'
import { countOld, emptyOld, type RetentionRequest } from './retention-statements.js'

const pieceSize = 5000
const firstId = '00000000-0000-0000-0000-000000000000'
const dayMs = 24 * 3_600_000

/** Deletes what was said of calls, messages and callbacks some time after the CRM has it. Their keys stay, so that nothing is logged twice. */
export class Retention {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'log'>) {}

  /** Returns how many entries lost their content, or with `isDryRun` would. Works through the table in pieces, beside everything else. */
  async run(request: RetentionRequest, isDryRun = false): Promise<number> {
    const work = isDryRun ? countOld : emptyOld
    let [after, total]: [string | null, number] = [firstId, 0]
    while (after !== null) {
      const piece = await work(this.deps.database, after, pieceSize, request)
      total += piece.count
      after = piece.lastId
      await sleep(0)
    }
    return total
  }

  /** Once a day, and at first when the process has been up for a while. Returns what ends it. */
  start(days: number): () => void {
    const run = () => {
      this.run({ days, tenantId: null, includesFailed: false })
        .then(count => { this.deps.log.info({ count, days }, 'deleted the content of old entries') })
        .catch((error: unknown) => { this.deps.log.error({ err: error }, 'the content of old entries could not be deleted') })
    }
    const first = setTimeout(run, dayMs / 24).unref()
    const timer = setInterval(run, dayMs).unref()
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }
}

import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { BenchError } from './bench-error.js'
import { describePostgres } from './postgres.js'

export interface Machine {
  readonly system: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  /** Of the last minute, when the run began: more than a little, and others were at work. */
  readonly load: number
  readonly node: string
  /** Version and settings; `null` when none answers. */
  readonly postgres: Readonly<Record<string, string>> | null
  /** Of our sources; `null` outside a git checkout. */
  readonly commit: string | null
}

/** What a figure cannot be read without. */
export async function describeMachine(): Promise<Machine> {
  return {
    system: `${type()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    node: process.version,
    postgres: await describePostgres().catch((error: unknown) => {
      if (error instanceof BenchError) return null
      throw error
    }),
    commit: commit(),
  }
}

function commit(): string | null {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

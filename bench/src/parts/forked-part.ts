import { fork, type ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { BenchError } from '../bench-error.js'

/** One of our own programs in a process of its own. It says one thing when it is ready: where it listens. */
export interface ForkedPart {
  readonly pid: number
  /** `host:port`. */
  readonly host: string
  stop(): Promise<void>
}

/** `program`: its path in this package's `dist`. `argument`: given to it as JSON. `logFile`: where its standard output goes. */
export async function startPart(program: string, argument: unknown, logFile?: string): Promise<ForkedPart> {
  const child = forkProgram(program, [JSON.stringify(argument)], logFile)
  return { pid: pidOf(child), host: z.string().parse(await nextMessage(child, program)), stop: () => stopChild(child) }
}

export function forkProgram(program: string, args: readonly string[], logFile?: string): ChildProcess {
  return fork(fileURLToPath(new URL(`../${program}`, import.meta.url)), args, {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', logFile === undefined ? 'inherit' : openSync(logFile, 'a'), 'inherit', 'ipc'],
  })
}

/** Throws `part_ended` when the process ends before it has said anything more. */
export function nextMessage(child: ChildProcess, program: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => { child.off('exit', onExit); resolve(message) }
    const onExit = (code: number | null) => { child.off('message', onMessage); reject(new BenchError('part_ended', `${program} ended with ${String(code)}`)) }
    child.once('message', onMessage)
    child.once('exit', onExit)
  })
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new BenchError('part_ended', 'a process could not be started')
  return pid
}

export async function stopChild(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, watch } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { adapterModuleAt } from '../check/adapter-module.js'
import { buildAdapter } from '../check/build-adapter.js'
import { CommandError } from '../command-error.js'
import type { DevOptions } from './dev-command.js'

const executable = fileURLToPath(new URL('../main.js', import.meta.url))

/** Editors write a file in several steps, and several files at once. */
const settleMs = 150

/** Runs until told to stop. What does not compile is told, and what was served before goes on. */
export async function watchAndServe(typed: string, options: DevOptions): Promise<void> {
  const { folder } = adapterModuleAt(typed)
  if (folder === null || !existsSync(join(folder, 'src'))) throw new CommandError(`${typed} is no folder of an adapter with a src in it.`)
  let server = options.build && !await isBuilt(folder) ? null : start(folder, options)
  let isBusy = false
  let isStale = false

  const renew = async (): Promise<void> => {
    isStale = true
    if (isBusy) return
    isBusy = true
    while (isStale) {
      await new Promise(resolve => setTimeout(resolve, settleMs))
      isStale = false
      if (!await isBuilt(folder)) continue
      if (server) await end(server)
      server = start(folder, options)
    }
    isBusy = false
  }
  const watcher = watch(join(folder, 'src'), { recursive: true }, () => { void renew() })

  await new Promise<void>(done => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, done) })
  watcher.close()
  if (server) await end(server)
  process.exit(0)
}

async function isBuilt(folder: string): Promise<boolean> {
  try {
    await buildAdapter(folder)
    return true
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    console.log(`\n${error.message}\n\nWaiting for a change.`)
    return false
  }
}

function start(folder: string, { port, bodies, tour }: DevOptions): ChildProcess {
  const flags = ['--no-watch', '--no-build', '--port', String(port), ...(bodies ? ['--bodies'] : []), ...(tour ? ['--tour'] : [])]
  return spawn(process.execPath, [executable, 'dev', resolve(folder), ...flags], { stdio: 'inherit' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(resolve => { child.once('exit', resolve) })
  child.kill('SIGTERM')
  await ended
}

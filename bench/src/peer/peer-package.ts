import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BenchError } from '../bench-error.js'

/** Where the peer's package has a place of its own. */
export const peerFolder = fileURLToPath(new URL('../../peer/', import.meta.url))

export const isPeerInstalled = (): boolean => existsSync(`${peerFolder}node_modules/@app-connect/core/package.json`)

/** As its lock says, without running anything of it. Does nothing when it is there. Throws `no_peer`. */
export async function installPeer(): Promise<void> {
  if (isPeerInstalled()) return
  console.error('Installing @app-connect/core and what it needs into bench/peer …')
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: peerFolder, stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('exit', resolve) })
  if (code !== 0) throw new BenchError('no_peer', `npm ci in bench/peer ended with ${String(code)}.`)
}

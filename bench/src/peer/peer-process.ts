import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { BenchError } from '../bench-error.js'
import { findFreePort } from '../chaos/free-port.js'
import { pidOf, stopChild } from '../parts/forked-part.js'
import { peerFolder } from './peer-package.js'

/** App Connect's server in a process of its own. */
export interface PeerProcess {
  readonly pid: number
  readonly url: string
  stop(): Promise<void>
  /** With no time to end anything. */
  kill(): Promise<void>
}

export interface PeerParts {
  readonly databaseUrl: string
  /** Where its standard output goes. */
  readonly logFile: string
  /** Default any free one. */
  readonly port?: number
  /** Further variables. */
  readonly variables?: Readonly<Record<string, string>>
}

/** With which the peer signs its tokens. */
/** With what it hashes ids of RingCentral's. */
export const hashKey = 'the hash key of the bench'
export const secretKey = 'the secret key of the bench'

const startsWithinMs = 60_000
const everyMs = 5

/** Set up as in production, without DynamoDB and analytics; ready to serve. Throws `part_ended`. */
export async function startPeer({ databaseUrl, logFile, port: wanted, variables = {} }: PeerParts): Promise<PeerProcess> {
  const port = wanted ?? await findFreePort()
  const url = `http://127.0.0.1:${String(port)}`
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, ['server.cjs'], {
    cwd: peerFolder,
    env: {
      PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', IS_PROD: 'true', PORT: String(port), APP_SERVER: url, DATABASE_URL: databaseUrl,
      APP_SERVER_SECRET_KEY: secretKey, HASH_KEY: hashKey, ...variables,
    },
    stdio: ['ignore', log, log],
  })
  const ended = new Promise<never>((_, reject) => child.once('exit', code => { reject(new BenchError('part_ended', `the peer ended with ${String(code)}; its log: ${logFile}`)) }))
  await Promise.race([untilServes(`${url}/isAlive`), ended])
  // Whoever waits for its end later hears it from `stopChild`.
  ended.catch(() => undefined)
  return { pid: pidOf(child), url, stop: () => stopChild(child), kill: () => stopChild(child, 'SIGKILL') }
}

/** Resolves at the first answer with 200. */
export async function untilServes(url: string): Promise<void> {
  const endsAt = performance.now() + startsWithinMs
  while (performance.now() < endsAt) {
    const status = await fetch(url).then(async response => { await response.arrayBuffer(); return response.status }, () => null)
    if (status === 200) return
    await wait(everyMs)
  }
  throw new BenchError('part_ended', `${url} did not answer within a minute`)
}

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BenchError } from '../bench-error.js'
import { pidOf, stopChild } from './forked-part.js'

export interface ServerProcess {
  readonly pid: number
  readonly url: string
  /** Of the default tenant. */
  readonly adminKey: string
  stop(): Promise<void>
  /** With no time to end anything. */
  kill(): Promise<void>
}

export interface ServerParts {
  readonly databaseUrl: string
  /** What seals secrets. Default new ones, for an empty database. */
  readonly keys?: string
  /** For a database that has one: it is printed once only. */
  readonly adminKey?: string
  /** `host:port` of the generated CRM. */
  readonly crmHost: string
  /** Module of the adapter. Default that of the generated CRM. */
  readonly adapter?: string
  /** Further variables. */
  readonly variables?: Readonly<Record<string, string>>
  /** Where its log goes. */
  readonly logFile: string
}

const executable = fileURLToPath(new URL('../../../packages/linefinder/dist/main.js', import.meta.url))
const generatedCrm = fileURLToPath(new URL('../crm/adapter.js', import.meta.url))

export const newKeys = (): string => `bench:${randomBytes(32).toString('base64')}`

/** The executable with the adapter of the generated CRM, set up as in production; ready to serve. Throws `part_ended`. */
export async function startServer({ databaseUrl, crmHost, logFile, adapter = generatedCrm, variables = {}, keys = newKeys(), adminKey: knownKey }: ServerParts): Promise<ServerProcess> {
  const child = spawn(process.execPath, [executable, 'start'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'info',
      DATABASE_URL: databaseUrl,
      LINEFINDER_KEYS: keys,
      LINEFINDER_ADAPTERS: adapter,
      LINEFINDER_PRIVATE_ORIGINS: `http://${crmHost}`,
      ...variables,
    },
    stdio: ['ignore', openSync(logFile, 'a'), 'pipe'],
  })
  let told = ''
  const { url, adminKey } = await new Promise<{ url: string; adminKey: string }>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      told += chunk.toString()
      const key = knownKey ?? /shown this once: (lfk_\S+)/.exec(told)?.[1]
      const [, address] = /ready on (\S+?)\. /.exec(told) ?? []
      if (key !== undefined && address !== undefined) resolve({ url: address, adminKey: key })
    })
    child.once('exit', code => { reject(new BenchError('part_ended', `the server ended with ${String(code)}:\n${told}`)) })
  })
  const onDeath = () => { console.error(`The server has ended by itself:\n${told}`) }
  child.once('exit', onDeath)
  return {
    pid: pidOf(child), url, adminKey,
    stop() {
      child.off('exit', onDeath)
      return stopChild(child)
    },
    kill() {
      child.off('exit', onDeath)
      return stopChild(child, 'SIGKILL')
    },
  }
}

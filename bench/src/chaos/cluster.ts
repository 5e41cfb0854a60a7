import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { BenchError } from '../bench-error.js'
import { createDatabase } from '../postgres.js'
import { findFreePort } from './free-port.js'

/** A PostgreSQL that may be hurt. */
export interface Cluster {
  readonly url: string
  /** What `restart` does to it. */
  readonly restartIs: string
  /** `immediate`: as when its machine fails. Resolves once it answers again. */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  stop(): Promise<void>
}

/** One of its own where PostgreSQL's programs are to be had, else a database whose connections are all ended in place of a restart. */
export async function startCluster(): Promise<Cluster> {
  const programs = findPrograms()
  return programs === null ? useSharedServer() : startOwn(programs)
}

function findPrograms(): string | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a)) : []
  return versions.map(version => `/usr/lib/postgresql/${version}/bin`).find(folder => existsSync(join(folder, 'initdb'))) ?? null
}

async function startOwn(programs: string): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'linefinder-chaos-pg-'))
  const account = postgresAccount()
  if (account) chownSync(folder, account.uid, account.gid)
  const run = (program: string, args: readonly string[]) => runAs(account !== null, join(programs, program), args)
  const data = join(folder, 'data')
  const port = await findFreePort()
  const settings = `-p ${String(port)} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=200`
  await run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres'])
  const control = (args: readonly string[]) => run('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(folder, 'log'), ...args])
  await control(['-o', settings, 'start'])
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    restartIs: 'a cluster of its own, restarted: at once, without a checkpoint, and in order',
    restart: mode => control(['-m', mode, '-o', settings, 'restart']),
    async stop() {
      await control(['-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function useSharedServer(): Promise<Cluster> {
  const database = await createDatabase()
  return {
    url: database.url,
    restartIs: 'a database of a shared server, all of whose connections are ended',
    async restart() {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
      await client.end()
    },
    stop: () => database.drop(),
  }
}

/** PostgreSQL refuses to run as root; `null` for anybody else. */
function postgresAccount(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? []
  if (uid === undefined) throw new BenchError('no_postgres', 'There is no user postgres to run a cluster as.')
  return { uid: Number(uid), gid: Number(gid) }
}

async function runAs(isPostgres: boolean, program: string, args: readonly string[]): Promise<void> {
  const [command = program, ...all] = isPostgres ? ['runuser', '-u', 'postgres', '--', program, ...args] : [program, ...args]
  // The server that it starts keeps whatever it is given, so it is given nothing.
  const child = spawn(command, all, { stdio: 'ignore', cwd: tmpdir() })
  const code = await new Promise<number | null>((resolve, reject) => { child.once('exit', resolve).once('error', reject) })
  if (code !== 0) throw new BenchError('no_postgres', `${program} ended with ${String(code)}`)
}

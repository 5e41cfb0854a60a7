import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Where a database of a new Tryton lies, or empty where there is no Tryton. */
export const installed = process.env['LINEFINDER_TEST_TRYTON'] ?? ''

export interface Tryton {
  /** Such as `127.0.0.1:34567`. */
  readonly host: string
  readonly url: string
  readonly database: 'crm'
  readonly adminPassword: string
  stop(): Promise<void>
}

export interface TrytonOptions {
  /** Whether Python's phonenumbers is there, by which Tryton rewrites numbers and refuses wrong ones. Default false: they stay as typed. */
  readonly rewritesNumbers?: boolean
}

/** Debian's Tryton on a free port, with a new database. */
export async function startTryton({ rewritesNumbers = false }: TrytonOptions = {}): Promise<Tryton> {
  const folder = await mkdtemp(join(tmpdir(), 'linefinder-tryton-'))
  const place = await findPlace()
  await copyFile(join(place, 'crm.sqlite'), join(folder, 'crm.sqlite'))
  const host = `127.0.0.1:${String(await findFreePort())}`
  const config = join(folder, 'trytond.conf')
  await writeFile(config, `[database]\nuri = sqlite://\npath = ${folder}\n[web]\nlisten = ${host}\n`)
  const modules = join(folder, 'python')
  await mkdir(modules)
  if (!rewritesNumbers) await writeFile(join(modules, 'phonenumbers.py'), 'raise ImportError\n')

  const child = spawn('/usr/bin/trytond', ['-c', config, '-d', 'crm'], { env: { ...process.env, PYTHONPATH: modules }, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => { output = (output + chunk.toString()).slice(-10_000) })
  const exited = new Promise<void>(resolve => { child.on('exit', () => { resolve() }) })
  const url = `http://${host}`
  const endsAt = Date.now() + 60_000
  while (!await isReady(url)) {
    if (child.exitCode !== null || Date.now() > endsAt) throw new Error(`Tryton did not start:\n${output}`)
    await sleep(100)
  }
  return {
    host, url, database: 'crm',
    adminPassword: (await readFile(join(place, 'password'), 'utf8')).trim(),
    async stop() {
      child.kill()
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Outside a test run, as in `linefinder check`, it is looked for in the same way. */
async function findPlace(): Promise<string> {
  if (installed !== '') return installed
  const root = new URL('../../../../', import.meta.url)
  const { findTryton } = await import(new URL('test/find-tryton.js', root).href) as { findTryton(cacheFolder: string): Promise<string | null> }
  const found = await findTryton(fileURLToPath(new URL('node_modules/.cache/linefinder-tryton/', root)))
  if (found === null) throw new Error('There is no Tryton: it comes from Debian, see adapters/tryton/README.md.')
  return found
}

async function isReady(url: string): Promise<boolean> {
  try {
    const body = JSON.stringify({ id: 0, method: 'common.server.version', params: [] })
    return (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).ok
  } catch {
    return false
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that has just begun to listen on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}

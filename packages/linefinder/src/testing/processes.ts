import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

export interface ServerProcess {
  readonly url: string
  /** Everything it has printed. */
  output(): string
  /** Sends the signal and resolves to the exit code once it has ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

const executable = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** The executable in a process of its own, ready to serve. */
export async function startProcess(environment: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [executable, 'start'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = new Promise<number | null>(resolve => { child.on('exit', resolve) })
  const ready = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const [, url] = /ready on (\S+?)\. /.exec(output) ?? []
      if (url !== undefined) resolve(url)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then(code => { reject(new Error(`the server ended with ${String(code)}:\n${output}`)) })
  })
  return { url: await ready, output: () => output, end: signal => end(child, exited, signal) }
}

export interface CommandOptions {
  /** Sent by a pipe. Default nothing. */
  readonly stdin?: string | Buffer
  /** Default that of the test. */
  readonly folder?: string
  /** Told of the running process, to send it signals. */
  onStart?(child: ChildProcess): void
}

/** Runs another command of the executable to its end. Output is taken as UTF-8. */
export async function runCommand(
  args: string[], environment: Record<string, string>, { stdin = '', folder, onStart }: CommandOptions = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [executable, ...args], { env: { PATH: process.env['PATH'] ?? '', ...environment }, stdio: 'pipe', cwd: folder })
  onStart?.(child)
  // One that ends without reading everything closes its end of the pipe.
  child.stdin.on('error', () => undefined).end(stdin)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const code = await new Promise<number | null>(resolve => { child.on('close', resolve) })
  return { code, stdout, stderr }
}

export async function findFreePort(): Promise<number> {
  // Below those that systems give to whoever asks for any: another could have it by the time that it is used.
  const port = randomInt(20_000, 32_000)
  const server = createServer()
  const isFree = await new Promise<boolean>(resolve => { server.once('error', () => { resolve(false) }).listen(port, '127.0.0.1', () => { resolve(true) }) })
  if (!isFree) return findFreePort()
  await new Promise(resolve => { server.close(resolve) })
  return port
}

function end(child: ChildProcess, exited: Promise<number | null>, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  child.kill(signal)
  return exited
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('.', import.meta.url))

let server: ChildProcess
let setUp = ''
let printed = ''
beforeAll(async () => {
  server = spawn(process.execPath, ['server.js'], { cwd: folder, env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: server.stdout! })) {
    printed += `${line}\n`
    if (line.startsWith('export ')) {
      setUp = line
      break
    }
  }
})
afterAll(async () => {
  if (server.exitCode !== null) return
  server.kill('SIGINT')
  // It stops by itself when it is interrupted.
  expect(await once(server, 'exit')).toEqual([0, null])
})

describe('the quickstart', () => {
  it('is at most twenty lines', async () => {
    const lines = (await readFile(`${folder}server.js`, 'utf8')).trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(20)
  })

  it('says where to look and how to administer', () => {
    expect(printed).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\/docs\. Admin key: lfk_\S{20,}\. /)
  })

  it('leads by the README’s three commands from the key to one call in the CRM', async () => {
    const readme = await readFile(`${folder}README.md`, 'utf8')
    const commands = [...readme.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, code = '']) => code).filter(code => code.includes('curl'))
    expect(commands).toHaveLength(3)
    const [connect = '', find = '', log = ''] = commands
    const script = [setUp, connect, find, 'echo', log, 'echo', log].join('\n')
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script])
    const [found, logged, again] = stdout.split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
    expect(found).toMatchObject({ number: '+31413741741', contacts: [{ id: 'c1', name: 'Jan de Vries' }] })
    expect(logged).toMatchObject({ status: 'delivered', version: 1 })
    expect(again).toEqual(logged)
  })
})

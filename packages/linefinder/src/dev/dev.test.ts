import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCommand } from '../testing/processes.js'
import { exchangeLines } from './exchange-lines.js'
import type { Exchange } from './exchange-proxy.js'

const executable = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let folder = ''
// Inside the package, so that dependencies resolve without an installation.
beforeAll(async () => { folder = await mkdtemp(fileURLToPath(new URL('../../dist/dev-', import.meta.url))) })
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('an exchange with a CRM', () => {
  const exchange: Exchange = {
    method: 'POST', url: '/oauth/token?api_key=k-123&phone=%2B31201234567', status: 200, ms: 12,
    sent: { type: 'application/x-www-form-urlencoded', text: 'grant_type=refresh_token&refresh_token=r-123&client_secret=s-123' },
    answered: { type: 'application/json; charset=utf-8', text: '{"access_token":"a-123","user":{"name":"Ann","password":"p-123"},"note":"Hello."}' },
  }

  it('is one line, and more with bodies', () => {
    expect(exchangeLines(exchange, false)).toEqual(['crm  POST   /oauth/token?api_key=[hidden]&phone=%2B31201234567  200  12 ms'])
    expect(exchangeLines(exchange, true)).toEqual([
      'crm  POST   /oauth/token?api_key=[hidden]&phone=%2B31201234567  200  12 ms',
      '     > grant_type=refresh_token&refresh_token=[hidden]&client_secret=[hidden]',
      '     < {"access_token":"[hidden]","user":{"name":"Ann","password":"[hidden]"},"note":"Hello."}',
    ])
  })

  it('shows nothing of what it cannot read', () => {
    const broken = { ...exchange, status: null, sent: { type: 'audio/mpeg', text: 'token' }, answered: { type: 'application/json', text: '{"token":"t-123' } }
    expect(exchangeLines(broken, true).slice(1)).toEqual(['     > 5 characters of audio/mpeg', '     < 15 characters that are no JSON'])
    expect(exchangeLines(broken, true)[0]).toContain('no answer')
  })
})

/** What a process prints, waited for. */
class Output {
  #text = ''
  #waiting: (() => void)[] = []

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#text += chunk.toString()
        for (const look of this.#waiting.splice(0)) look()
      })
    }
  }

  /** Everything up to and including `text`, which is then forgotten. */
  async until(text: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(text)
      if (at !== -1) {
        const before = this.#text.slice(0, at + text.length)
        this.#text = this.#text.slice(at + text.length)
        return before
      }
      await new Promise<void>(resolve => { this.#waiting.push(resolve) })
    }
  }
}

describe('dev', () => {
  it('serves an adapter, tells what passes, and starts anew at a change', async () => {
    await runCommand(['new-adapter', 'card-file', '--auth', 'oauth2', '--folder', '.'], {}, { folder })
    const child = spawn(process.execPath, [executable, 'dev', '.', '--port', '0', '--tour', '--bodies'], { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = new Output(child)
    try {
      const first = await output.until('Ready.')
      expect(first).toContain('Card file on http://127.0.0.1:')
      expect(first).toMatch(/^crm {2}GET {4}\/api\/contacts\?phone=0413741741 {2}200 {2}\d+ ms$/m)
      expect(first).toMatch(/^crm {2}PATCH {2}\/api\/activities\//m)
      expect(first).toContain('"access_token":"[hidden]"')
      expect(first).not.toMatch(/access-[0-9a-f]{8}|refresh-[0-9a-f]{8}/)
      expect(first).toContain('That was the tour.')

      const index = join(folder, 'src/index.ts')
      const right = await readFile(index, 'utf8')
      await writeFile(index, right.replace('name: \'Card file\'', 'name: 17'))
      expect(await output.until('Waiting for a change.')).toContain('Type \'number\' is not assignable to type \'string\'')
      await writeFile(index, right.replace('name: \'Card file\'', 'name: \'Cards\''))
      expect(await output.until('Ready.')).toContain('Cards on http://127.0.0.1:')

      const ended = new Promise(resolve => { child.once('exit', resolve) })
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    } finally {
      child.kill('SIGKILL')
    }
  }, 120_000)

  it('says what is wrong in a sentence', async () => {
    for (const [args, sentence] of [[['nowhere'], 'nowhere does not exist.'], [['.', '--port', '70000'], 'It is a number of at most 65535.'], [['package.json'], 'is a document']] as const) {
      const { code, stderr } = await runCommand(['dev', ...args], {}, { folder })
      expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)])
    }
  }, 60_000)
})

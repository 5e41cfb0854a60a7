import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import memory from '@linefinder/adapter-memory'
import { createClient } from '@linefinder/client'
import { createServer, type LinefinderServer } from '@linefinder/server'
import { lineFailures } from '@linefinder/core/api'
import { parsePhone } from '@linefinder/core/phone'
import { reasonWords } from './phones/reasons.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))

interface Block {
  readonly document: string
  readonly language: string
  readonly code: string
}

async function blocksOf(document: string): Promise<Block[]> {
  const text = await readFile(join(root, document), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```/gm)].map(([, language = '', code = '']) => ({ document, language, code }))
}

const documents = ['README.md', 'CONTRIBUTING.md', 'docs/adapters.md', 'docs/clients.md', 'docs/operations.md', 'docs/architecture.md', 'docs/phone-numbers.md', 'docs/webhooks.md', 'docs/failures.md', 'docs/app-connect-import.md', 'docs/app-connect-connectors.md', 'examples/app-connect-connectors/README.md']

describe('the documents', () => {
  it('hold TypeScript that compiles in strict mode', async () => {
    const blocks = (await Promise.all(documents.map(blocksOf))).flat().filter(({ language }) => language === 'ts')
    expect(blocks.length).toBeGreaterThanOrEqual(4)
    // Inside the package, so that its dependencies resolve.
    const folder = await mkdtemp(join(root, 'packages/linefinder/dist/documents-'))
    try {
      await writeFile(join(folder, 'package.json'), '{"type":"module"}')
      await Promise.all(blocks.map(({ code }, index) => writeFile(join(folder, `block-${String(index)}.ts`), code)))
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({
        extends: join(root, 'tsconfig.base.json'), compilerOptions: { composite: false, noEmit: true }, include: ['*.ts'],
      }))
      await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]).catch((error: { stdout: string }) => { throw new Error(error.stdout) })
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 60_000)

  it('link to files that exist', async () => {
    for (const document of documents) {
      const text = await readFile(join(root, document), 'utf8')
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        const path = join(root, document, '..', target)
        await expect(readFile(path).catch(() => readdir(path))).resolves.toBeDefined()
      }
    }
  })
})

describe('docs/clients.md', () => {
  let server: LinefinderServer
  let url = ''
  let installation = ''
  beforeAll(async () => {
    server = await createServer({ adapters: [memory] })
    const adminKey = await server.services.tenants.ensureDefaults()
    url = await server.listen()
    const { admin } = createClient({ baseUrl: url, token: adminKey ?? '' })
    installation = (await admin.installations.create({ body: { adapter: 'memory', name: 'Memory', host: 'memory.example', settings: { country: 'NL' } } })).id
  })
  afterAll(() => server.stop())

  it('holds commands that run as they stand, each with a good answer', async () => {
    const script = (await blocksOf('docs/clients.md')).filter(({ language }) => language === 'sh').map(({ code }) => code).join('\n')
    const folder = await mkdtemp(join(root, 'packages/linefinder/dist/commands-'))
    try {
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script.replaceAll('curl -s', 'curl -sS --fail-with-body')], {
        cwd: folder,
        env: { ...process.env, URL: url, CLIENT_ID: 'default', INSTALLATION: installation, FIELDS: memoryFields },
      }).catch((error: { stdout: string; stderr: string }) => { throw new Error(`${error.stdout}\n${error.stderr}`) })
      expect(stdout).toContain('"status":"delivered"')
      expect(stdout).toContain('"note":"Wants a quote."')
      expect(stdout).toMatch(/"id":"m1".*"id":"m2".*"note":"On our way."/)
      expect(stdout).toContain('"status":"done"')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('docs/phone-numbers.md', () => {
  let server: LinefinderServer
  let [url, connection, key] = ['', '', '']
  beforeAll(async () => {
    server = await createServer({ adapters: [memory] })
    const adminKey = await server.services.tenants.ensureDefaults()
    url = await server.listen()
    const { admin } = createClient({ baseUrl: url, token: adminKey ?? '' })
    const { id: installation } = await admin.installations.create({ body: { adapter: 'memory', name: 'Memory', host: 'memory.example', settings: { country: 'NL' } } })
    // The constant below is such an object.
    const fields = JSON.parse(memoryFields) as Record<string, string>
    const shared = await admin.connections.createShared({ body: { installation, fields } })
    connection = 'connection' in shared ? shared.connection.id : ''
    key = (await admin.apiKeys.create({ body: { name: 'PBX', scopes: ['lookup'] } })).key
  })
  afterAll(() => server.stop())

  it('holds commands that run as they stand', async () => {
    const script = (await blocksOf('docs/phone-numbers.md')).filter(({ language }) => language === 'sh').map(({ code }) => code).join('\n')
    const folder = await mkdtemp(join(root, 'packages/linefinder/dist/commands-'))
    try {
      // As it is once the package is installed.
      await writeFile(join(folder, 'linefinder'), `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'packages/linefinder/dist/main.js')}" "$@"\n`, { mode: 0o755 })
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script.replaceAll('curl -s', 'curl -S --fail-with-body -s')], {
        cwd: folder,
        env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, URL: url, CONNECTION: connection, KEY: key },
      }).catch((error: { stdout: string; stderr: string }) => { throw new Error(`${error.stdout}\n${error.stderr}`) })
      expect(stdout).toContain('1,"Vries, Jan de",+31413741741\n2,Acme,+31201234567\n3,Reception,204\n')
      expect(stdout).toContain('4,phone,204,internal\n5,phone,06 12345678 / 0413 741742,several_numbers\n')
      expect(stdout).toContain('{"id":1,"phone":"31413741741"}\n{"id":2,"phone":31201234567}\n')
      expect(stdout).toContain('"id":7,"input":"06 12345678","number":"+31612345678"')
      expect(stdout).toMatch(/Jan de VriesJan de Vries$/)
      expect(await readFile(join(folder, 'contacts.csv'), 'utf8')).toContain('id,name,phone,extension\n1,"Vries, Jan de",+31413741741,\n')
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 60_000)
})

describe('the tables of docs/phone-numbers.md', () => {
  it('say of each example what the engine makes of it', async () => {
    const text = await readFile(join(root, 'docs/phone-numbers.md'), 'utf8')
    const section = (title: string) => text.slice(text.indexOf(`## ${title}`)).replace(/^## .*\n/, '').replace(/\n## [^]*/, '')
    const examples = (title: string) => [...section(title).matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(([, first = '', second = '']) => [first, second] as const)
    const readExamples = examples('What is read')
    const refusedExamples = examples('What is refused')
    expect([readExamples.length, refusedExamples.length]).toEqual([6, 8])
    for (const [written, e164] of readExamples) expect(parsePhone(written, { country: 'NL' })).toMatchObject({ ok: true, e164, isValid: true })
    for (const [reason, example] of refusedExamples) expect(parsePhone(example, { country: 'NL' })).toMatchObject({ ok: false, reason })
  })

  it('name every reason', async () => {
    const text = await readFile(join(root, 'docs/phone-numbers.md'), 'utf8')
    expect([...Object.keys(reasonWords), ...lineFailures].filter(reason => !text.includes(`\`${reason}\``))).toEqual([])
  })
})

/** What the memory adapter's form asks for, as its README says. */
const memoryFields = '{"key":"demo-key-1"}'

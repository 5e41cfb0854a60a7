import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCommand } from '../testing/processes.js'
import { askChoices } from './ask-choices.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../', import.meta.url))

let folder = ''
/** Inside the package, so that dependencies resolve without an installation. */
let inside = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linefinder-new-adapter-'))
  inside = await mkdtemp(join(root, 'packages/linefinder/dist/new-adapter-'))
})
afterAll(async () => {
  for (const each of [folder, inside]) await rm(each, { recursive: true, force: true })
})

const newAdapter = (args: readonly string[], place = folder) => runCommand(['new-adapter', ...args], {}, { folder: place })
const folderNamed = async (name: string): Promise<string> => {
  await mkdir(join(folder, name), { recursive: true })
  return join(folder, name)
}

describe('an adapter that was just written', () => {
  it('is green in an empty folder elsewhere, from packed packages', async () => {
    const tarballs = await folderNamed('tarballs')
    await run('npm', ['pack', '--silent', '--pack-destination', tarballs, '-w', 'packages/core', '-w', 'packages/conformance'], { cwd: root })
    const packed = (await readdir(tarballs)).map(name => join(tarballs, name))
    const place = await folderNamed('elsewhere')
    const startedAt = performance.now()
    expect(await newAdapter(['card-file', '--auth', 'oauth2'], place)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('npm install && npm test') })
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...packed], { cwd: place })
    const { stdout } = await run('npm', ['test'], { cwd: place })
    const seconds = (performance.now() - startedAt) / 1000
    process.stdout.write(`From new-adapter to a green npm test: ${seconds.toFixed(1)} s\n`)
    expect(stdout).toMatch(/^# fail 0$/m)
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(140)
    expect(await readFile(join(place, 'README.md'), 'utf8')).toMatch(/Contract 1: \d+ checks passed, 0 failed, 0 limited/)
  }, 180_000)

  it.each([
    ['by-key', ['--auth', 'apiKey'], ['--topics', 'auth,findContact']],
    ['by-password', ['--auth', 'basic', '--capabilities', 'getCallLog,findCallLog'], ['--topics', 'auth,call logs']],
    ['with-everything', ['--auth', 'custom', '--capabilities', 'all'], []],
  ])('is right %s: %j', async (name, flags, topics) => {
    expect(await newAdapter([name, ...flags, '--folder', name], inside)).toMatchObject({ code: 0, stderr: '' })
    const report = join(inside, `${name}.json`)
    const { code, stdout } = await runCommand(['check', name, '--json', report, ...topics], {}, { folder: inside })
    expect([code, stdout.split('\n').filter(line => /FAILED|limited {2}/.test(line))]).toEqual([0, []])
    expect(JSON.parse(await readFile(report, 'utf8')).counts).toMatchObject({ failed: 0, limited: 0 })
  }, 120_000)
})

describe('check', () => {
  it('exits with 1 and says which check failed when an adapter is wrong', async () => {
    await newAdapter(['wrong-name', '--folder', 'wrong'], inside)
    const mapping = join(inside, 'wrong/src/mapping.ts')
    await writeFile(mapping, (await readFile(mapping, 'utf8')).replace('name: input.name,', 'name: input.name.toUpperCase(),'))
    const markdown = join(inside, 'wrong/README.md')
    const { code, stdout } = await runCommand(['check', 'wrong', '--topics', 'createContact', '--markdown', markdown], {}, { folder: inside })
    expect(code).toBe(1)
    expect(stdout).toContain('FAILED  puts name, number and e-mail address into the CRM as they were given')
    expect(stdout).toMatch(/It is not right yet\.\n$/)
    expect(await readFile(markdown, 'utf8')).toContain('| createContact: puts name, number')
  }, 120_000)

  it.each([
    [['nowhere'], 'nowhere does not exist.'],
    [['crm.json'], 'crm.json is a document.'],
    [['adapter.ts'], 'adapter.ts is not compiled.'],
    [['broken'], 'The adapter does not compile:'],
    [[], 'Name the folder of an adapter'],
  ])('says what is wrong with %j', async (args, sentence) => {
    await writeFile(join(inside, 'crm.json'), '{}')
    await writeFile(join(inside, 'adapter.ts'), '')
    await mkdir(join(inside, 'broken/src'), { recursive: true })
    await writeFile(join(inside, 'broken/package.json'), '{"type":"module"}')
    await writeFile(join(inside, 'broken/tsconfig.json'), '{"compilerOptions":{"outDir":"dist","rootDir":"src","types":[]},"include":["src"]}')
    await writeFile(join(inside, 'broken/src/index.ts'), 'export default 1 as string\n')
    const { code, stderr } = await runCommand(['check', ...args], {}, { folder: inside })
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)])
    expect(stderr).not.toContain('    at ')
  }, 60_000)
})

describe('what is there', () => {
  it('is not overwritten: nothing is written at all', async () => {
    const place = await folderNamed('taken')
    await writeFile(join(place, 'README.md'), 'precious')
    const { code, stderr } = await newAdapter(['card-file', '--folder', '.'], place)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Nothing was written: .* has README\.md already\./)])
    expect(await readdir(place)).toEqual(['README.md'])
    expect(await readFile(join(place, 'README.md'), 'utf8')).toBe('precious')
  }, 60_000)

  it('leaves room for a folder of its own', async () => {
    const place = await folderNamed('busy')
    await writeFile(join(place, 'notes.txt'), 'mine')
    expect((await newAdapter(['card-file'], place)).stdout).toContain('cd card-file && npm install && npm test')
    expect(await readdir(join(place, 'card-file', 'src'))).toEqual(['answers.ts', 'conformance.test.ts', 'index.ts', 'mapping.ts', 'testing'])
  }, 60_000)
})

describe('inside this project', () => {
  it('goes beside the other adapters, into the build and onto Jest', async () => {
    const place = await folderNamed('project')
    await writeFile(join(place, 'package.json'), '{"name":"linefinder-workspace"}')
    await writeFile(join(place, 'tsconfig.json'), await readFile(join(root, 'tsconfig.json')))
    await mkdir(join(place, 'docs'))
    const { code, stdout } = await newAdapter(['card-file', '--auth', 'basic'], join(place, 'docs'))
    expect([code, stdout]).toEqual([0, expect.stringContaining('npm install && npm test -- adapters/card-file')])
    const { references } = JSON.parse(await readFile(join(place, 'tsconfig.json'), 'utf8'))
    expect(references).toContainEqual({ path: 'adapters/card-file' })
    const adapter = join(place, 'adapters/card-file')
    expect(JSON.parse(await readFile(join(adapter, 'package.json'), 'utf8'))).toMatchObject({ name: '@linefinder/adapter-card-file', devDependencies: { '@linefinder/conformance': '0.1.0' } })
    expect(await readFile(join(adapter, 'src/conformance.test.ts'), 'utf8')).toContain('@jest/globals')
  }, 60_000)
})

describe('what is wrong with the command is told in a sentence', () => {
  it.each([
    [['Card File'], '"Card File" cannot be the name of an adapter'],
    [['../up'], '"../up" cannot be the name of an adapter'],
    [[], 'Give the adapter a name'],
    [['card-file', '--capabilities', 'fly'], 'No such capability: fly. There are: searchContacts,'],
    [['card-file', '--auth', 'magic'], 'Allowed choices are oauth2, apiKey, basic, custom'],
  ])('%j', async (args, sentence) => {
    const { code, stderr } = await newAdapter(args)
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)])
    expect(stderr).not.toContain('    at ')
  }, 60_000)
})

describe('at a terminal', () => {
  it('asks for what was left out, and again when an answer will not do', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const answers = ['No Good', 'card-file', 'magic', 'OAUTH2', 'fly', 'getCallLog']
    let said = ''
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/[:)] $/.test(chunk.toString())) input.write(`${answers.shift() ?? ''}\n`)
    })
    expect(await askChoices({}, { input, output })).toEqual({ name: 'card-file', auth: 'oauth2', capabilities: 'getCallLog' })
    expect(answers).toEqual([])
    for (const word of ['cannot be the name', 'It is one of oauth2', 'No such capability: fly']) expect(said).toContain(word)
  })

  it('asks nothing that was said', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    expect(await askChoices({ name: 'card-file', auth: 'basic', capabilities: '' }, { input, output })).toEqual({ name: 'card-file', auth: 'basic', capabilities: '' })
    expect(output.read()).toBeNull()
  })
})

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import type { LinefinderError} from '@linefinder/client';
import { createClient, type LinefinderClient } from '@linefinder/client'
import { startAcmeLegacy, type AcmeLegacy } from '@linefinder/example-acme-legacy-crm'
import { createServer, type LinefinderServer } from '@linefinder/server'
import { runCommand } from '../testing/processes.js'
import { documentReader } from './document-reader.js'
import { loadDocuments } from './load-documents.js'

const exampleOf = (name: string) => readFile(new URL(`../../../../examples/no-code/${name}.json`, import.meta.url), 'utf8')
const broken = '{\n  "id": "broken",\n  "nmae": "Broken",\n  "api": {\n    "FindContact": { "request_method": "GTE" }\n  }\n}\n'
const silent = pino({ level: 'silent' })

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'linefinder-documents-')) })
afterAll(() => rm(folder, { recursive: true }))

describe('LINEFINDER_DOCUMENTS', () => {
  it('makes an adapter of each document of a folder, and of files', async () => {
    const good = join(folder, 'good')
    await mkdir(good)
    for (const name of ['acme-crm', 'acme-legacy']) await writeFile(join(good, `${name}.json`), await exampleOf(name))
    await writeFile(join(good, 'README.md'), 'no document')
    const idsOf = async (paths: string[]) => (await loadDocuments(paths, silent)).map(({ id }) => id)
    const [first = '', second = ''] = await idsOf([good])
    expect([first, second]).toEqual([expect.stringMatching(/^acme/), 'acme-legacy-no-code'])
    expect(await idsOf([join(good, 'acme-legacy.json')])).toEqual([second])
    expect(await idsOf([])).toEqual([])
  })

  it('stops the start where a document is wrong, and prints every problem with its place', async () => {
    const bad = join(folder, 'bad')
    await mkdir(bad)
    await writeFile(join(bad, 'one.json'), broken)
    await writeFile(join(bad, 'two.json'), '{ "id": ')
    const { code, stderr } = await runCommand(['start'], { LINEFINDER_DOCUMENTS: bad, LINEFINDER_DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'silent' })
    expect(code).toBe(1)
    const places = [...stderr.matchAll(/^\S+\/(\w+\.json:\d+):\d+ error/gm)].map(([, place]) => place)
    expect(places).toEqual(expect.arrayContaining(['one.json:3', 'one.json:5']))
    expect(places.some(place => place?.startsWith('two.json:1'))).toBe(true)
  })

  it('says what it cannot read', async () => {
    await expect(loadDocuments([join(folder, 'nowhere')], silent)).rejects.toThrow(/LINEFINDER_DOCUMENTS: cannot read .*nowhere/)
  })
})

describe('a document that a tenant has hosted', () => {
  const id = 'acme-legacy-no-code'
  let crm: AcmeLegacy
  let server: LinefinderServer
  let [url, text] = ['', '']
  let admin: LinefinderClient['admin']
  let agent: LinefinderClient
  beforeAll(async () => {
    crm = await startAcmeLegacy()
    server = await createServer({ adapters: [], documents: documentReader, privateOrigins: [crm.url] })
    const key = await server.services.tenants.ensureDefaults() ?? ''
    url = await server.listen()
    admin = createClient({ baseUrl: url, token: key, checkAnswers: true }).admin
    text = await exampleOf('acme-legacy')
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    await crm.stop()
  })

  it('is stored by the client, byte for byte', async () => {
    expect(await admin.documents.put({ params: { id }, body: text })).toMatchObject({ id, name: 'Acme Legacy', version: 1 })
    expect((await admin.documents.get({ params: { id } })).text).toBe(text)
    expect((await admin.adapters.list()).items).toMatchObject([{ id, name: 'Acme Legacy' }])
  })

  it('finds who is calling', async () => {
    const { id: installation } = await admin.installations.create({ body: { adapter: id, name: 'Acme', host: new URL(crm.url).host, settings: { country: 'NL' } } })
    const { connecting, installations } = createClient({ baseUrl: url })
    const { items: [summary] } = await installations.list({ query: { client_id: 'default' } })
    const [field] = summary?.auth.type === 'apiKey' ? summary.auth.fields : []
    const { token } = await connecting.createConnection({ body: { client_id: 'default', installation, fields: { [field?.name ?? '']: 'legacy-key-ann' } } })
    agent = createClient({ baseUrl: url, token })
    expect((await agent.contacts.find({ query: { phone: '+31413741741' } })).contacts.length).toBeGreaterThan(0)
  })

  it('is refused whole with every problem and its place, while the version before goes on', async () => {
    const refused = await admin.documents.put({ params: { id: 'broken' }, body: broken }).catch((error: unknown) => error as LinefinderError)
    expect(refused).toMatchObject({ code: 'document_invalid', status: 422 })
    const { problems } = refused as LinefinderError
    expect(problems.map(({ line }) => line)).toEqual(expect.arrayContaining([3, 5]))
    expect(problems.every(({ line, column, message }) => line > 0 && column > 0 && message !== '')).toBe(true)
  })

  it('changes over to a new version and back', async () => {
    const next = text.replace('"name": "Acme Legacy"', '"name": "Acme Legacy, next"')
    expect(await admin.documents.put({ params: { id }, body: next })).toMatchObject({ name: 'Acme Legacy, next', version: 2 })
    expect((await agent.me.get()).user.name).toBe('Ann de Wit')
    expect(await admin.documents.activate({ params: { id, version: 1 } })).toMatchObject({ name: 'Acme Legacy', version: 1 })
    expect((await agent.me.get()).user.name).toBe('Ann de Wit')
    expect((await admin.documents.listVersions({ params: { id } })).items.map(({ version, isActive }) => [version, isActive])).toEqual([[2, false], [1, true]])
    await expect(admin.documents.remove({ params: { id } })).rejects.toMatchObject({ code: 'in_use' })
  })
})

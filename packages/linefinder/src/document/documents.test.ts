import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { runCommand } from '../testing/processes.js'

const key = 'k/3y+secret value'
const number = '+31413741741'

let folder = ''
let server: Server
let host = ''
let requests: { method: string; url: string; key: string | undefined; body: string }[] = []
let status = 200

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linefinder-document-'))
  server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => { body += piece.toString() })
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', key: request.headers['x-key'] as string | undefined, body })
      response.writeHead(status, { 'Content-Type': 'application/json', 'Set-Cookie': 'session=abc', Connection: 'close' })
      response.end(JSON.stringify({ people: [{ id: 'c1', name: 'Ann', tel: [number, '040 123 45 67'] }], echo: key }))
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that listens on TCP has an address of this form.
  host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterAll(async () => {
  await new Promise(resolve => server.close(resolve))
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  status = 200
  await write('brook.json', document())
  await write('properties.json', { 'API key': key })
})
afterEach(() => { requests = [] })

const at = (name: string): string => join(folder, name)
const write = (name: string, content: unknown) => writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))

const document = (changes: object = {}) => ({
  id: 'brook-crm', name: 'Brook CRM', class: 'crm', properties: ['API key'],
  parameters: { phone: 'string', contact_id: 'string', contact_name: 'string', activity_id: 'string', call_duration: 'number' },
  resource_url: 'https://$hostname$/v1', auth: { type: 'Header', name: 'X-Key', value: '$API key$' },
  api: {
    FindContact: { request_method: 'GET', request_path: '/people', request_parameters: { tel: '$phone$' }, response_map: { people: [{ id: '$contact_id$', name: '$contact_name$', tel: ['$phone$'] }] } },
    CreateActivity: { request_method: 'POST', request_path: '/calls', request_parameters: { person: '$contact_id$', seconds: '$call_duration$', tel: '$phone$' }, response_map: { echo: '$activity_id$' } },
  },
  ...changes,
})

const run = (args: string[], environment: Record<string, string> = {}) => runCommand(args, { LINEFINDER_PRIVATE_ORIGINS: `http://${host}`, ...environment }, { folder })

describe('linefinder check of a document', () => {
  it('says that one is right, and what it is', async () => {
    const { code, stdout } = await run(['check', 'brook.json'])
    expect(code).toBe(0)
    expect(stdout).toContain('brook.json, Ringotel’s no-code format: 0 errors, 0 warnings. It can be used.')
  })

  it('tells every problem with its line, and ends with 1', async () => {
    const broken = fileURLToPath(new URL('../../../declarative/test-data/broken/several-at-once', import.meta.url))
    await write('several-at-once.json', await readFile(`${broken}.json`, 'utf8'))
    const { code, stdout } = await run(['check', 'several-at-once.json'])
    expect(code).toBe(1)
    expect(stdout).toContain(await readFile(`${broken}.txt`, 'utf8'))
    expect(stdout).toContain('3 errors, 1 warning. It cannot be used.')
  })

  it('refuses extensions with --strict alone', async () => {
    const { code, stdout } = await run(['check', 'brook.json', '--strict'])
    expect(code).toBe(1)
    expect(stdout).toContain('is an extension of Linefinder')
  })

  it('goes on to the conformance suite with a CRM under test', async () => {
    await write('under-test.mjs', `export const crmUnderTest = async () => ({
      origin: 'http://${host}', secrets: { 'API key': ${JSON.stringify(key)} }, probes: {}, user: { connect: async () => ({ fields: {} }) },
    })
    `)
    const { code, stdout } = await run(['check', 'brook.json', '--crm-under-test', 'under-test.mjs', '--topics', 'findContact'])
    expect(stdout).toContain('It can be used.\nBrook CRM (brook-crm)')
    // This CRM finds everyone under every number.
    expect(stdout).toMatch(/^findContact\n( {2}.*\n)*? {2}FAILED/m)
    expect(code).toBe(1)
    expect(requests.length).toBeGreaterThan(0)
    expect(requests.every(request => request.key === key)).toBe(true)
    expect(stdout).not.toContain(key)
  })

  it('names a file that is not there', async () => {
    const { code, stderr } = await run(['check', 'none.json'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('none.json cannot be read')])
  })
})

describe('linefinder try', () => {
  it('sends the request, and shows it, the answer and what is mapped, without the secret in any spelling', async () => {
    const { code, stdout, stderr } = await run(['try', 'brook.json', 'findcontact', '--phone', number, '--host', host, '--properties', 'properties.json'])
    expect(stderr).not.toContain(key)
    expect(code).toBe(0)
    expect(requests).toEqual([{ method: 'GET', url: '/v1/people?tel=%2B31413741741', key, body: '' }])
    expect(stdout).toContain(`GET http://${host}/v1/people?tel=%2B31413741741`)
    expect(stdout).toMatch(/X-Key: \[redacted\]/i)
    expect(stdout).toContain('"echo": "[redacted]"')
    expect(stdout).toContain('record 1\n  contact_id: "c1"\n  contact_name: "Ann"\n  phone: "+31413741741", "040 123 45 67"\n')
    expect(stdout).not.toContain(key)
  })

  it('takes properties from the environment, and parameters in their types', async () => {
    const { code } = await run(['try', 'brook.json', 'CreateActivity', '--param', 'contact_id=c1', '--param', 'call_duration=30', '--host', host], { LINEFINDER_PROPERTY_API_KEY: key })
    expect(code).toBe(0)
    expect(requests).toEqual([{ method: 'POST', url: '/v1/calls', key, body: '{"person":"c1","seconds":30}' }])
  })

  it('with --dry-run sends nothing and needs no secret', async () => {
    const { code, stdout } = await run(['try', 'brook.json', 'FindContact', '--phone', number, '--host', host, '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain(`GET http://${host}/v1/people?tel=%2B31413741741`)
    expect(requests).toEqual([])
  })

  it('warns of a secret on the command line', async () => {
    const { stderr } = await run(['try', 'brook.json', 'FindContact', '--phone', number, '--host', host, '--property', `API key=${key}`])
    expect(stderr).toContain('"API key" is a secret, and a command line is seen by everyone on this machine. Use --properties or LINEFINDER_PROPERTY_API_KEY.')
    expect(stderr).not.toContain(key)
  })

  it.each([
    ['a property that is missing', ['--host', '127.0.0.1:1'], {}, 'The document needs "API key". Give a file with --properties, such as {"API key": "…"}, or set LINEFINDER_PROPERTY_API_KEY.'],
    ['a property that there is not', ['--property', 'Key=x'], {}, '"Key" is no property of the document. There are: API key.'],
    ['a parameter that there is not', ['--param', 'fone=1'], {}, '"fone" is no parameter of the document.'],
    ['a host that is missing', [], { LINEFINDER_PROPERTY_API_KEY: 'x' }, 'Name it with --host'],
    ['a private address that the operator does not list', ['--host', '127.0.0.1:9'], { LINEFINDER_PROPERTY_API_KEY: 'x' }, 'address_refused'],
  ])('says what to do about %s', async (_name, args, environment, message) => {
    const { code, stderr } = await run(['try', 'brook.json', 'FindContact', '--phone', number, ...args], environment)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(requests).toEqual([])
  })

  it('names the methods that there are', async () => {
    const { code, stderr } = await run(['try', 'brook.json', 'DeleteContact', '--host', host])
    expect([code, stderr]).toEqual([1, expect.stringContaining('The document has no DeleteContact. It has FindContact, CreateActivity.')])
  })

  it('shows what a CRM that refuses has said, and ends with 1', async () => {
    status = 403
    const { code, stdout, stderr } = await run(['try', 'brook.json', 'FindContact', '--phone', number, '--host', host, '--properties', 'properties.json'])
    expect(code).toBe(1)
    expect(stdout).toContain('answered 403')
    expect(stderr).toContain('forbidden')
  })
})

describe('linefinder record', () => {
  it('keeps an exchange without secrets and numbers, from which try answers when the CRM is not there', async () => {
    const args = ['brook.json', 'FindContact', '--phone', number, '--host', host, '--properties', 'properties.json']
    expect((await run(['record', ...args, '--out', 'kept.json'])).code).toBe(0)
    const kept = await readFile(at('kept.json'), 'utf8')
    for (const hidden of [key, encodeURIComponent(key), '31413741741', '123 45 67', 'session=abc']) expect(kept).not.toContain(hidden)
    expect(kept).toContain('%2B00000000000')
    requests = []
    const { code, stdout } = await run(['try', ...args, '--recording', 'kept.json'])
    expect(code).toBe(0)
    expect(requests).toEqual([])
    expect(stdout).toContain('contact_id: "c1"')
    expect(stdout).toContain('phone: "+00000000000", "000 000 00 00"')
  })

  it('keeps numbers when asked; the same request again takes the place of the first', async () => {
    const args = ['record', 'brook.json', 'FindContact', '--phone', number, '--host', host, '--properties', 'properties.json', '--out', 'numbers.json', '--keep-numbers']
    await run(args)
    expect((await run(args)).stdout).toContain('which has 1 now')
    expect(await readFile(at('numbers.json'), 'utf8')).toContain(number)
    const { code, stderr } = await run(args.filter(each => each !== '--keep-numbers'))
    expect([code, stderr]).toEqual([1, expect.stringContaining('was begun with --keep-numbers')])
  })

  it('a recording without the request says which it has', async () => {
    await run(['record', 'brook.json', 'FindContact', '--phone', number, '--host', host, '--properties', 'properties.json', '--out', 'one.json'])
    const { code, stderr } = await run(['try', 'brook.json', 'CreateActivity', '--param', 'contact_id=c1', '--host', host, '--properties', 'properties.json', '--recording', 'one.json'])
    expect(code).toBe(1)
    expect(stderr).toContain(`The recording has no answer to POST http://${host}/v1/calls with this body.\nIt has:\n  GET http://${host}/v1/people?tel=%2B00000000000`)
  })
})

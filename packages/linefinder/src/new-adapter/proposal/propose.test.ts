import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readDocument } from '../../openapi/read-document.js'
import { runCommand } from '../../testing/processes.js'
import { propose, proposeFrom } from './propose.js'

const documentNamed = (name: string): string => fileURLToPath(new URL(`../testing/${name}`, import.meta.url))

async function proposed(name: string) {
  const { shape, capabilities, proposal } = propose(readDocument(await readFile(documentNamed(name), 'utf8'), name), undefined)
  return { shape, capabilities: [...capabilities].sort(), proposal }
}

let folder = ''
// Inside the package, so that dependencies resolve without an installation.
beforeAll(async () => { folder = await mkdtemp(fileURLToPath(new URL('../../../dist/proposal-', import.meta.url))) })
afterAll(() => rm(folder, { recursive: true }))

describe('a proposal', () => {
  it('finds everything in a document that has everything', async () => {
    const { shape, capabilities, proposal } = await proposed('card-api.yaml')
    expect(shape).toMatchObject({
      host: null, basePath: '/rest/v2',
      auth: { kind: 'oauth2', tokenUrl: 'https://{hostname}/oauth/token', revokeUrl: 'https://{hostname}/oauth/revoke', scopes: ['cards:write'] },
      user: { path: '/users/me', name: { kind: 'one', field: 'displayName' }, account: { kind: 'object', field: 'organization', name: 'name' } },
      contacts: {
        path: '/people', listKey: 'data', itemKey: 'data', name: { kind: 'one', field: 'fullName' }, phones: { kind: 'objects', field: 'phoneNumbers', number: 'value', label: 'kind' },
        email: 'emailAddress', phoneParam: 'phoneNumber', isTextSearch: false, sinceParam: 'updatedSince', paging: { kind: 'cursor', param: 'cursor', next: 'nextCursor' },
      },
      activities: { path: '/calls', update: 'patch', directions: { inbound: 'INCOMING', outbound: 'OUTGOING' }, fields: { contactId: 'personId', body: 'notes', recordingUrl: 'recordingUrl' } },
    })
    expect(capabilities).toEqual(['findCallLog', 'getCallLog', 'listContacts', 'listUsers', 'searchContacts'])
    expect(proposal.notFound).toEqual([{ what: '`result` of a call', where: 'told in the text' }])
  })

  it('is made of a document at an address as well', async () => {
    const text = await readFile(documentNamed('card-api.yaml'), 'utf8')
    const server = createServer((request, response) => { response.writeHead(request.url === '/openapi.yaml' ? 200 : 404).end(text) })
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    // A server that listens on TCP has an address of this form.
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    try {
      expect((await proposeFrom(`${origin}/openapi.yaml`, undefined)).shape.contacts.path).toBe('/people')
      await expect(proposeFrom(`${origin}/nothing`, undefined)).rejects.toThrow(`${origin}/nothing says 404.`)
    } finally {
      server.closeAllConnections()
      await new Promise(resolve => { server.close(resolve) })
    }
  })

  it('says what it did not find, and what it took instead', async () => {
    const { shape, capabilities, proposal } = await proposed('old-api.json')
    expect(shape).toMatchObject({
      host: 'api.oldcrm.nl', basePath: '/v1', auth: { kind: 'apiKey', in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      contacts: { listKey: null, id: { field: 'id', isNumber: true }, name: { kind: 'two' }, phones: { kind: 'fields', fields: ['phone', 'mobile'] }, isTextSearch: true },
      activities: { update: 'put', constants: { type: 'phone call', note_type: 'call' }, fields: { contactId: 'customer_id', body: 'text' } },
    })
    expect(capabilities).toEqual(['getCallLog', 'listContacts', 'searchContacts'])
    const missing = proposal.notFound.map(({ what }) => what)
    expect(missing).toEqual(expect.arrayContaining(['who is logged in', '`externalId` of a call', '`startedAt` of a call', 'a value for `owner_id`, which a call must have']))
  })

  it.each(['card-api.yaml', 'old-api.json'])('of %s becomes an adapter that is right', async name => {
    const id = name.replace(/\..*/, '')
    const written = await runCommand(['new-adapter', id, '--folder', id, '--openapi', documentNamed(name)], {}, { folder })
    expect(written).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('things that were found in the document') })
    const { code, stdout } = await runCommand(['check', id], {}, { folder })
    expect([code, stdout.split('\n').filter(line => line.includes('FAILED'))]).toEqual([0, []])
    expect(await readFile(join(folder, id, 'README.md'), 'utf8')).toContain('## Proposed from your OpenAPI document')
  }, 120_000)

  it('is completed by what the author asks for beside it', async () => {
    const members = 'findCallLog,setDisposition,createMessageLog,getMessageLog,findMessageLog,createTask,findTask,uploadRecording,fields,listUsers'
    const written = await runCommand(['new-adapter', 'more', '--folder', 'more', '--auth', 'custom', '--capabilities', members, '--openapi', documentNamed('old-api.json')], {}, { folder })
    expect(written.stderr).toBe('')
    const { code, stdout } = await runCommand(['check', 'more'], {}, { folder })
    expect([code, stdout.split('\n').filter(line => line.includes('FAILED'))]).toEqual([0, []])
    expect(await readFile(join(folder, 'more/README.md'), 'utf8')).toContain('| `findCallLog`, ')
  }, 120_000)
})

describe('a document that is broken', () => {
  it.each([
    ['no file', undefined, 'does not exist.'],
    ['no JSON', '{"openapi": "3.1.0", ', 'is neither JSON nor YAML:'],
    ['something else', 'a: 1', 'is no OpenAPI document:\n  /openapi:'],
    ['of the second version', 'swagger: "2.0"', 'is Swagger 2.0. Convert it to OpenAPI 3 first.'],
    ['without paths', 'openapi: 3.1.0\ninfo: { title: X, version: 1 }', 'has no paths'],
    ['with a strange scheme', 'openapi: 3.1.0\ninfo: { title: X, version: 1 }\npaths: { /a: {} }\ncomponents: { securitySchemes: { x: { type: magic } } }', 'has a security scheme x that cannot be read'],
    ['with more aliases than anybody needs', `a: &a [1,2]\n${Array.from({ length: 12 }, (_, index) => `${'b'.repeat(index + 1)}: &${'b'.repeat(index + 1)} [${Array.from({ length: 9 }, () => `*${'b'.repeat(index) || 'a'}`).join(', ')}]`).join('\n')}`, 'is neither JSON nor YAML:'],
  ])('is refused in a sentence: %s', async (_what, text, sentence) => {
    const path = join(folder, 'broken.yaml')
    await rm(path, { force: true })
    if (text !== undefined) await writeFile(path, text)
    const { code, stderr } = await runCommand(['new-adapter', 'broken', '--openapi', path], {}, { folder })
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)])
    expect(stderr).not.toContain('    at ')
  }, 60_000)

  it('may lead in circles and nowhere', () => {
    const text = `openapi: 3.0.0
info: { title: Circles, version: '1' }
paths:
  /contacts:
    get: { responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } }
    post: { requestBody: { $ref: 'other.yaml#/x' }, responses: { '200': { $ref: '#/nowhere' } } }
components: { schemas: { A: { $ref: '#/components/schemas/B' }, B: { allOf: [{ $ref: '#/components/schemas/A' }, { type: array, items: { $ref: '#/components/schemas/B' } }] } } }`
    expect(propose(readDocument(text, 'circles'), undefined).proposal.notFound.map(({ what }) => what)).toContain('a list of contacts with a name and numbers')
  })
})

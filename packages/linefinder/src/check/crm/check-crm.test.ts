import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '@linefinder/example-acme-crm'
import { runCommand } from '../../testing/processes.js'

const cardApi = fileURLToPath(new URL('../../new-adapter/testing/card-api.yaml', import.meta.url))
const oldApi = fileURLToPath(new URL('../../new-adapter/testing/old-api.json', import.meta.url))

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'linefinder-check-crm-')) })
afterAll(() => rm(folder, { recursive: true }))

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise(resolve => server.close(resolve))
})

/** A CRM of these answers, by path. Anything else is not found. */
async function crmOf(answers: Readonly<Record<string, { status?: number; type?: string; text: string }>>): Promise<string> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { status = 200, type = 'application/json', text } = answers[request.url ?? ''] ?? { status: 404, text: '{}' }
    response.writeHead(status, { 'Content-Type': type, Connection: 'close' }).end(text)
  })
  servers.push(server)
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that listens on TCP has an address of this form.
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
}

/** The answers of the printed table, by what they are about. */
const answersIn = (stdout: string): Record<string, string> => Object.fromEntries([...stdout.matchAll(/^\| ([^|]+) \| (?:required|recommended) \| ([^|]+) \|/gm)].map(([, what = '', answer = '']) => [what, answer]))

const check = (...args: readonly string[]) => runCommand(['check', ...args], {})

describe('a CRM', () => {
  it('that has everything is said to have it, by its own document', async () => {
    const crm = await crmOf({
      '/openapi.yaml': { type: 'application/yaml', text: await readFile(cardApi, 'utf8') },
      '/rest/v2/users/me': { status: 401, text: '{"error":"no token"}' },
      '/.well-known/oauth-authorization-server': { text: '{"authorization_endpoint":"/a","token_endpoint":"/t","revocation_endpoint":"/r","code_challenge_methods_supported":["S256"]}' },
    })
    const report = join(folder, 'report.json')
    const { code, stdout } = await check('--crm', crm, '--json', report)
    expect(answersIn(stdout)).toEqual({
      'HTTPS with a certificate that is good': 'could not tell', 'answers in JSON': 'yes', 'says 401 without credentials': 'yes', 'OAuth 2.0, or another token': 'yes',
      'OAuth metadata (RFC 8414)': 'yes', 'ending a connection': 'yes', 'creating a call record': 'yes', 'fetching a call record': 'yes', 'updating a call record': 'yes',
      'finding a contact by phone number': 'yes', 'creating a contact': 'yes', 'the name of the user': 'yes', 'searching contacts by name': 'yes',
      'a list of users with e-mail addresses': 'yes', 'a list of contacts that changed since a time': 'yes', 'outcomes of a call': 'no', 'uploading recordings': 'no',
    })
    expect(stdout).toContain('OAuth 2.0 with PKCE')
    expect(code).toBe(0)
    expect(JSON.parse(await readFile(report, 'utf8')).needs).toContainEqual(expect.objectContaining({ need: 'findByPhone', answer: 'yes', why: 'GET /people?phoneNumber=', isRequired: true }))
  }, 60_000)

  it('that lacks something is told what to do', async () => {
    const crm = await crmOf({ '/v1/customers': { type: 'text/html', text: '<form>Sign in</form>' } })
    const { code, stdout } = await check('--crm', crm, '--openapi', oldApi)
    expect(answersIn(stdout)).toMatchObject({
      'answers in JSON': 'no', 'says 401 without credentials': 'no', 'OAuth metadata (RFC 8414)': 'no', 'ending a connection': 'no', 'the name of the user': 'no',
      'finding a contact by phone number': 'yes',
    })
    expect(stdout).toContain('GET /v1/customers says 200')
    expect(stdout).toContain('Offer a GET such as /users/me')
    expect(stdout).toMatch(/4 required things are missing\.\n$/)
    expect(code).toBe(1)
  }, 60_000)

  it('without a document shows what can be seen from outside', async () => {
    const acme: Acme = await startAcme({})
    try {
      const { code, stdout } = await check('--crm', acme.url, '--path', '/api/v1/users/me')
      expect(answersIn(stdout)).toMatchObject({
        'answers in JSON': 'yes', 'says 401 without credentials': 'yes', 'OAuth 2.0, or another token': 'yes', 'ending a connection': 'yes', 'creating a call record': 'could not tell',
      })
      expect(code).toBe(0)
    } finally {
      await acme.stop()
    }
  }, 60_000)
})

describe('what is wrong with the command is told in a sentence', () => {
  it.each([
    [['--crm', 'crm.example'], '--crm must be an address'],
    [['--crm', 'http://127.0.0.1:9'], 'http://127.0.0.1:9 does not answer:'],
    [['--crm', 'http://127.0.0.1:9', '--openapi', 'nowhere.json'], '"nowhere.json" does not exist.'],
    [['--crm', 'http://127.0.0.1:9', '--path', 'me'], '--path begins with a slash'],
    [['.', '--crm', 'http://127.0.0.1:9'], 'not both'],
    [['.', '--openapi', 'x.json'], '--openapi and --path go with --crm.'],
  ])('%j', async (args, sentence) => {
    const { code, stderr } = await check(...args)
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)])
    expect(stderr).not.toContain('    at ')
  }, 60_000)

  it('for a document that is none, too', async () => {
    const path = join(folder, 'none.json')
    await writeFile(path, '{"swagger":"2.0"}')
    expect(await check('--crm', 'http://127.0.0.1:9', '--openapi', path)).toMatchObject({ code: 1, stderr: expect.stringContaining('is Swagger 2.0') })
  }, 60_000)
})

import { execFile } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { CrmAdapter } from '@linefinder/core'
import { ringotelAdapter } from '@linefinder/declarative'
import { contextFor, CrmInTest } from '../packages/declarative/src/testing/crm-in-test.js'
import { AddressGuard } from '../packages/server/src/crm/address-guard.js'

/*
 * What a document, or what an admin fills in for it, may try against the network that the server stands in. The guard is the server's own, and
 * the operator has listed the CRM's private origin only.
 */

let crm: CrmInTest
let inside: CrmInTest
let guard: AddressGuard
beforeAll(async () => {
  [crm, inside] = [await CrmInTest.start(), await CrmInTest.start()]
  guard = new AddressGuard([`http://${crm.host}`])
})
afterAll(async () => {
  guard.close()
  await Promise.all([crm.stop(), inside.stop()])
})
beforeEach(() => {
  crm.answer = () => ({ body: [] })
  inside.answer = () => ({ body: [{ id: 'a secret of the inside', name: 'x' }] })
})
afterEach(() => {
  crm.take()
  inside.take()
})

const documentWith = (address: { request_path: string } | { request_url: string }): CrmAdapter => ringotelAdapter({
  id: 'attacker', name: 'Attacker', class: 'crm', properties: ['Instance URL', 'API key'], resource_url: '$Instance URL$/api',
  auth: { type: 'Bearer', token: '$API key$' },
  api: { Users: { request_method: 'GET', ...address, response_map: [{ id: '$user_id$', name: '$user_name$' }] } },
})
const usual = documentWith({ request_path: '/users' })

const users = async (adapter: CrmAdapter, instanceUrl: string, hostname = crm.host) =>
  adapter.listUsers!(await contextFor(adapter, hostname, { rules: guard, properties: { 'Instance URL': instanceUrl }, secrets: { 'API key': 'the key' } }))
const refused = expect.objectContaining({ name: 'CrmError', code: 'address_refused' })

it('the CRM itself is asked', async () => {
  crm.answer = () => ({ body: [{ id: 1, name: 'Ann' }] })
  expect(await users(usual, `http://${crm.host}`)).toEqual([{ id: '1', name: 'Ann' }])
  expect(crm.asked[0]?.headers.authorization).toBe('Bearer the key')
})

describe('a redirect', () => {
  it('inward is not followed', async () => {
    crm.answer = () => ({ status: 302, headers: { Location: `http://${inside.host}/` } })
    await expect(users(usual, `http://${crm.host}`)).rejects.toEqual(refused)
    expect(inside.take()).toEqual([])
  })

  it.each(['http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'https://attacker.example/'])('to %s is not followed', async location => {
    crm.answer = () => ({ status: 307, headers: { Location: location } })
    await expect(users(usual, `http://${crm.host}`)).rejects.toMatchObject({ name: 'CrmError', code: expect.stringMatching(/^(address_refused|bad_response|unreachable)$/) })
  })
})

describe('a property', () => {
  const port = () => inside.host.split(':')[1] ?? ''

  it.each([
    ['an address of this machine', () => `http://${inside.host}`], ['its IPv6 form', () => `https://[::ffff:127.0.0.1]:${port()}`], ['its short form', () => `https://127.1:${port()}`],
    ['its number', () => `https://2130706433:${port()}`], ['a link-local address', () => 'https://169.254.169.254'], ['a user name in front', () => `https://${crm.host}@127.0.0.1:${port()}`],
    ['a path that is none', () => `http://${crm.host}/..//${inside.host}`],
  ])('with %s leads nowhere', async (_what, address) => {
    // Whatever the host of the installation is.
    const hosts = [crm.host, URL.canParse(address()) ? new URL(address()).host : crm.host]
    for (const host of hosts) await users(usual, address(), host).catch((error: unknown) => { expect(error).toMatchObject({ name: 'CrmError' }) })
    expect(inside.take()).toEqual([])
    expect(crm.asked.every(({ url }) => url.startsWith('/'))).toBe(true)
  })
})

describe('another address in the document', () => {
  it.each([() => `http://${inside.host}/users`, () => 'https://localhost/users', () => 'https://[::1]/users'])('is refused where it leads inward', async address => {
    await expect(users(documentWith({ request_url: address() }), `http://${crm.host}`)).rejects.toEqual(refused)
    expect(inside.take()).toEqual([])
  })
})

describe('a name that leads inward', () => {
  it('gains nothing, also when it led elsewhere before: the address is looked at when it is connected to', async () => {
    const [, port = ''] = inside.host.split(':')
    // Nothing in its spelling tells that it is this machine.
    const host = `${hostname()}:${port}`
    expect((await lookup(hostname())).address).toMatch(/^(127|10|172|192\.168|169\.254)\.|^(::1|f[cde])/)
    await expect(users(usual, `https://${host}`, host)).rejects.toEqual(refused)
    expect(inside.take()).toEqual([])
  })

  it('only at the second time it is asked after is refused the second time', async () => {
    const [, port = ''] = inside.host.split(':')
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', askTwice, port], { cwd: fileURLToPath(new URL('..', import.meta.url)) })
    const [first, second] = JSON.parse(stdout) as string[]
    // Let through to an address of the internet, where nobody answers here.
    expect(first).toMatch(/^(unreachable|timeout)$/)
    expect(second).toBe('address_refused')
    expect(inside.take()).toEqual([])
  })
})

const run = promisify(execFile)
/** In a process of its own, whose names lead where this says; prints with what each of the two requests failed. */
const askTwice = `
  import dns from 'node:dns'
  import { syncBuiltinESMExports } from 'node:module'
  const addresses = ['1.1.1.1', '127.0.0.1']
  dns.lookup = (name, options, done) => {
    const address = addresses.shift()
    process.nextTick(done, null, options.all ? [{ address, family: 4 }] : address, 4)
  }
  syncBuiltinESMExports()
  const { AddressGuard } = await import('./packages/server/dist/crm/address-guard.js')
  const { createHttp } = await import('@linefinder/core/http')
  const told = []
  for (const at of [1, 2]) {
    const http = createHttp({ guard: new AddressGuard([]), baseUrl: 'https://flips.example:' + process.argv[1], requestId: 'r' + at, signal: AbortSignal.timeout(500) })
    await http.get('/').then(() => told.push('answered'), error => told.push(error.code))
  }
  console.log(JSON.stringify(told))
  process.exit()
`

describe('an answer', () => {
  it('of a million lists in each other is refused, and the next one is read', async () => {
    crm.answer = () => ({ text: `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}` })
    await expect(users(usual, `http://${crm.host}`)).rejects.toMatchObject({ name: 'CrmError', code: 'bad_response' })
    crm.answer = () => ({ body: [] })
    expect(await users(usual, `http://${crm.host}`)).toEqual([])
  })

  it('that would change what all objects have changes nothing', async () => {
    crm.answer = () => ({ text: '[{"__proto__": {"isAdmin": true}, "id": 1, "constructor": {"prototype": {"isAdmin": true}}}]' })
    expect(await users(usual, `http://${crm.host}`)).toEqual([{ id: '1', name: '1' }])
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import axios from 'axios'
import { toCrmError } from '@linefinder/core/http'
import { AddressGuard } from './address-guard.js'

const guard = new AddressGuard(['http://127.0.0.1:4100'])
const never = new AbortController().signal

describe('AddressGuard', () => {
  it('fills the host in, and takes the scheme that the operator listed for it', () => {
    expect(guard.resolve('https://{hostname}/oauth', 'crm.example.com')).toBe('https://crm.example.com/oauth')
    expect(guard.resolve('https://{hostname}/oauth', '127.0.0.1:4100')).toBe('http://127.0.0.1:4100/oauth')
    expect(guard.resolve('https://{hostname}/oauth', '127.0.0.1:4200')).toBe('https://127.0.0.1:4200/oauth')
  })

  it.each([
    'http://crm.example.com/', 'ftp://crm.example.com/', 'file:///etc/passwd', 'https://user:pass@crm.example.com/', 'nonsense',
    'http://127.0.0.1:4101/', 'http://127.0.0.1/', 'gopher://127.0.0.1:4100/',
  ])('refuses %s', url => {
    expect(() => { guard.check(url) }).toThrow(expect.objectContaining({ code: 'address_refused' }))
  })

  it.each(['https://crm.example.com/', 'http://127.0.0.1:4100/x'])('allows %s', url => {
    expect(() => { guard.check(url) }).not.toThrow()
  })

  it.each([
    'https://127.0.0.1:1/', 'https://localhost:1/', 'https://10.0.0.1/', 'https://192.168.1.1/', 'https://169.254.169.254/latest/meta-data',
    'https://[::1]:1/', 'https://[::ffff:127.0.0.1]:1/', 'https://0.0.0.0:1/', 'https://2130706433:1/', 'https://0x7f.1:1/',
  ])('does not connect to %s, whatever its spelling', async url => {
    const error = await axios.get(url, { ...guard.agentsFor(url), proxy: false, timeout: 2000 }).catch((caught: unknown) => caught)
    expect(toCrmError(error, never).code).toBe('address_refused')
  })

  it('closes an idle connection before the CRM does', async () => {
    const crm = createServer((_, response) => { response.writeHead(200, { Connection: 'keep-alive', 'Keep-Alive': 'timeout=2' }).end() })
    // Longer than the test may take, so that whoever closes is not the CRM.
    crm.keepAliveTimeout = 60_000
    crm.listen(0, '127.0.0.1')
    await once(crm, 'listening')
    const origin = `http://127.0.0.1:${String((crm.address() as AddressInfo).port)}`
    const own = new AddressGuard([origin])
    const connected = once(crm, 'connection') as Promise<[Socket]>
    await axios.get(origin, { ...own.agentsFor(origin), proxy: false })
    const [connection] = await connected
    await once(connection, 'close')
    own.close()
    await new Promise(resolve => { crm.close(resolve) })
  })

  it('says which private origin is no origin', () => {
    expect(() => new AddressGuard(['127.0.0.1:4100'])).toThrow('is not an origin')
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { faultProxy, type FaultProxy } from './fault-proxy.js'
import { rateLimited, unauthorized } from './faults.js'

let crm: Server
let proxy: FaultProxy
let done = 0

beforeAll(async () => {
  crm = createServer((request, response) => {
    if (request.url === '/moved') {
      response.writeHead(302, { Location: `http://${request.headers.host ?? ''}/here` }).end()
      return
    }
    let body = ''
    request.on('data', (piece: Buffer) => { body += piece.toString() })
    request.on('end', () => {
      done += 1
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ method: request.method, url: request.url, host: request.headers.host, body }))
    })
  })
  await new Promise<void>(resolve => { crm.listen(0, '127.0.0.1', resolve) })
  proxy = await faultProxy(originOf(crm))
})
afterEach(() => {
  proxy.clear()
  done = 0
})
afterAll(async () => {
  await proxy.close()
  await new Promise(resolve => crm.close(resolve))
})

const originOf = (server: Server) => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
const ask = (path = '/x', init: RequestInit = {}) => fetch(`${proxy.origin}${path}`, { redirect: 'manual', ...init })
const statuses = async (count: number, path = '/x') => {
  const seen = []
  for (let index = 0; index < count; index += 1) seen.push((await ask(path)).status)
  return seen
}

describe('without a fault', () => {
  it('passes a request on as it is, under the CRM’s own host, and remembers it', async () => {
    const answer = await ask('/things?a=1', { method: 'POST', body: 'text' })
    expect(await answer.json()).toEqual({ method: 'POST', url: '/things?a=1', host: new URL(originOf(crm)).host, body: 'text' })
    expect(proxy.requests).toMatchObject([{ method: 'POST', url: '/things?a=1' }])
  })

  it('leads a redirect of the CRM to itself through the proxy', async () => {
    expect((await ask('/moved')).headers.get('location')).toBe(`${proxy.origin}/here`)
  })
})

describe('with a fault', () => {
  it('answers with a status so many times, then well', async () => {
    proxy.inject(unauthorized, { times: 1 })
    expect(await statuses(3)).toEqual([401, 200, 200])
  })

  it('lets so many through first, and hits only its method and path', async () => {
    proxy.inject({ kind: 'status', status: 503 }, { path: '/api', after: 1, method: 'GET' })
    expect(await statuses(3, '/api/x')).toEqual([200, 503, 503])
    expect((await ask('/other')).status).toBe(200)
    expect((await ask('/api/x', { method: 'POST' })).status).toBe(200)
  })

  it('limits with and without Retry-After', async () => {
    proxy.inject(rateLimited('7'), { times: 1 })
    proxy.inject(rateLimited())
    expect((await ask()).headers.get('retry-after')).toBe('7')
    expect((await ask()).headers.get('retry-after')).toBeNull()
  })

  it('cuts the line before the CRM has heard anything, or after it has done the work', async () => {
    proxy.inject({ kind: 'resetBeforeCommit' }, { times: 1 })
    await expect(ask()).rejects.toThrow()
    expect(done).toBe(0)
    proxy.inject({ kind: 'resetAfterCommit' })
    await expect(ask('/x', { method: 'POST', body: 'text' })).rejects.toThrow()
    expect(done).toBe(1)
  })

  it('breaks an answer off, spoils it, or puts a web page in its place', async () => {
    proxy.inject({ kind: 'truncated' }, { times: 1 })
    await expect((async () => (await ask()).text())()).rejects.toThrow()
    proxy.inject({ kind: 'malformed' }, { times: 1 })
    await expect((await ask()).json()).rejects.toThrow(/JSON/)
    proxy.inject({ kind: 'html' })
    expect((await ask()).headers.get('content-type')).toBe('text/html')
  })

  it('hangs until the client gives up, and notes that it did', async () => {
    proxy.inject({ kind: 'hang' })
    await expect(ask('/x', { signal: AbortSignal.timeout(50) })).rejects.toThrow()
    while (proxy.requests[0]?.isAborted !== true) await new Promise(resolve => setTimeout(resolve, 5))
    expect(done).toBe(0)
  })

  it('is slow, or redirects to another host', async () => {
    proxy.inject({ kind: 'slow', ms: 60 }, { times: 1 })
    const askedAt = performance.now()
    expect((await ask()).status).toBe(200)
    expect(performance.now() - askedAt).toBeGreaterThan(50)
    proxy.inject({ kind: 'redirect', to: 'http://elsewhere.test' })
    expect((await ask('/a?b=c')).headers.get('location')).toBe('http://elsewhere.test/a?b=c')
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Router, type ErrorRequestHandler } from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { createServer } from '../create-server.js'
import { requestIdOf } from '../http/request-log.js'
import { hashToken } from '../secrets/token.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { Surface } from './surface.js'

const answerFailure: ErrorRequestHandler = (error: { code?: string }, _request, response, _next) => { response.status(418).send(error.code) }

/** Answers in its own way to whoever has a session. */
const other: Surface = {
  path: '/other',
  router: services => Router()
    .get('/limited', services.limited({ name: 'sessionsPerAddress', keyOf: () => 'one' }), (_request, response) => { response.send('ok') })
    .get('/me', async (request, response) => {
      const caller = await services.callers.session(hashToken(String(request.query['token'])))
      response.send(`${requestIdOf(request)} ${caller.tenantId} ${caller.connection.crmUser.name}`)
    })
    .use(answerFailure),
}

const lines: string[] = []
let crm: FakeCrm
let test: TestServer
let token = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  const log = pino({}, { write: line => lines.push(line) })
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], surfaces: [other], log, limits: { connectionsPerAddress: 1e6, connectionsPerHost: 1e6, sessionsPerAddress: 1 } })
  token = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

describe('a surface', () => {
  it('proves its callers by their session, and answers failures by itself', async () => {
    await request(test.url).get('/other/me').query({ token: 'none' }).expect(418, 'unauthenticated')
    await request(test.url).get('/other/me').query({ token }).set('X-Request-Id', 'r-1').expect(200, 'r-1 t1 Agent u1')
  })

  it('has neither the headers nor the CORS of the API', async () => {
    const { headers } = await request(test.url).get('/other/me').query({ token }).set('Origin', 'https://app.example.test')
    expect(headers['x-request-id']).toBeDefined()
    expect(headers['content-security-policy']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('is limited in the server’s figures', async () => {
    await request(test.url).get('/other/limited').expect(200)
    await request(test.url).get('/other/limited').expect(418, 'too_many_requests')
  })

  it('leaves what it does not know to the API', async () => {
    expect((await request(test.url).get('/other/unknown').expect(404)).body.code).toBe('not_found')
  })

  it('has a line in the log without its query', async () => {
    lines.length = 0
    await request(test.url).get('/other/me').query({ token, jwtToken: 'secret-jwt', rcAccessToken: 'secret-rc', code: 'secret-code' }).expect(200)
    for (let turn = 0; turn < 500 && lines.length === 0; turn += 1) await new Promise(setImmediate)
    const written = lines.join('')
    expect(written).toContain('"path":"/other/me"')
    for (const secret of [token, 'secret-jwt', 'secret-rc', 'secret-code']) expect(written).not.toContain(secret)
  })
})

it.each(['other', '/', '/v1', '/v1/x', '/healthz', '/a/', '/a b'])('cannot be at "%s"', async path => {
  await expect(createServer({ adapters: [], surfaces: [{ ...other, path }] })).rejects.toThrow('surface')
})

it('cannot be where another one is', async () => {
  await expect(createServer({ adapters: [], surfaces: [other, other] })).rejects.toThrow('one path')
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { storeConnection, storeSession } from '../testing/stored-connection.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const own = 'https://app.example.test'
const otherApps = 'https://other-app.example.test'
const stranger = 'https://evil.example.test'

let crm: FakeCrm
let test: TestServer
let session: string
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  await test.addTenant('t2')
  await test.addClientApp('t2', { webOrigins: [otherApps] })
  session = await storeSession(test, (await storeConnection(test, await test.install('fake-apikey'), { hostname: crm.host })).id)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const corsHeadersOf = ({ headers }: request.Response) => Object.keys(headers).filter(name => name.startsWith('access-control-'))

describe('a preflight', () => {
  const preflight = (origin: string) => request(test.url).options('/v1/call-logs/call-1')
    .set('Origin', origin).set('Access-Control-Request-Method', 'PUT').set('Access-Control-Request-Headers', 'authorization,content-type')

  it('from a registered origin may go on', async () => {
    const { headers } = await preflight(own).expect(204)
    expect(headers['access-control-allow-origin']).toBe(own)
    expect(headers['access-control-allow-methods']).toContain('PUT')
    expect(headers['access-control-allow-headers']?.toLowerCase()).toContain('authorization')
    expect(headers['vary']).toContain('Origin')
  })

  it('never allows cookies', async () => {
    expect((await preflight(own)).headers['access-control-allow-credentials']).toBeUndefined()
  })

  it.each([stranger, 'null', `${own}.evil.example.test`, 'http://app.example.test', `${own}:8443`])('from %s gets nothing', async origin => {
    expect(corsHeadersOf(await preflight(origin))).toEqual([])
  })
})

describe('a session', () => {
  const me = (origin?: string) => {
    const asked = request(test.url).get('/v1/me').auth(session, { type: 'bearer' })
    return origin === undefined ? asked : asked.set('Origin', origin)
  }

  it('works in a page of its own client app, and outside of browsers', async () => {
    expect((await me(own).expect(200)).headers['access-control-allow-origin']).toBe(own)
    await me().expect(200)
  })

  it.each([['another client app’s page', otherApps], ['a stranger’s page', stranger]])('is refused in %s, which may not even read why', async (_, origin) => {
    const response = await me(origin).expect(403)
    expect(response.body.code).toBe('origin_not_allowed')
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
  })
})

it('shows the page of a registered origin the failures that have no session', async () => {
  const response = await request(test.url).get('/v1/me').set('Origin', own).expect(401)
  expect(response.headers['access-control-allow-origin']).toBe(own)
  expect(response.headers['access-control-expose-headers']).toContain('X-Request-Id')
})

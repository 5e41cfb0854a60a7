import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { apiKey, oauth2, type AuthScheme } from '@linefinder/core'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** One key for everybody. */
const everybodys = apiKey({ fields: [], placements: [{ in: 'header', name: 'X-Api-Key', value: 'good-key' }] })
const anonymousOAuth = oauth2({ authorizeUrl: 'https://{hostname}/oauth/authorize', tokenUrl: 'https://{hostname}/oauth/token', scopes: ['read'] })
const adapterWith = (id: string, auth: AuthScheme) => fakeAdapter('apiKey', { id, auth })

let crm: FakeCrm
let test: TestServer
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({
    crm,
    adapters: [adapterWith('named', { ...everybodys, identity: 'named' }), adapterWith('nobody', { ...everybodys, identity: 'none' }), adapterWith('anonymous', { ...anonymousOAuth, identity: 'none' })],
  })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const connect = (installation: string) => request(test.url).post('/v1/connections').send({ client_id: test.clientId, installation, fields: {} })
const connectShared = async (installation: string) =>
  request(test.url).post('/v1/admin/connections').auth(await test.addKey(['admin']), { type: 'bearer' }).send({ installation, fields: {} })

describe('credentials that do not tell who connects', () => {
  it.each(['named', 'nobody'])('let no agent in by themselves (%s), and the CRM is not asked', async adapter => {
    const installation = await test.install(adapter)
    const asked = crm.requestIds.length
    expect((await connect(installation).expect(403)).body).toMatchObject({ code: 'identity_unproven' })
    expect(crm.requestIds).toHaveLength(asked)
    expect(await test.server.services.models.connections.count({ where: { installationId: installation } })).toBe(0)
  })

  it('send no agent to the CRM', async () => {
    const installation = await test.install('anonymous')
    expect((await new OAuthBrowser(test, crm).start(installation).expect(403)).text).toContain('identity_unproven')
  })

  it.each(['named', 'nobody'])('connect the tenant by its admin (%s)', async adapter => {
    const { status, body } = await connectShared(await test.install(adapter))
    expect(status).toBe(201)
    expect(body.connection).toMatchObject({ kind: 'shared', state: 'healthy' })
  })

  it('let agents in who name themselves only where the admin allows that', async () => {
    await connect(await test.install('named', { settings: { agentsNameThemselves: true } })).expect(201)
    await connect(await test.install('named', { settings: { agentsNameThemselves: false } })).expect(403)
    await connect(await test.install('nobody', { settings: { agentsNameThemselves: true } })).expect(403)
  })
})

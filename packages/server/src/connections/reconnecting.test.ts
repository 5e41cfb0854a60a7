import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import request from 'supertest'
import type { SessionToken } from '@linefinder/core/api'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { OAuthBrowser, pathOf } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let logged = ''
let [adminKey, byFields, byOAuth] = ['', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({
    crm, adapters: [fakeAdapter('custom'), fakeAdapter('oauth2')], log: pino({ level: 'debug' }, { write: line => { logged += line } }),
  })
  adminKey = await test.addKey(['admin'])
  byFields = await test.install('fake-custom')
  byOAuth = await test.install('fake-oauth2')
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
const ann = { id: 'u1', name: 'Ann <Agent>', email: 'ann@example.test' }
const bob = { id: 'u2', name: 'Bob', email: 'bob@example.test' }
afterEach(() => {
  crm.user = ann
  crm.fault = 'none'
})

const sql = (text: string) => test.server.services.database.query({ text }, [])
const makeLink = (id: string, token: string) => request(test.url).post(`/v1/connections/${id}/reconnect-link`).auth(token, { type: 'bearer' })
const standing = async ({ token }: SessionToken) => (await request(test.url).get('/v1/connection').auth(token, { type: 'bearer' }).expect(200)).body
const ask = ({ token }: SessionToken) => request(test.url).get('/v1/contacts?name=x').auth(token, { type: 'bearer' })
const connect = async (user = ann): Promise<SessionToken> => {
  crm.user = user
  const { body } = await request(test.url).post('/v1/connections').send({ client_id: test.clientId, installation: byFields, fields: { username: 'ann', password: 'right' } }).expect(201)
  return body
}
/** The path of a fresh link, as an admin hands it out. */
const linkTo = async ({ connection }: SessionToken) => pathOf((await makeLink(connection.id, adminKey).expect(201)).body.url)
const formTokenIn = (page: string) => /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? ''
const fill = (browser: ReturnType<typeof request.agent>, path: string, formToken: string, password = 'right') =>
  browser.post(path).type('form').send({ form_token: formToken, 'field.username': 'ann', 'field.password': password })

describe('POST /v1/connections/{id}/reconnect-link', () => {
  it('is for admins, and for a session of that very connection', async () => {
    const [mine, other] = [await connect(ann), await connect(bob)]
    await request(test.url).post(`/v1/connections/${mine.connection.id}/reconnect-link`).expect(401)
    await makeLink(mine.connection.id, await test.addKey(['lookup', 'log'])).expect(403)
    await makeLink(mine.connection.id, other.token).expect(404)
    await test.addTenant('t2')
    await makeLink(mine.connection.id, await test.addKey(['admin'], 't2')).expect(404)
    for (const token of [mine.token, adminKey]) {
      const { body } = await makeLink(mine.connection.id, token).expect(201)
      expect(body.url).toMatch(new RegExp(`^${test.url}/v1/reconnect/[A-Za-z0-9_-]{43}$`))
      expect(Math.round((Date.parse(body.expiresAt) - Date.now()) / 3_600_000)).toBe(24)
    }
  })

  it('refuses where the installation is switched off', async () => {
    const { connection } = await connect()
    await test.server.services.models.installations.update({ enabled: false }, { where: { id: byFields } })
    await makeLink(connection.id, adminKey).expect(403)
    await test.server.services.models.installations.update({ enabled: true }, { where: { id: byFields } })
  })

  it('is noted in the audit trail, without the link', async () => {
    const { connection } = await connect()
    await makeLink(connection.id, adminKey).expect(201)
    const [entry] = await test.server.services.models.audit.findAll({ where: { subject: `connection:${connection.id}`, action: 'reconnect_link.created' } })
    expect(entry?.details).toEqual({})
  })
})

describe('a link to a form', () => {
  it('connects again, once, and is told', async () => {
    const session = await connect()
    await sql(`UPDATE connections SET state = 'needs_reconnect'`)
    const path = await linkTo(session)
    const browser = request.agent(test.url)
    const page = await browser.get(path).expect(200)
    expect(page.text).toContain('Ann &lt;Agent&gt;')
    expect(page.text).toMatch(/name="field.password" type="password"/)
    expect(page.headers['content-security-policy']).toContain(`form-action 'self'`)
    expect(page.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    expect(page.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/)
    const done = await fill(browser, path, formTokenIn(page.text)).expect(200)
    expect(done.text).toContain('Connected again')
    expect(await standing(session)).toMatchObject({ id: session.connection.id, state: 'healthy', pausedUntil: null })
    await ask(session).expect(200)
    expect(await test.server.services.models.audit.count({ where: { subject: `connection:${session.connection.id}`, action: 'connection.recovered' } })).toBe(1)
    for (const answer of [await browser.get(path), await fill(browser, path, formTokenIn(page.text))]) {
      expect(answer.status).toBe(404)
      expect(answer.text).toContain('reconnect_link_invalid')
    }
  })

  it('shows the form again when the fields are wrong, and never what was filled in', async () => {
    const path = await linkTo(await connect())
    const browser = request.agent(test.url)
    const formToken = formTokenIn((await browser.get(path)).text)
    const refused = await fill(browser, path, formToken, 'wrong-secret').expect(401)
    expect(refused.text).toContain('The CRM refuses these credentials')
    expect(refused.text).not.toContain('wrong-secret')
    expect((await fill(browser, path, formToken, 'x').expect(422)).text).toContain('Password does not have the right form.')
    await fill(browser, path, formTokenIn(refused.text)).expect(200)
  })

  it('changes nothing for another CRM user', async () => {
    const session = await connect()
    await sql(`UPDATE connections SET state = 'needs_reconnect'`)
    const path = await linkTo(session)
    const browser = request.agent(test.url)
    const page = await browser.get(path)
    crm.user = bob
    expect((await fill(browser, path, formTokenIn(page.text)).expect(403)).text).toContain('The CRM knows you as another user')
    crm.user = ann
    crm.accountId = 'account-2'
    await fill(browser, path, formTokenIn(page.text)).expect(403)
    crm.accountId = 'account-1'
    expect(await standing(session)).toMatchObject({ state: 'needs_reconnect' })
  })

  it('takes the form from the browser that was shown it, and asks the CRM nothing for another', async () => {
    const path = await linkTo(await connect())
    const browser = request.agent(test.url)
    const formToken = formTokenIn((await browser.get(path)).text)
    const before = crm.counts.logins
    await fill(request.agent(test.url), path, formToken).expect(400)
    await fill(browser, path, 'x'.repeat(43)).expect(400)
    await browser.post(path).send({ form_token: formToken }).expect(415)
    await browser.post(path).type('form').send({ 'field.username': 'ann' }).expect(422)
    expect(crm.counts.logins).toBe(before)
  })

  it('ends after 24 hours, and with its connection', async () => {
    const session = await connect()
    const late = await linkTo(session)
    await sql(`UPDATE reconnect_links SET expires_at = now()`)
    await request(test.url).get(late).expect(404)
    const ended = await linkTo(session)
    await request(test.url).delete(`/v1/admin/connections/${session.connection.id}`).auth(adminKey, { type: 'bearer' }).expect(204)
    await request(test.url).get(ended).expect(404)
  })

  it('fails as a page when the CRM is down, and works later', async () => {
    const path = await linkTo(await connect())
    const browser = request.agent(test.url)
    const page = await browser.get(path)
    crm.fault = 'error'
    expect((await fill(browser, path, formTokenIn(page.text)).expect(502)).headers['content-type']).toMatch(/^text\/html/)
    crm.fault = 'none'
    await fill(browser, path, formTokenIn(page.text)).expect(200)
  })
})

describe('a link to a CRM with OAuth', () => {
  /** An agent whose grant the CRM has revoked. */
  async function lostAgent(): Promise<SessionToken> {
    const session = await new OAuthBrowser(test, crm).connect(byOAuth)
    crm.revokeGrants()
    await ask(session).expect(401)
    expect(await standing(session)).toMatchObject({ state: 'needs_reconnect' })
    return session
  }

  it('leads to the CRM and back; the session works again, and what has waited goes out', async () => {
    const session = await lostAgent()
    await request(test.url).put('/v1/call-logs/waits').auth(session.token, { type: 'bearer' })
      .send({ direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00Z', result: 'answered' }).expect(202)
    await test.server.services.idle()
    expect(crm.activities).toEqual([])
    const path = await linkTo(session)
    const browser = new OAuthBrowser(test, crm)
    await browser.open(path).expect(302)
    const { headers } = await browser.open(path).expect(302)
    const done = await browser.open(pathOf(crm.authorize(headers['location']!))).expect(200)
    expect(done.text).toContain('Connected again')
    expect(await standing(session)).toMatchObject({ state: 'healthy' })
    await ask(session).expect(200)
    await test.server.services.idle()
    expect(crm.activities).toHaveLength(1)
    await browser.open(path).expect(404)
  })

  it('changes nothing when another CRM user comes back, or the agent says no, and can be opened again', async () => {
    const session = await lostAgent()
    const path = await linkTo(session)
    const browser = new OAuthBrowser(test, crm)
    const comeBack = async (answer: 'allow' | 'deny') => browser.open(pathOf(crm.authorize((await browser.open(path).expect(302)).headers['location']!, answer)))
    crm.user = bob
    const other = await comeBack('allow')
    expect(other.status).toBe(403)
    expect(other.text).toContain('other_crm_user')
    expect((await comeBack('deny')).status).toBe(403)
    expect(await standing(session)).toMatchObject({ state: 'needs_reconnect' })
    crm.user = ann
    expect((await comeBack('allow')).status).toBe(200)
  })

  it('ends in the browser that it began in', async () => {
    const path = await linkTo(await lostAgent())
    const { headers } = await new OAuthBrowser(test, crm).open(path).expect(302)
    await new OAuthBrowser(test, crm).open(pathOf(crm.authorize(headers['location']!))).expect(400)
  })
})

it('leaves no link and no secret in the log', async () => {
  const path = await linkTo(await connect())
  await request(test.url).get(path).expect(200)
  expect(logged).toContain('/v1/reconnect/[redacted]')
  expect(logged).not.toContain(path)
  expect(logged).not.toContain('wrong-secret')
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import { authorizeUrl, callApi, connect, makePkce, testClient } from '../testing/acme-client.js'
import { createBrowser, loginAndDecide, type Browser } from '../scripted-browser.js'

let acme: Acme

beforeAll(async () => {
  acme = await startAcme({ seedPeople: 60, oauthClients: [testClient] })
})
afterAll(() => acme.stop())

async function signIn(email: string): Promise<Browser> {
  const browser = createBrowser()
  await browser.submit(await browser.open(`${acme.url}/login`), { email, password: 'acme' })
  return browser
}

describe('every page', () => {
  it('sends a visitor to sign in and then back', async () => {
    const browser = createBrowser()
    const login = await browser.open(`${acme.url}/people/p_1001`)
    expect(login.body).toContain('<h1>Sign in</h1>')
    const back = await browser.submit(login, { email: 'cho@acme.test', password: 'acme' })
    expect(back.url).toBe(`${acme.url}/people/p_1001`)
  })

  it('never sends anyone to another site after signing in', async () => {
    const browser = createBrowser()
    for (const next of ['//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example']) {
      const login = await browser.open(`${acme.url}/login?next=${encodeURIComponent(next)}`)
      expect(login.body).toContain('action="/login?next=%2Fpeople"')
    }
  })

  it('has security headers', async () => {
    const { headers } = await fetch(`${acme.url}/login`)
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'`)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.getSetCookie().join()).toMatch(/HttpOnly; SameSite=Lax/)
  })
})

it('shows the people, page by page, and finds one by name or number', async () => {
  const ben = await signIn('ben@acme.test')
  const list = await ben.open(`${acme.url}/people`)
  expect(list.body).toContain('Jan de Vries')
  expect(list.body).toContain('Next page')
  for (const search of ['JAN DE VRIES', '0413-741741']) {
    const found = await ben.open(`${acme.url}/people?q=${encodeURIComponent(search)}`)
    expect(found.body).toContain('href="/people/p_1001"')
    expect(found.body).not.toContain('Next page')
  }
})

it('shows a new activity when the page is opened again, with everything in it escaped', async () => {
  const ben = await signIn('ben@acme.test')
  expect((await ben.open(`${acme.url}/people/p_1001`)).body).toContain('No calls yet')
  const { access_token } = await connect(acme.url)
  await callApi(acme.url, access_token, '/activities', {
    method: 'POST',
    body: {
      type: 'call', person_id: 'p_1001', direction: 'inbound', result: 'answered', duration_seconds: 125,
      subject: '<script>alert(1)</script>', started_at: '2026-01-05T10:00:00Z',
    },
  })
  const { body } = await ben.open(`${acme.url}/people/p_1001`)
  expect(body).toContain('Inbound call')
  expect(body).toContain('2 min 5 s')
  expect(body).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
  expect(body).not.toContain('<script')
})

it('shows when a task is due, and whether it is done', async () => {
  const ben = await signIn('ben@acme.test')
  const { access_token } = await connect(acme.url)
  await callApi(acme.url, access_token, '/activities', {
    method: 'POST', body: { type: 'task', person_id: 'p_1001', subject: 'Call back', due_at: '2026-03-02T09:15:00Z', status: 'done' },
  })
  const { body } = await ben.open(`${acme.url}/people/p_1001`)
  expect(body).toMatch(/<strong>Task<\/strong>\s*<span class="tag plain">done<\/span>/)
  expect(body).toContain('Due <time datetime="2026-03-02T09:15:00.000Z">2 Mar 2026, 09:15</time>')
})

it('takes a note, but not from a form of another site', async () => {
  const ben = await signIn('ben@acme.test')
  const record = await ben.open(`${acme.url}/people/p_1001`)
  const saved = await ben.submit(record, { body: 'Wants a quote' })
  expect(saved.body).toContain('Wants a quote')
  const forged = { ...record, body: record.body.replaceAll(/name="csrf" value="[^"]*"/g, 'name="csrf" value="x"') }
  expect((await ben.submit(forged, { body: 'Forged' })).status).toBe(403)
})

describe('connected apps', () => {
  it('are the admin’s', async () => {
    const ben = await signIn('ben@acme.test')
    expect((await ben.open(`${acme.url}/settings/apps`)).status).toBe(403)
  })

  it('get an id and a secret that work at once', async () => {
    const ann = await signIn('ann@acme.test')
    const redirectUri = 'https://app.example/callback'
    const shown = await ann.submit(await ann.open(`${acme.url}/settings/apps`), { name: 'My <app>', redirect_uris: redirectUri })
    const textOf = (id: string) => new RegExp(`id="${id}">([^<]+)`).exec(shown.body)![1]!
    const { verifier, challenge } = makePkce()
    const url = authorizeUrl(acme.url, challenge, { client_id: textOf('client-id'), redirect_uri: redirectUri })
    const back = await loginAndDecide({ authorizeUrl: url, redirectUri, browser: ann })
    const answer = await fetch(`${acme.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: back.searchParams.get('code')!, redirect_uri: redirectUri, code_verifier: verifier,
        client_id: textOf('client-id'), client_secret: textOf('client-secret'),
      }),
    })
    expect(answer.status).toBe(200)
    const list = await ann.open(`${acme.url}/settings/apps`)
    expect(list.body).toContain('My &#60;app&#62;')
    expect(list.body).not.toContain(textOf('client-secret'))
  })

  it('need a name and addresses to come back to', async () => {
    const ann = await signIn('ann@acme.test')
    const form = await ann.open(`${acme.url}/settings/apps`)
    const answer = await ann.submit(form, { name: 'App', redirect_uris: 'javascript:alert(1)' })
    expect(answer.status).toBe(422)
    expect(answer.body).toContain('is not an http or https address')
  })
})

it('forgets who was signed in, also for the next app that connects', async () => {
  const browser = createBrowser()
  await connect(acme.url, { browser })
  const home = await browser.open(`${acme.url}/people`)
  expect(home.body).toContain('Ann de Wit')
  const signOut = home.body.replace(/<main[^]*<\/main>/, '').replace('<header', '<main><header')
  await browser.submit({ ...home, body: signOut }, {})
  const visit = await browser.open(authorizeUrl(acme.url, makePkce().challenge))
  expect(visit.body).toContain('name="password"')
})

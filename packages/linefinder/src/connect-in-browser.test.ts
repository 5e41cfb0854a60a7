import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chromium, type Browser } from 'playwright-core'
import { authorizeUrl, createClient, createVerifier } from '@linefinder/client'
import { codePageRedirect } from '@linefinder/core/api'
import { readConfig } from './config.js'
import { openDemo, type Demo } from './demo/demo.js'
import { findFreePort } from './testing/processes.js'

const browserPath = process.env['LINEFINDER_TEST_BROWSER'] ?? ''

;(browserPath === '' ? describe.skip : describe)('connecting in a real browser', () => {
  let folder = ''
  let demo: Demo
  let browser: Browser
  let softphone: Server
  let softphoneOrigin = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'linefinder-browser-'))
    softphone = createServer((_request, response) => { response.setHeader('Content-Type', 'text/html').end('<title>Softphone</title><h1>Softphone</h1>') })
    await new Promise<void>(resolve => { softphone.listen(0, '127.0.0.1', resolve) })
    // A server that has just begun to listen on TCP has an address of this form.
    softphoneOrigin = `http://127.0.0.1:${String((softphone.address() as AddressInfo).port)}`
    demo = await openDemo({ ...readConfig({}), PORT: 0, LOG_LEVEL: 'silent', LINEFINDER_DATA_DIR: folder }, await findFreePort())
    await demo.admin.admin.clientApps.update({ params: { id: demo.clientId }, body: { webOrigins: [softphoneOrigin] } })
    browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update'] })
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await demo.stop()
    softphone.closeAllConnections()
    await new Promise(resolve => softphone.close(resolve))
    await rm(folder, { recursive: true })
  })

  it('shows the code, and hands it to the window that opened the page, whose session then works there', async () => {
    const { codeVerifier, codeChallenge } = await createVerifier()
    const address = authorizeUrl(demo.url, {
      client_id: demo.clientId, installation: demo.installation, redirect_uri: codePageRedirect,
      code_challenge: codeChallenge, code_challenge_method: 'S256', state: 'of the softphone',
    })
    const page = await (await browser.newContext()).newPage()
    await page.goto(softphoneOrigin)
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate(`
      window.message = new Promise(resolve => addEventListener('message', event => resolve({ origin: event.origin, data: event.data })))
      window.popup = window.open(${JSON.stringify(address)}); null
    `)])
    await popup.fill('input[name=email]', 'ann@acme.test')
    await popup.fill('input[name=password]', 'acme')
    await popup.click('button[type=submit]')
    await popup.click('button[value=allow]')
    const message = await page.evaluate('window.message') as { origin: string; data: { source: string; code: string; state: string } }
    expect(message).toMatchObject({ origin: demo.url, data: { source: 'linefinder', state: 'of the softphone' } })
    expect(await popup.inputValue('#code')).toBe(message.data.code)
    if (process.env['SCREENSHOTS']) await popup.screenshot({ path: join(process.env['SCREENSHOTS'], 'code-page.png') })

    // From the softphone's own page, so that CORS is asked as well.
    const { token } = await page.evaluate(`fetch(${JSON.stringify(`${demo.url}/v1/sessions`)}, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(${JSON.stringify({ client_id: demo.clientId, redirect_uri: codePageRedirect, code: message.data.code, code_verifier: codeVerifier })}),
    }).then(response => response.json())`) as { token: string }
    const me = await page.evaluate(`fetch(${JSON.stringify(`${demo.url}/v1/me`)}, { headers: { Authorization: 'Bearer ${token}' } }).then(response => response.json())`)
    expect(me).toMatchObject({ user: { name: 'Ann de Wit' } })
    await expect(createClient({ baseUrl: demo.url, token }).me.get({})).resolves.toBeDefined()
  }, 60_000)

  it('shows a clear page when the agent denies', async () => {
    const { codeChallenge } = await createVerifier()
    const page = await (await browser.newContext()).newPage()
    await page.goto(authorizeUrl(demo.url, {
      client_id: demo.clientId, installation: demo.installation, redirect_uri: codePageRedirect,
      code_challenge: codeChallenge, code_challenge_method: 'S256', state: 's',
    }))
    await page.fill('input[name=email]', 'ben@acme.test')
    await page.fill('input[name=password]', 'acme')
    await page.click('button[type=submit]')
    await page.click('button[value=deny]')
    expect(await page.textContent('body')).toContain('Access was not granted')
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'denied.png') })
  }, 60_000)

  it('has a page of the API that needs nothing from elsewhere', async () => {
    const page = await (await browser.newContext()).newPage()
    const foreign: string[] = []
    const complaints: string[] = []
    page.on('request', request => { if (!request.url().startsWith(demo.url) && !request.url().startsWith('data:')) foreign.push(request.url()) })
    page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
    await page.goto(`${demo.url}/docs`)
    await page.getByText('/v1/call-logs/{callId}').first().waitFor()
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'docs.png') })
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  }, 60_000)
})

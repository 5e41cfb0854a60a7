import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chromium, type Browser } from 'playwright-core'
import { codePageRedirect } from '@linefinder/core/api'
import { codeChallengeOf } from '../secrets/token.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { codeVerifier } from '../testing/oauth-browser.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const executablePath = process.env['LINEFINDER_TEST_BROWSER'] ?? '';

(executablePath === '' ? describe.skip : describe)('the code page in a browser', () => {
  let [crm, test, browser, phone] = [] as unknown as [FakeCrm, TestServer, Browser, Server]

  beforeAll(async () => {
    crm = await FakeCrm.start()
    test = await startTestServer({ crm, adapters: [fakeAdapter('oauth2')] })
    phone = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<script>
        window.heard = []
        addEventListener('message', event => heard.push({ origin: event.origin, data: event.data }))
      </script>`)
    })
    await new Promise<void>(resolve => { phone.listen(0, '127.0.0.1', resolve) })
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    phone.close()
    await test.stop()
    await crm.stop()
  })

  /** Opens the address in a pop-up of the phone's page, and goes all the way. */
  async function connectInPopup(clientId: string, state: string) {
    const page = await browser.newPage()
    await page.goto(phoneOrigin())
    const query = new URLSearchParams({
      client_id: clientId, installation: await test.install('fake-oauth2'), redirect_uri: codePageRedirect,
      code_challenge: codeChallengeOf(codeVerifier), code_challenge_method: 'S256', state,
    })
    const opened = page.waitForEvent('popup')
    await page.evaluate(url => { window.open(url) }, `${test.url}/v1/authorize?${query.toString()}`)
    const popup = await opened
    await popup.getByRole('heading', { name: 'Connected' }).waitFor()
    return { page, code: await popup.getByLabel('Code').inputValue() }
  }
  const phoneOrigin = () => `http://127.0.0.1:${String((phone.address() as AddressInfo).port)}`

  it('hands the code through all redirects to the page that opened it', async () => {
    const id = await test.addClientApp('t1', { redirectUris: [codePageRedirect], webOrigins: ['https://elsewhere.example.test', phoneOrigin()] })
    const { code, page } = await connectInPopup(id, 'a "state" of </script>')
    await page.waitForFunction('heard.length > 0')
    expect(await page.evaluate('heard')).toEqual([{ origin: test.url, data: { source: 'linefinder', code, state: 'a "state" of </script>' } }])
  })

  it('hands it to no page of an origin that is not the client app’s', async () => {
    const id = await test.addClientApp('t1', { redirectUris: [codePageRedirect], webOrigins: ['https://elsewhere.example.test'] })
    const { page } = await connectInPopup(id, 's')
    expect(await page.evaluate('heard')).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chromium } from 'playwright-core'
import request from 'supertest'
import { problemCodes } from '@linefinder/core'
import { createServer, type LinefinderServer } from '../create-server.js'

let server: LinefinderServer
let url: string
beforeAll(async () => {
  server = await createServer({ adapters: [] })
  url = await server.listen()
})
afterAll(() => server.stop())

it('serves the OpenAPI document with the address that the server is reached at', async () => {
  const { body, type } = await request(url).get('/openapi.json').expect(200)
  expect(type).toBe('application/json')
  expect(body).toMatchObject({ openapi: '3.1.1', servers: [{ url }] })
})

describe('/docs', () => {
  it('is a page of this server alone', async () => {
    const page = await request(url).get('/docs').expect(200)
    expect(page.type).toBe('text/html')
    expect(page.headers['content-security-policy']).toContain(`default-src 'none'; script-src 'self'`)
    expect(page.text).not.toMatch(/https?:\/\//)
    const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
    expect(files).toHaveLength(4)
    for (const path of files) await request(url).get(path).expect(200)
  })

  it('gives out no other file', async () => {
    for (const path of ['/docs/package.json', '/docs/..%2fpackage.json', '/docs/index.html']) await request(url).get(path).expect(404)
  })

  const browserPath = process.env['LINEFINDER_TEST_BROWSER'] ?? ''
  ;(browserPath === '' ? it.skip : it)('shows every operation in a browser, within its own content policy', async () => {
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(15_000)
      const complaints: string[] = []
      page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
      page.on('pageerror', error => { complaints.push(error.message) })
      await page.goto(`${url}/docs`)
      await page.getByText('Say what the CRM shall know of a call').waitFor()
      await page.getByText('Say what the CRM shall know of a call').click()
      await page.getByText('owned_by_other').first().waitFor()
      expect(await page.title()).toBe('Linefinder API')
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})

describe('/docs/errors', () => {
  it('explains every code at the place that a problem’s type points to', async () => {
    const { text, type } = await request(url).get('/docs/errors').expect(200)
    expect(type).toBe('text/html')
    expect([...text.matchAll(/<tr id="([^"]+)">/g)].map(([, id]) => id)).toEqual(problemCodes)
    await request(url).get('/docs/errors.css').expect(200)
    const { body: problem } = await request(url).get('/v1/nothing').expect(404)
    expect(problem.type).toBe('/docs/errors#not_found')
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { chromium, type Browser, type Page } from 'playwright-core'
import type * as Linefinder from './index.js'

async function bundle() {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    bundle: true, minify: true, platform: 'browser', format: 'iife', globalName: 'Linefinder', metafile: true, write: false, logLevel: 'silent',
  })
  return { inputs: Object.keys(metafile.inputs), text: outputFiles[0]!.text }
}

describe('bundled for a browser', () => {
  it('holds no axios, no phone engine and nothing of Node, and stays below 45 kB', async () => {
    const { inputs, text } = await bundle()
    expect(inputs.filter(path => /node_modules\/(?!zod\/)|node:|packages\/core\/dist\/phone\//.test(path))).toEqual([])
    const size = gzipSync(text).length
    process.stdout.write(`@linefinder/client for browsers: ${(text.length / 1000).toFixed(0)} kB, ${(size / 1000).toFixed(0)} kB gzipped\n`)
    expect(size).toBeLessThan(45_000)
  })
})

const executablePath = process.env['LINEFINDER_TEST_BROWSER'] ?? ''
const describeInBrowser = executablePath === '' ? describe.skip : describe

/** What Linefinder's code page does. `#` holds the messages, which a real one has built in. */
const codePage = `<!doctype html><script>
  for (const message of JSON.parse(decodeURIComponent(location.hash.slice(1)))) window.opener.postMessage(message, '*')
</script>`

describeInBrowser('waitForCode in a real browser', () => {
  let browser: Browser
  let page: Page
  let client: Server
  let linefinder: Server
  let stranger: Server
  beforeAll(async () => {
    const { text } = await bundle()
    const clientPage = `<!doctype html><title>Softphone</title><script>${text.replaceAll('</script', '<\\/script')}</script>`
    ;[client, linefinder, stranger] = await Promise.all([clientPage, codePage, codePage].map(servePage)) as [Server, Server, Server]
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    await page.goto(originOf(client))
  })
  afterAll(async () => {
    await browser.close()
    for (const server of [client, linefinder, stranger]) {
      server.closeAllConnections()
      server.close()
    }
  })

  /** Opens the popup as a click would, and waits for the code of state `s1`. */
  const connect = (popups: string[], closesPopup = false) => page.evaluate(async ([urls, origin, closes]) => {
    const { waitForCode } = (globalThis as unknown as { Linefinder: typeof Linefinder }).Linefinder
    const opened = urls.map(url => window.open(url, '_blank', 'popup')!)
    const waiting = waitForCode(opened.at(-1)!, origin, 's1')
    if (closes) opened.at(-1)!.close()
    return waiting.then(code => ({ code }), (error: Error & { error?: string }) => ({ name: error.name, error: error.error }))
      .finally(() => { for (const popup of opened) popup.close() })
  }, [popups, originOf(linefinder), closesPopup] as const)

  const messagesFrom = (server: Server, ...messages: unknown[]) => `${originOf(server)}/#${encodeURIComponent(JSON.stringify(messages))}`

  it('resolves with the code that the page hands over', async () => {
    expect(await connect([messagesFrom(linefinder, { source: 'linefinder', code: 'right', state: 's1' })])).toEqual({ code: 'right' })
  })

  it('passes over other senders, other states and other messages', async () => {
    expect(await connect([
      messagesFrom(stranger, { source: 'linefinder', code: 'stolen', state: 's1' }),
      messagesFrom(linefinder,
        null, 'text', { code: 'bare', state: 's1' }, { source: 'linefinder', state: 's1' },
        { source: 'linefinder', code: 'other', state: 's2' }, { source: 'linefinder', code: 'right', state: 's1' }),
    ])).toEqual({ code: 'right' })
  })

  it('rejects when access was denied', async () => {
    expect(await connect([messagesFrom(linefinder, { source: 'linefinder', error: 'access_denied', error_description: 'No.', state: 's1' })]))
      .toEqual({ name: 'ConnectingStopped', error: 'access_denied' })
  })

  it('rejects when the popup is closed', async () => {
    expect(await connect([messagesFrom(linefinder)], true)).toEqual({ name: 'ConnectingStopped', error: 'window_closed' })
  })

  it('runs the client’s calls from a page', async () => {
    const answer = await page.evaluate(async origin => {
      const { createClient, createVerifier } = (globalThis as unknown as { Linefinder: typeof Linefinder }).Linefinder
      const failure = await createClient({ baseUrl: origin }).health.live().catch((error: unknown) => error as { reason: string })
      return { failure: 'reason' in failure ? failure.reason : '', verifier: (await createVerifier()).codeVerifier.length }
    }, originOf(client))
    expect(answer).toEqual({ failure: 'not_ours', verifier: 43 })
  })
})

async function servePage(html: string): Promise<Server> {
  const server = createServer((_request, response) => { response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html) })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return server
}

const originOf = (server: Server): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`

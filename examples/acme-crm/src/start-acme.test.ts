import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startAcme } from './index.js'
import { callApi, connect, refresh, testClient, type Tokens } from './testing/acme-client.js'
import { createBrowser } from './scripted-browser.js'

let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'acme-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

it('keeps records, tokens and sign-ins over a restart', async () => {
  const options = { dataDir, seedPeople: 5, oauthClients: [testClient] }
  const browser = createBrowser()
  const first = await startAcme(options)
  const tokens = await connect(first.url, { browser })
  await callApi(first.url, tokens.access_token, '/people', { method: 'POST', body: { name: 'Before Restart' } })
  await first.stop()

  const second = await startAcme(options)
  try {
    const people = await callApi<{ items: unknown[] }>(second.url, tokens.access_token, '/people')
    expect(people.body.items).toHaveLength(6)
    const renewed = (await refresh(second.url, tokens.refresh_token)).body as unknown as Tokens
    expect((await callApi(second.url, renewed.access_token, '/users/me')).status).toBe(200)
    expect((await browser.open(`${second.url}/people`)).body).toContain('Before Restart')
  } finally {
    await second.stop()
  }
})

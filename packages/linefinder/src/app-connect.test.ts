import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { manifestSchema } from '@linefinder/app-connect'
import { createServer } from '@linefinder/server'
import { readConfig } from './config.js'
import { createLog, manifestUrlOf, serverOptionsOf } from './server-options.js'

const folder = mkdtempSync(join(tmpdir(), 'linefinder-app-connect-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

/** Status and body of the manifest of a server with this configuration. */
async function manifestWith(environment: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const config = readConfig({ LOG_LEVEL: 'silent', LINEFINDER_DATA_DIR: folder, LINEFINDER_ADAPTERS: '@linefinder/adapter-memory', ...environment })
  const server = await createServer({ ...await serverOptionsOf(config, createLog('silent')), database: { embedded: {} } })
  try {
    await server.services.tenants.ensureDefaults()
    const url = await server.listen()
    const response = await fetch(manifestUrlOf({ ...config, LINEFINDER_APP_CONNECT: 'on' }, url) ?? '')
    return { status: response.status, body: await response.json() }
  } finally {
    await server.stop()
  }
}

describe('App Connect’s surface', () => {
  it('is not there unless it is switched on', async () => {
    expect((await manifestWith({})).status).toBe(404)
    expect(manifestUrlOf(readConfig({}), 'http://x')).toBeNull()
  })

  it('is where the configuration says, and as it says', async () => {
    const { status, body } = await manifestWith({ LINEFINDER_APP_CONNECT: 'on', LINEFINDER_APP_CONNECT_OPTIONS: '{"path":"/rc","authorName":"Example Ltd"}' })
    expect(status).toBe(200)
    expect(manifestSchema.parse(body)).toMatchObject({ serverUrl: expect.stringMatching(/\/rc$/), author: { name: 'Example Ltd' } })
  })

  it.each([
    ['{', 'LINEFINDER_APP_CONNECT_OPTIONS'], ['{"paht":"/rc"}', 'paht'], ['{"origins":["example"]}', 'origins'], ['{"platforms":{"acme":{"installation":"1"}}}', 'platforms.acme.installation'],
  ])('says what is wrong with %s', (options, named) => {
    expect(() => readConfig({ LINEFINDER_APP_CONNECT_OPTIONS: options })).toThrow(named)
  })
})

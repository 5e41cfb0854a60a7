import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '@linefinder/example-acme-crm'
import { createClient } from '@linefinder/client'
import { KeyRing } from '@linefinder/server'
import { acmeClient, acmeControl, adminKeyIn, connectUser, installAcme } from './testing/acme-tenant.js'
import { createPostgresDatabase, hasPostgres } from './testing/postgres.js'
import { findFreePort, startProcess, type ServerProcess } from './testing/processes.js'
import { startRecordingProxy, type RecordingProxy } from './testing/recording-proxy.js'

;(hasPostgres ? describe : describe.skip)('after a whole story', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let acme: Acme
  let proxy: RecordingProxy
  let server: ServerProcess
  let [adminKey, sessionToken] = ['', '']
  const keys = KeyRing.newKey('k1')

  beforeAll(async () => {
    database = await createPostgresDatabase()
    const port = await findFreePort()
    const url = `http://127.0.0.1:${String(port)}`
    const acmePort = await findFreePort()
    proxy = await startRecordingProxy(`http://127.0.0.1:${String(acmePort)}`)
    acme = await startAcme({ port: acmePort, publicUrl: `http://${proxy.host}`, oauthClients: [{ ...acmeClient, redirectUris: [`${url}/v1/oauth/callback`] }] })
    server = await startProcess({
      DATABASE_URL: database.url, LINEFINDER_KEYS: keys, PORT: String(port), LOG_LEVEL: 'debug', LINEFINDER_PRIVATE_ORIGINS: `http://${proxy.host}`,
    })
    adminKey = adminKeyIn(server.output())
    const { token, client } = await connectUser(url, await installAcme(url, adminKey, proxy.host))
    sessionToken = token
    await client.contacts.find({ query: { phone: '+31413741741' } })
    await acmeControl(acme.url.replace(proxy.host, `127.0.0.1:${String(acmePort)}`), 'POST', 'expire-access-tokens')
    await client.callLogs.put({
      params: { callId: 'call-1' }, query: {}, waitSeconds: 10,
      body: {
        direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00',
        contactId: 'p_1001' as never, note: 'a note that no log may hold',
      },
    })
    await createClient({ baseUrl: url, token: 'lfs_wrong' }).me.get({}).catch(() => undefined)
  }, 60_000)

  afterAll(async () => {
    await server.end()
    await acme.stop()
    await proxy.stop()
    await database.drop()
  })

  /** The access and refresh tokens that Acme issued, before and after the renewal. */
  const issuedTokens = () => [...proxy.bodies().join('\n').matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)].map(([, token]) => token!)

  it('the database holds no token, key or client secret in clear', async () => {
    const dump = await database.dump()
    expect(dump).toContain('call-1')
    expect(issuedTokens()).toHaveLength(4)
    for (const secret of [...issuedTokens(), adminKey, sessionToken, acmeClient.clientSecret, keys.split(':')[1]!]) {
      expect(dump).not.toContain(secret)
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'))
      expect(dump).not.toContain(Buffer.from(secret).toString('base64'))
    }
  })

  it('the log holds none of them either, and no phone number or note', () => {
    // The first admin key is shown once, on purpose, beside the log.
    const log = server.output().split('\n').filter(line => line.startsWith('{')).join('\n')
    expect(log).toContain('/v1/call-logs/call-1')
    for (const secret of [...issuedTokens(), adminKey, sessionToken, acmeClient.clientSecret, '31413741741', 'a note that no log may hold']) {
      expect(log).not.toContain(secret)
    }
  })
})

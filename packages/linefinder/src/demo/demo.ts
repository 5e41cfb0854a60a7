import { join } from 'node:path'
import { rcRedirectPage } from '@linefinder/app-connect'
import { startAcme, type Acme, type ConfiguredClient } from '@linefinder/example-acme-crm'
import { createClient, type LinefinderClient } from '@linefinder/client'
import { codePageRedirect } from '@linefinder/core/api'
import { createServer, type LinefinderServer } from '@linefinder/server'
import { keptSecret, newSecret } from '../data-folder.js'
import type { Config } from '../config.js'
import { createLog, serverOptionsOf } from '../server-options.js'

/** A server and a sample CRM that know each other. */
export interface Demo {
  readonly url: string
  readonly acme: Acme
  readonly clientId: string
  readonly installation: string
  /** With the demo's admin key. */
  readonly admin: LinefinderClient
  readonly server: LinefinderServer
  stop(): Promise<void>
}

export const demoClientId = 'default'
export const demoRedirect = 'http://127.0.0.1/connected'

/** Starts both and sets the installation up through the admin API, as an operator would. Starting again changes nothing. */
export async function openDemo(config: Config, acmePort: number, otherAcmeClients: readonly ConfiguredClient[] = []): Promise<Demo> {
  const folder = config.LINEFINDER_DATA_DIR
  const acmeHost = `127.0.0.1:${String(acmePort)}`
  const options = await serverOptionsOf({ ...config, LINEFINDER_APP_CONNECT: 'on' }, createLog(config.LOG_LEVEL))
  const server = await createServer({ ...options, privateOrigins: [...config.LINEFINDER_PRIVATE_ORIGINS, `http://${acmeHost}`] })
  const firstKey = await server.services.tenants.ensureDefaults()
  const address = await server.listen(config.PORT, config.HOST)
  const url = config.PUBLIC_URL ?? address

  const clientSecret = keptSecret(folder, 'acme-client-secret', newSecret)
  const acme = await startAcme({
    port: acmePort, dataDir: join(folder, 'acme'),
    oauthClients: [{ clientId: 'linefinder', clientSecret, redirectUris: [`${url}/v1/oauth/callback`, rcRedirectPage] }, ...otherAcmeClients],
  })
  const key = keptSecret(folder, 'demo-admin-key', () => firstKey ?? 'lost')
  const admin = createClient({ baseUrl: address, token: key })
  const installation = await setUpAcme(admin, acmeHost, clientSecret)
  return {
    url, acme, admin, installation, server, clientId: demoClientId,
    async stop() {
      await server.stop()
      await acme.stop()
    },
  }
}

async function setUpAcme(admin: LinefinderClient, host: string, oauthClientSecret: string): Promise<string> {
  await admin.admin.clientApps.update({ params: { id: demoClientId }, body: { redirectUris: [codePageRedirect, demoRedirect] } })
  const body = { name: 'Acme CRM', host, oauthClientId: 'linefinder', oauthClientSecret, settings: { country: 'NL' } }
  const { items } = await admin.admin.installations.list({})
  const known = items.find(({ adapter }) => adapter === 'acme')
  const { id } = known
    ? await admin.admin.installations.update({ params: { id: known.id }, body })
    : await admin.admin.installations.create({ body: { ...body, adapter: 'acme' } })
  return id
}

import type { Logger } from 'pino'
import { z } from 'zod'
import acme from '@linefinder/adapter-acme'
import { acmeLegacy } from '@linefinder/adapter-acme-legacy'
import { startAcme, type Acme } from '@linefinder/example-acme-crm'
import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { startAcmeLegacy } from '@linefinder/example-acme-legacy-crm'
import type { CrmAdapter } from '@linefinder/core'
import { createServer, type LinefinderServer, type ServerOptions } from '@linefinder/server'
import { appConnect, rcRedirectPage, type AppConnectOptions } from '../wire/index.js'
import { startFakeRingCentral, type FakeRingCentral } from './fake-ring-central.js'
import { WireClient } from './wire-client.js'

export const oauthClient = { clientId: 'linefinder', clientSecret: 'the client secret of the tests', redirectUris: [rcRedirectPage] }
const noLimits = { connectionsPerAddress: 1e6, connectionsPerHost: 1e6, sessionsPerAddress: 1e6 }

export interface TestWire {
  readonly server: LinefinderServer
  readonly url: string
  readonly acme: Acme
  readonly legacyUrl: string
  readonly rc: FakeRingCentral
  readonly adminKey: string
  readonly installations: { readonly acme: string; readonly legacy: string }
  /** Makes an installation; resolves to its id. */
  install(body: object): Promise<string>
  /** A client that is not connected. */
  client(path?: string): WireClient
  /** Through Acme's own sign-in. */
  connectToAcme(email?: string): Promise<WireClient>
  connectToLegacy(key?: string): Promise<WireClient>
  /** Acme's API as somebody who is connected, to look behind the server's back. */
  acmeApi(path: string): Promise<unknown>
  /** A switch or a figure of Acme's. */
  control(method: string, path: string, body?: object): Promise<unknown>
  stop(): Promise<void>
}

export interface TestWireOptions {
  readonly surface?: AppConnectOptions
  /** Beside the one of `surface`. */
  readonly otherSurfaces?: readonly AppConnectOptions[]
  readonly otherAdapters?: readonly CrmAdapter[]
  /** Where those are, on this machine. */
  readonly otherOrigins?: readonly string[]
  readonly database?: NonNullable<ServerOptions['database']>
  readonly keys?: string
  readonly log?: Logger
  readonly limits?: NonNullable<ServerOptions['limits']>
}

/** Two CRMs and a server are not up at once on a machine that has other things to do. */
export const startMs = 120_000

/** In memory, with its tables where the run has made them once for all. */
const newDatabase = (): Pick<ServerOptions, 'database'> => {
  const dump = process.env['LINEFINDER_TEST_DUMP'] ?? ''
  return dump === '' ? {} : { database: { embedded: { dump } } }
}

/** The server with App Connect's surface, Acme by OAuth and Acme Legacy by key, and a RingCentral that says who somebody is. */
export async function startTestWire({ surface = {}, otherSurfaces = [], otherAdapters = [], otherOrigins = [], ...options }: TestWireOptions = {}): Promise<TestWire> {
  const [crm, legacy, rc] = await Promise.all([startAcme({ seedPeople: 30, oauthClients: [oauthClient] }), startAcmeLegacy({ seedCustomers: 4 }), startFakeRingCentral()])
  const server = await createServer({
    limits: noLimits, runsJobs: false, ...newDatabase(), ...options, adapters: [acme, acmeLegacy, ...otherAdapters],
    privateOrigins: [crm.url, legacy.url, rc.origin, ...otherOrigins],
    surfaces: [surface, ...otherSurfaces].map(each => appConnect({ rcApi: rc.origin, deliveryWaitMs: 20_000, ...each })),
  })
  const adminKey = await server.services.tenants.ensureDefaults() ?? ''
  const url = await server.listen()
  const install = async (body: object): Promise<string> => {
    const response = await fetch(`${url}/v1/admin/installations`, {
      method: 'POST', headers: { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ settings: { country: 'NL' }, ...body }),
    })
    if (response.status !== 201) throw new Error(await response.text())
    return (await response.json() as { id: string }).id
  }
  const installations = {
    acme: await install({ adapter: 'acme', name: 'Acme', host: new URL(crm.url).host, oauthClientId: oauthClient.clientId, oauthClientSecret: oauthClient.clientSecret }),
    legacy: await install({ adapter: 'acme-legacy', name: 'Legacy', host: new URL(legacy.url).host }),
  }
  const client = (path = surface.path ?? '/app-connect') => new WireClient(`${url}${path}`)

  return {
    server, url, acme: crm, legacyUrl: legacy.url, rc, adminKey, installations, install, client,
    async connectToAcme(email = 'ann@acme.test') {
      const made = client()
      const back = await signInToAcme(made, email)
      const { body } = await made.get(`/oauth-callback?callbackUri=${back}&hostname=temp&rcAccountId=1`)
      made.jwt = body.jwtToken
      return made
    },
    async connectToLegacy(key = 'legacy-key-ann') {
      const made = client()
      const { body } = await made.post('/apiKeyLogin?state=platform=acme-legacy', { apiKey: 'apiKey', platform: 'acme-legacy', hostname: 'temp', additionalInfo: { key } })
      made.jwt = body.jwtToken
      return made
    },
    async acmeApi(path) {
      const { models, installations: known, gateway, log } = server.services
      const connection = await models.connections.findOne({ where: { installationId: installations.acme, state: 'healthy' } })
      const { adapter, settings, secrets: sealedSecrets } = await known.get('default', installations.acme)
      return gateway.call({ ...connection!.get(), adapter, settings, sealedSecrets }, { requestId: 'test', log }, z.unknown(), async (_crm, ctx) => (await ctx.http.get(path)).data as unknown)
    },
    async control(method, path, body) {
      const response = await fetch(`${crm.url}/_control/${path}`, { method, headers: { 'Content-Type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })
      return response.headers.get('content-type')?.includes('json') ? response.json() : undefined
    },
    async stop() {
      await server.stop()
      await Promise.all([crm.stop(), legacy.stop(), rc.stop()])
    },
  }
}

/** The address that the client builds by itself, with the manifest's OAuth client or another. */
export async function acmeAddress(client: WireClient, otherClientId?: string): Promise<string> {
  const { authUrl, clientId, scope, customState } = (await client.get('/crmManifest')).body.platforms.acme.auth.oauth
  return `${authUrl}?response_type=code&client_id=${otherClientId ?? clientId}&${scope}&state=${customState ?? 'platform=acme'}&redirect_uri=${rcRedirectPage}`
}

/** A browser opens the address and its user signs in; resolves to the address that the browser was sent back to. */
export async function passAcme(client: WireClient, authorizeUrl: string, email = 'ann@acme.test', decision: 'allow' | 'deny' = 'allow'): Promise<string> {
  const { redirectUri } = (await client.get('/crmManifest')).body
  return (await loginAndDecide({ authorizeUrl, redirectUri, email, decision })).href
}

export const signInToAcme = async (client: WireClient, email?: string, decision?: 'allow' | 'deny'): Promise<string> => passAcme(client, await acmeAddress(client), email, decision)

/** A call as RingCentral Embeddable tells it. */
export const rcCallOf = (sessionId: string, more: object = {}): object => ({
  sessionId, telephonySessionId: `s-${sessionId}`, direction: 'Inbound', startTime: Date.parse('2026-03-01T10:00:00Z'), duration: 42, result: 'Call connected',
  from: { phoneNumber: '+31413741741', name: 'Jan de Vries' }, to: { phoneNumber: '+31201234567', extensionNumber: '205', name: 'Ann' }, ...more,
})
